import { type App as CdkApp, Lazy, Stage } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-eks';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { configMap, messageOf, newAgnosticStack, newApp, synth, temporaryFolder } from './helpers';
import { CdkTokenResolver, Manifests } from '../../src';

/** Where the same charts may live. */
const HOMES: Array<[string, (stack: ReturnType<typeof newAgnosticStack>) => { app: App; render: () => unknown }]> = [
  ['Manifests', stack => ({ app: new Manifests(stack, 'Manifests').app, render: () => synth(stack.node.root as CdkApp) })],
  ['an own cdk8s app with the resolver', () => {
    const app = new App({ resolvers: [new CdkTokenResolver()], outdir: temporaryFolder() });
    return { app, render: () => app.synth() };
  }],
];

describe.each(HOMES)('in %s', (_home, makeHome) => {
  test.each<[string, (stack: ReturnType<typeof newAgnosticStack>) => unknown]>([
    ["a cluster's issuer without its scheme", stack => new CfnCluster(stack, 'Cluster', { roleArn: 'arn', resourcesVpcConfig: { subnetIds: [] } })
      .attrOpenIdConnectIssuerUrl.slice('https://'.length)],
    ['the end of an ARN', stack => new Bucket(stack, 'Bucket').bucketArn.slice('arn:aws:s3:::'.length)],
    ['a domain without its first label', stack => new Bucket(stack, 'Bucket').bucketRegionalDomainName.split('.').slice(1).join('.')],
    ['a queue without its scheme, in text', stack => `host=${new Queue(stack, 'Queue').queueUrl.slice('https://'.length)}`],
    ['a queue made fit for a name', stack => new Queue(stack, 'Queue').queueUrl.replace(/[^\w.]/g, '')],
    ['a number that was doubled', () => Lazy.number({ produce: () => 8080 }) * 2],
    ['hexadecimal digits', stack => Buffer.from(new Queue(stack, 'Queue').queueUrl).toString('hex')],
  ])('fails when a manifest has %s, naming object and place', (_what, make) => {
    const stack = newAgnosticStack(newApp());
    const { app, render } = makeHome(stack);
    configMap(new Chart(app, 'chart'), { value: make(stack) });

    expect(messageOf(render)).toMatch(/chart\/Config: data\.value holds (what is left of )?a CDK token/);
  });

  test('fails when the id of a chart has a token, which would give its file another name with every synth', () => {
    const stack = newAgnosticStack(newApp());
    const { app, render } = makeHome(stack);
    configMap(new Chart(app, new Queue(stack, 'Queue').queueName), { a: 'a' });

    expect(messageOf(render)).toMatch(/the id of a chart or of what is around it, '\$\{Token\[TOKEN\.\d+\]\}', holds a CDK token, so that another name would be written with every synth; pass a literal id/);
  });

  test('passes where a path looks like one, and no id does', () => {
    const stack = newAgnosticStack(newApp());
    const { app, render } = makeHome(stack);
    configMap(new Chart(new Construct(app, 'token'), 'token-1'), { a: 'a' });

    expect(render).not.toThrow();
  });

  test.each([[(name: string) => name.toLowerCase()], [(name: string) => name.slice(8)], [(name: string) => `queue-${name}`]])('fails when the id of a chart has one that was changed: %p', change => {
    const stack = newAgnosticStack(newApp());
    const { app, render } = makeHome(stack);
    configMap(new Chart(app, change(new Queue(stack, 'Queue').queueName)), { a: 'a' });

    expect(messageOf(render)).toContain('holds a CDK token, so that another name would be written with every synth');
  });
});

test.each([['token-token-1'], ['csrf-token-token-1'], ['refresh_token_token_3']])('a chart may be called %s, and what is in it after it, whatever tokens there are', id => {
  const stack = newAgnosticStack(newApp());
  Array.from({ length: 5 }, () => Lazy.string({ produce: () => 'x' }));
  const chart = new Manifests(stack, 'Manifests').addChart(id);
  new ApiObject(chart, 'Config', { apiVersion: 'v1', kind: 'ConfigMap' });
  new ApiObject(new Chart(chart, 'token'), 'token-1', { apiVersion: 'v1', kind: 'ConfigMap' });

  expect(() => synth(stack.node.root as CdkApp)).not.toThrow();
});

test('addChart refuses an id with a token, in the line that is wrong', () => {
  const stack = newAgnosticStack(newApp());
  const manifests = new Manifests(stack, 'Manifests');

  expect(messageOf(() => manifests.addChart(new Queue(stack, 'Queue').queueName)))
    .toMatch(/^the id of a chart in Stack\/Manifests, '\$\{Token\[TOKEN\.\d+\]\}', holds a CDK token, so that another name would be written with every synth; pass a literal id$/);
});

test('Manifests refuse an id with a token: it is the name of their folder', () => {
  const stack = newAgnosticStack(newApp());
  const queue = new Queue(stack, 'Queue');

  expect(messageOf(() => new Manifests(stack, queue.queueName))).toMatch(/^the id of Manifests in Stack, '\$\{Token\[TOKEN\.\d+\]\}', holds a CDK token/);
});

test.each<[string, (name: string) => string]>([
  ['as it is', name => `for-${name}`],
  ['made fit for a folder', name => `for-${name.replace(/[^\w.]+/g, '-')}`],
])('Manifests refuse a token in the id of what is around them, %s: it names their folder too', (_form, change) => {
  const stack = newAgnosticStack(newApp());
  const around = new Construct(new Construct(stack, change(new Queue(stack, 'Queue').queueName)), 'Inner');

  expect(messageOf(() => new Manifests(around, 'M')))
    .toMatch(/^the id of what is around Manifests M, 'for-.*TOKEN\.\d+.*', holds a CDK token, so that another name would be written with every synth; pass a literal id$/);
});

test('Manifests do not look at ids around their Stage: an assembly has its own folder', () => {
  const around = new Construct(newApp(), Lazy.string({ produce: () => 'x' }));

  expect(new Manifests(new Stage(around, 'Stage'), 'M').directory).toBe('M');
});
