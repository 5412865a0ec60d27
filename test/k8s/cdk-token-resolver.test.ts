import { App as CdkApp, Aws, CfnParameter, Fn, type IResolvable, Lazy, SecretValue, type Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ApiObject, App, Chart, JsonPatch, Lazy as Cdk8sLazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ACCOUNT, configMap, messageOf, newAgnosticStack, newRole, newStack, parse } from './helpers';
import { CdkTokenResolver } from '../../src';

/** A chart of an own cdk8s app, with our resolver. */
function newChart(): { app: App; chart: Chart } {
  const app = new App({ resolvers: [new CdkTokenResolver()] });
  return { app, chart: new Chart(app, 'chart') };
}

function rendered(data: unknown): unknown {
  const { app, chart } = newChart();
  configMap(chart, data);
  return parse(app.synthYaml())[0].data;
}

describe('CdkTokenResolver in an own cdk8s app', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = newStack(new CdkApp());
  });

  test('makes literals of what synth knows', () => {
    const role = newRole(stack, 'Role', { roleName: 'reader', path: '/path/' });
    const arn = `arn:aws:iam::${ACCOUNT}:role/path/reader`;

    expect(rendered({
      arn: role.roleArn,
      name: role.roleName,
      text: `${role.roleName} is ${role.roleArn}`,
      json: JSON.stringify({ arn: role.roleArn }),
      stackJson: stack.toJsonString({ arn: role.roleArn }),
      list: [role.roleArn, 'x'],
      deep: { deeper: [{ arn: role.roleArn }] },
    })).toEqual({
      arn, name: 'reader', text: `reader is ${arn}`, json: `{"arn":"${arn}"}`, stackJson: `{"arn":"${arn}"}`, list: [arn, 'x'], deep: { deeper: [{ arn }] },
    });
  });

  test.each<[string, unknown, unknown]>([
    ['a lazy string', Lazy.string({ produce: () => 'a' }), 'a'],
    ['a lazy string in text', `x-${Lazy.string({ produce: () => 'a' })}-y`, 'x-a-y'],
    ['two lazy strings side by side', `${Lazy.string({ produce: () => 'a' })}${Lazy.string({ produce: () => 'b' })}`, 'ab'],
    ['a lazy lazy string', Lazy.string({ produce: () => Lazy.string({ produce: () => 'a' }) }), 'a'],
    ['a lazy number', Lazy.number({ produce: () => 8080 }), 8080],
    ['a lazy list', Lazy.list({ produce: () => ['a', 'b'] }), ['a', 'b']],
    ['an empty lazy list', Lazy.list({ produce: () => [] }), []],
    ['a lazy map', Lazy.any({ produce: () => ({ a: 1, b: Lazy.string({ produce: () => 'c' }) }) }), { a: 1, b: 'c' }],
    ['a lazy array', Lazy.any({ produce: () => [1, 'a'] }), [1, 'a']],
    ['a lazy truth value', Lazy.any({ produce: () => false }), false],
    ['an intrinsic that is literal', Token.asAny('a'), 'a'],
    ['a number as a string', Tokenization.stringifyNumber(Lazy.number({ produce: () => 8080 })), '8080'],
    ['a join of literals', Fn.join('-', ['a', Lazy.string({ produce: () => 'b' })]), 'a-b'],
    ['a lazy of cdk8s that gives a token of CDK', Cdk8sLazy.any({ produce: () => Lazy.string({ produce: () => 'a' }) }), 'a'],
  ])('makes a literal of %s', (_form, value, expected) => {
    expect(rendered({ key: value })).toEqual({ key: expected });
  });

  test('leaves out what is nothing', () => {
    expect(rendered({ a: Aws.NO_VALUE, b: Lazy.string({ produce: () => undefined }), c: 'c' })).toEqual({ c: 'c' });
  });

  test('leaves what cdk8s resolves by itself to cdk8s', () => {
    const { app, chart } = newChart();
    new kplus.Deployment(chart, 'Web', { containers: [{ image: 'web:1', resources: { cpu: { request: kplus.Cpu.millis(100) } } }] });

    const [deployment] = parse(app.synthYaml());

    expect(JSON.stringify(deployment.spec)).toContain('"cpu":"100m"');
  });

  test('makes literals of labels, annotations and names', () => {
    const { app, chart } = newChart();
    const token = Lazy.string({ produce: () => 'a' });
    const object = new ApiObject(chart, 'Object', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: token, labels: { one: token }, annotations: { two: token } } });
    object.metadata.addLabel('three', token);

    expect(parse(app.synthYaml())[0].metadata).toEqual({ name: 'a', labels: { one: 'a', three: 'a' }, annotations: { two: 'a' } });
  });

  test('makes a literal of the partition of the role\'s region, wherever the manifest is', () => {
    const china = newStack(stack.node.root as CdkApp, 'China', { env: { account: ACCOUNT, region: 'cn-north-1' } });

    expect(rendered({ arn: newRole(china, 'Role', { roleName: 'reader' }).roleArn })).toEqual({ arn: `arn:aws-cn:iam::${ACCOUNT}:role/reader` });
  });

  test('takes literals from another Stage', () => {
    const stage = new Stage(stack.node.root, 'Stage');

    expect(rendered({ arn: newRole(newStack(stage), 'Role', { roleName: 'reader' }).roleArn })).toEqual({ arn: `arn:aws:iam::${ACCOUNT}:role/reader` });
  });

  test.each<[string, (scope: Stack) => unknown, string]>([
    ['the name of a bucket', scope => new Bucket(scope, 'Bucket').bucketName, 'Stack/Bucket/Resource.Ref'],
    ['the ARN of a bucket in text', scope => `${new Bucket(scope, 'Bucket').bucketArn}/*`, 'Stack/Bucket/Resource.Arn'],
    ['a parameter', scope => new CfnParameter(scope, 'Parameter').valueAsString, 'Stack/Parameter.Ref'],
    ['a parameter that is a number', scope => new CfnParameter(scope, 'Parameter', { type: 'Number' }).valueAsNumber, 'Stack/Parameter.Ref'],
    ['a parameter that is a list', scope => new CfnParameter(scope, 'Parameter', { type: 'CommaDelimitedList' }).valueAsList, 'Stack/Parameter.Ref'],
    ['a function of a reference', scope => Fn.select(0, Fn.split('-', new Bucket(scope, 'Bucket').bucketName)), 'Stack/Bucket/Resource.Ref'],
    ['a reference in a list', scope => ['x', new Bucket(scope, 'Bucket').bucketName], 'Stack/Bucket/Resource.Ref'],
    ['a reference in a map', scope => ({ a: { b: new Bucket(scope, 'Bucket').bucketName } }), 'Stack/Bucket/Resource.Ref'],
    ['a reference in JSON', scope => JSON.stringify({ a: new Bucket(scope, 'Bucket').bucketName }), 'Stack/Bucket/Resource.Ref'],
    ['a resolvable', scope => Token.asAny(new Bucket(scope, 'Bucket').bucketName), 'Stack/Bucket/Resource.Ref'],
    ['a reference in a lazy map', scope => Lazy.any({ produce: () => ({ a: [new Bucket(scope, 'Bucket').bucketName] }) }), 'Stack/Bucket/Resource.Ref'],
    ['the region of nowhere', () => Aws.REGION, 'AWS::Region'],
    ['the account of nowhere', () => `${Aws.ACCOUNT_ID}`, 'AWS::AccountId'],
    ['an import', () => Fn.importValue('export'), 'Fn::ImportValue'],
  ])('fails for %s, naming value, object and path, and the way out', (_form, value, description) => {
    const message = messageOf(() => rendered({ key: value(stack) }));

    expect(message).toMatch(/chart\/Config: data\.key[.\w]*: /);
    expect(message).toContain(description);
    expect(message).toContain('is known only at deployment, and this cdk8s app is written before; put the chart into a Manifests construct');
  });

  test('fails for a role that CloudFormation names', () => {
    const role = newRole(newAgnosticStack(stack.node.root, 'Agnostic'));

    expect(messageOf(() => rendered({ arn: role.roleArn }))).toContain('Agnostic/Role/Resource.Arn is known only at deployment');
  });

  test('fails for a list token beside other elements', () => {
    const [element] = Lazy.list({ produce: () => ['a'] });

    expect(messageOf(() => rendered({ key: [`x${element}`] })))
      .toContain('chart/Config: data.key: a list that is known only at deployment stands beside other elements; pass it alone');
  });

  test('fails for a secret, and does not write it down', () => {
    expect(messageOf(() => rendered({ password: SecretValue.secretsManager('secret').unsafeUnwrap() }))).toMatch(/data\.password/);
  });

  test('fails for a JSON patch, whose values cdk8s does not resolve', () => {
    const { app, chart } = newChart();
    configMap(chart, { a: 'a' }).addJsonPatch(JsonPatch.replace('/data/a', new Bucket(stack, 'Bucket').bucketName));

    expect(messageOf(() => app.synthYaml())).toMatch(/chart\/Config: data\.a holds a CDK token/);
  });

  test('does not take part where there are no tokens', () => {
    const value = { a: ['${NOT_A_TOKEN}', 1, true, null], b: { resolve: 'x' } };

    expect(rendered(value)).toEqual(value);
  });

  test('looking changes nothing in the stacks that are looked into', () => {
    const app = new CdkApp();
    const [one, two] = [newStack(app, 'One'), newStack(app, 'Two')];
    const bucket = new Bucket(one, 'Bucket');
    const role = Role.fromRoleArn(two, 'Imported', `arn:aws:iam::${ACCOUNT}:role/x`);
    messageOf(() => rendered({ a: `${bucket.bucketName}${role.roleArn}` }));

    expect(app.synth().getStackByName('One').template.Outputs).toBeUndefined();
  });

  test('accepts an IResolvable of somebody else', () => {
    const own: IResolvable = { creationStack: [], typeHint: undefined, resolve: () => 'a', toString: () => 'never called' };

    expect(rendered({ key: own })).toEqual({ key: 'a' });
  });
});
