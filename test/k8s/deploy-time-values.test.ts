import * as fs from 'node:fs';
import * as path from 'node:path';
import { type App, Aws, CfnOutput, CfnParameter, Fn, Lazy, NestedStack, type Stack, Stage, Token } from 'aws-cdk-lib';
import { AccessKey, User } from 'aws-cdk-lib/aws-iam';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ACCOUNT, configMap, deployedOutputs, type Manifest, manifestFiles, manifestOf, manifestText, messageOf, newAgnosticStack, newApp, newRole,
  newStack, OTHER_ACCOUNT, ourOutputs, parse, ROLE_ARN_KEY, synth, type Template, templateOf, tree,
} from './helpers';
import { IrsaServiceAccount, Manifests, ServiceAccountSubject } from '../../src';
import { valuesInOutputs } from '../../src/k8s/placeholder';
import { renderManifest } from '../../src/k8s/render-manifest';

/** Fakes what CloudFormation knows: the logical id, and the attribute if any. */
function fake(intrinsic: string): string {
  return intrinsic.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').toLowerCase();
}

/** Every manifest of an assembly after the deployment of its stacks. */
function renderedAfterDeployment(assembly: string, stacks: string[], answer: (intrinsic: string) => string = fake): Manifest[] {
  const values = valuesInOutputs(deployedOutputs(assembly, stacks, answer));
  return manifestFiles(assembly).flatMap(file => parse(renderManifest(manifestText(assembly, file), values)));
}

/** Fails when an output refers to something that the template does not have: CloudFormation would. */
function expectValidReferences(template: Template & { Parameters?: Record<string, unknown> }): void {
  const names = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
  JSON.stringify(template.Outputs ?? {}, (key, value: unknown) => {
    if (key === 'Ref' && !String(value).startsWith('AWS::')) {
      expect([...names]).toContain(value);
    }
    if (key === 'Fn::GetAtt') {
      expect([...names]).toContain((value as string[])[0]);
    }
    return value;
  });
}

describe('a deploy-time value in a manifest', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = newApp();
    stack = newAgnosticStack(app);
  });

  /** Puts values into a ConfigMap in Manifests of the scope. */
  function use(data: unknown, scope: Stack | Stage = stack): void {
    configMap(new Manifests(scope, 'Manifests').addChart('chart'), data);
  }

  test('becomes a placeholder that says what it is, and a line of an output', () => {
    const bucket = new Bucket(stack, 'Bucket');
    use({ name: bucket.bucketName });
    const assembly = synth(app);

    const placeholder = manifestOf(assembly, 'ConfigMap').data?.name as string;
    expect(placeholder).toMatch(/^\$\{cdk-irsa:Stack\/Bucket\/Resource\.Ref-[0-9a-f]{8}\}$/);
    const name = placeholder.slice('${cdk-irsa:'.length, -1);
    expect(ourOutputs(templateOf(assembly, 'Stack'))).toEqual({
      CdkIrsaManifestValues0: { 'Fn::Join': ['', [`${name}\n${name}=`, { Ref: stack.getLogicalId(bucket.node.defaultChild as CfnBucket) }]] },
    });
  });

  test('of a role in a stack without account and region is its ARN after the deployment', () => {
    new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'Account', { role: newRole(stack) });

    const [account] = renderedAfterDeployment(synth(app), ['Stack'], () => 'arn:aws:iam::111122223333:role/generated');
    expect(account.metadata).toEqual({ name: 'reader', namespace: 'default', annotations: { [ROLE_ARN_KEY]: 'arn:aws:iam::111122223333:role/generated' } });
  });

  test.each<[string, (scope: Stack) => unknown, unknown]>([
    ['a reference', scope => new Bucket(scope, 'Bucket').bucketName, /^ref-bucket\w+$/],
    ['an attribute', scope => new Bucket(scope, 'Bucket').bucketArn, /^fn-getatt-bucket\w+-arn$/],
    ['text around it', scope => `s3://${new Bucket(scope, 'Bucket').bucketName}/${Aws.REGION}/x`, /^s3:\/\/ref-bucket\w+\/ref-aws-region\/x$/],
    ['a pseudo parameter', () => Aws.ACCOUNT_ID, 'ref-aws-accountid'],
    ['the partition', () => Aws.PARTITION, 'ref-aws-partition'],
    ['the stack\'s id', () => Aws.STACK_ID, 'ref-aws-stackid'],
    ['a parameter', scope => new CfnParameter(scope, 'Parameter').valueAsString, 'ref-parameter'],
    ['a join', scope => Fn.join('-', ['a', new Bucket(scope, 'Bucket').bucketName, Aws.REGION]), /^a-ref-bucket\w+-ref-aws-region$/],
    ['a selection', scope => Fn.select(1, Fn.split('-', new Bucket(scope, 'Bucket').bucketName)), /^fn-select-1-fn-split-ref-bucket/],
    ['a substitution', () => Fn.sub('x-${AWS::Region}'), 'fn-sub-x-aws-region'],
    ['an import', () => Fn.importValue('export'), 'fn-importvalue-export'],
    ['an intrinsic', scope => Token.asAny({ Ref: scope.getLogicalId(new Bucket(scope, 'Bucket').node.defaultChild as CfnBucket) }), /^ref-bucket/],
    ['a lazy reference', scope => Lazy.string({ produce: () => new Bucket(scope, 'Bucket').bucketName }), /^ref-bucket/],
    ['a value in JSON', scope => JSON.stringify({ a: new Bucket(scope, 'Bucket').bucketName }), /^\{"a":"ref-bucket\w+"\}$/],
    ['a value in JSON of the stack', scope => scope.toJsonString({ a: new Bucket(scope, 'Bucket').bucketName }), /^\{"a":"ref-bucket\w+"\}$/],
  ])('is filled in after the deployment: %s', (_form, value, expected) => {
    use({ value: value(stack), list: ['x', { deep: 'y' }] });

    const [config] = renderedAfterDeployment(synth(app), ['Stack']);
    expect(config.data).toEqual({ value: typeof expected === 'string' ? expected : expect.stringMatching(expected as RegExp) as string, list: ['x', { deep: 'y' }] });
    expect(config.metadata.annotations).toBeUndefined();
  });

  test('may be a number', () => {
    use({ port: new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber });

    expect(renderedAfterDeployment(synth(app), ['Stack'], () => '8080')[0].data).toEqual({ port: 8080 });
  });

  test('is filled in as a number in text where CDK can see it, which new versions cannot, and refused otherwise', () => {
    const url = `http://host:${new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber}/`;
    use({ url });

    if (Token.isUnresolved(url)) {
      expect(renderedAfterDeployment(synth(app), ['Stack'], () => '8080')[0].data).toEqual({ url: 'http://host:8080/' });
    } else {
      expect(() => synth(app)).toThrow('chart/Config: data.url holds a CDK token');
    }
  });

  test.each<[string, (scope: Stack) => unknown]>([
    ['the key of an access key', scope => new AccessKey(scope, 'Key', { user: new User(scope, 'User') }).secretAccessKey.unsafeUnwrap()],
    ['a parameter with NoEcho by its name', scope => new CfnParameter(scope, 'Password', { noEcho: true }) && Fn.ref('Password')],
    ['a parameter with NoEcho in Fn.sub', scope => new CfnParameter(scope, 'Password', { noEcho: true }) && Fn.sub('x${Password}')],
  ])('fails for %s: an output would show it', (_name, secret) => {
    use({ password: secret(stack) });

    expect(() => synth(app)).toThrow(/is a secret, and an output would show it to whoever may read the stack; let the cluster fetch the secret/);
  });

  test('may be a list', () => {
    use({ subnets: new CfnParameter(stack, 'Subnets', { type: 'CommaDelimitedList' }).valueAsList });
    const assembly = synth(app);

    expect(JSON.stringify(ourOutputs(templateOf(assembly, 'Stack')))).toContain('{"Fn::Join":[",",{"Ref":"Subnets"}]}');
    expect(renderedAfterDeployment(assembly, ['Stack'], () => 'a,b')[0].data).toEqual({ subnets: ['a', 'b'] });
  });

  test('may be in labels, annotations and names', () => {
    const object = configMap(new Manifests(stack, 'Manifests').addChart('chart'), {});
    const name = new Bucket(stack, 'Bucket').bucketName;
    object.metadata.addLabel('bucket', name);
    object.metadata.addAnnotation('bucket', name);

    expect(renderedAfterDeployment(synth(app), ['Stack'], () => 'b')[0].metadata).toEqual({ name: 'config', labels: { bucket: 'b' }, annotations: { bucket: 'b' } });
  });

  test('is asked for once, however often it is used', () => {
    const bucket = new Bucket(stack, 'Bucket');
    use({ one: bucket.bucketName, two: `x-${bucket.bucketName}`, three: [bucket.bucketName] });
    configMap(new Manifests(stack, 'More').addChart('chart'), { four: bucket.bucketName });

    expect(JSON.stringify(ourOutputs(templateOf(synth(app), 'Stack'))).match(/"Ref"/g)).toHaveLength(1);
  });

  test('makes no output where everything is literal', () => {
    const known = newStack(app, 'Known');
    new IrsaServiceAccount(new Manifests(known, 'Manifests').addChart('chart'), 'Account', { role: newRole(known) });

    expect(templateOf(synth(app), 'Known').Outputs).toBeUndefined();
  });

  test('leaves the outputs of the user alone', () => {
    new CfnOutput(stack, 'Own', { value: 'own' });
    use({ name: new Bucket(stack, 'Bucket').bucketName });

    expect(templateOf(synth(app), 'Stack').Outputs).toMatchObject({ Own: { Value: 'own' } });
  });

  test('gives the same YAML after the deployment as literals give at synth', () => {
    const build = (scope: Stack): void => {
      const chart = new Manifests(scope, 'Manifests').addChart('chart', { namespace: 'default' });
      new IrsaServiceAccount(chart, 'Account', { role: newRole(scope, 'Role', { roleName: 'reader' }) });
      configMap(chart, { region: Aws.REGION, text: `${Aws.PARTITION}:${Aws.ACCOUNT_ID}`, plain: 'on' });
    };
    const known = newApp();
    build(newStack(known));
    build(stack);

    const answers: Record<string, string> = { 'AWS::Region': 'eu-west-1', 'AWS::Partition': 'aws', 'AWS::AccountId': ACCOUNT };
    const answer = (intrinsic: string): string => answers[/"(AWS::\w+)"/.exec(intrinsic)?.[1] ?? ''] ?? `arn:aws:iam::${ACCOUNT}:role/reader`;
    const literal = synth(known);
    expect(renderedAfterDeployment(synth(app), ['Stack'], answer)).toEqual(manifestFiles(literal).flatMap(file => parse(manifestText(literal, file))));
  });

  describe('goes into an output of its own stack', () => {
    test('when the Manifests are in a sibling', () => {
      const owner = newAgnosticStack(app, 'Owner');
      use({ name: new Bucket(owner, 'Bucket').bucketName });
      const assembly = synth(app);

      expect(ourOutputs(templateOf(assembly, 'Stack'))).toEqual({});
      expect(Object.keys(ourOutputs(templateOf(assembly, 'Owner')))).toHaveLength(1);
      expect(renderedAfterDeployment(assembly, ['Stack', 'Owner'])[0].data).toEqual({ name: expect.stringMatching(/^ref-bucket/) as string });
    });

    test('when the sibling is in another account and region', () => {
      const owner = newStack(app, 'Owner', { env: { account: OTHER_ACCOUNT, region: 'us-east-1' } });
      use({ name: new Bucket(owner, 'Bucket').bucketName }, newStack(app, 'Known'));
      const assembly = synth(app);

      expect(ourOutputs(templateOf(assembly, 'Known'))).toEqual({});
      expect(Object.keys(ourOutputs(templateOf(assembly, 'Owner')))).toHaveLength(1);
    });

    test('when the Manifests are in the App', () => {
      configMap(new Manifests(app, 'Manifests').addChart('chart'), { name: new Bucket(stack, 'Bucket').bucketName });

      expect(renderedAfterDeployment(synth(app), ['Stack'])[0].data).toEqual({ name: expect.stringMatching(/^ref-bucket/) as string });
    });

    test('or of the stack above, when it is nested', () => {
      const nested = new NestedStack(new NestedStack(stack, 'Nested'), 'Deeper');
      use({ name: new Bucket(nested, 'Bucket').bucketName });
      const assembly = synth(app);
      const template = templateOf(assembly, 'Stack');

      expect(Object.keys(ourOutputs(template))).toHaveLength(1);
      expectValidReferences(template);
      expect(JSON.stringify(ourOutputs(template))).toMatch(/"Fn::GetAtt":\["Nested\w+","Outputs\./);
      expect(tree(assembly).filter(file => file.endsWith('.nested.template.json') && fs.readFileSync(path.join(assembly, file), 'utf8').includes('CdkIrsaManifestValues'))).toEqual([]);
    });

    test('when two stacks have a part of one value', () => {
      const [one, two] = [newAgnosticStack(app, 'One'), newAgnosticStack(app, 'Two')];
      use({ name: Fn.join('-', [new Bucket(one, 'Bucket').bucketName, new Bucket(two, 'Bucket').bucketName]) });
      const assembly = synth(app);

      expectValidReferences(templateOf(assembly, 'One'));
      expectValidReferences(templateOf(assembly, 'Two'));
    });

    test('each, when a lazy map has values of two stacks', () => {
      const [one, two] = [new Bucket(newAgnosticStack(app, 'One'), 'A'), new Bucket(newAgnosticStack(app, 'Two'), 'B')];
      use(Lazy.any({ produce: () => ({ one: one.bucketName, two: two.bucketName }) }));
      const assembly = synth(app);

      expectValidReferences(templateOf(assembly, 'One'));
      expectValidReferences(templateOf(assembly, 'Two'));
      expect(renderedAfterDeployment(assembly, ['One', 'Two'])[0].data)
        .toEqual({ one: expect.stringMatching(/^(ref-a|fn-importvalue-one)/) as string, two: expect.stringMatching(/^(ref-b|fn-importvalue-two)/) as string });
    });

    test('when a lazy map has values of a nested stack', () => {
      const bucket = new Bucket(new NestedStack(stack, 'Nested'), 'Bucket');
      use(Lazy.any({ produce: () => ({ one: bucket.bucketName, two: 'x' }) }));
      const template = templateOf(synth(app), 'Stack');

      expect(Object.keys(ourOutputs(template))).toHaveLength(1);
      expectValidReferences(template);
    });
  });

  describe('fails', () => {
    test('when it is of another Stage, naming it and the way out', () => {
      const bucket = new Bucket(newStack(new Stage(app, 'Prod'), 'Data'), 'Bucket');
      use({ name: bucket.bucketName });

      expect(messageOf(() => synth(app))).toContain('Stack/Manifests: Prod/Data/Bucket/Resource.Ref is known only when Prod/Data is deployed, '
        + 'which is in another Stage; put the Manifests construct into that Stage');
    });

    test.each<[string, () => unknown]>([
      ['the region', () => Aws.REGION], ['an import', () => Fn.importValue('export')], ['text', () => `x-${Aws.ACCOUNT_ID}`],
    ])('when it is %s of no stack, naming the way out', (_what, value) => {
      configMap(new Manifests(app, 'Manifests').addChart('chart'), { value: value() });

      expect(messageOf(() => synth(app)))
        .toMatch(/Manifests: .* is known only at deployment, and nothing says of which stack; put the Manifests construct into the stack whose value it is/);
    });

    test.each<[string, (scope: Stack) => unknown]>([
      ['a secret of the stack', scope => new Secret(scope, 'Secret').secretValue.unsafeUnwrap()],
      ['a field of a secret of the stack, in text', scope => `password=${new Secret(scope, 'Secret').secretValueFromJson('password').unsafeUnwrap()}`],
      ['a reference that is written by hand', scope => `{{resolve:secretsmanager:${new Secret(scope, 'Secret').secretArn}:SecretString:a}}`],
      ['a reference in a function', scope => Fn.join('', ['{{resolve:secretsmanager:', new Secret(scope, 'Secret').secretArn, '}}'])],
      ['a parameter with NoEcho', scope => new CfnParameter(scope, 'Password', { noEcho: true }).valueAsString],
      ['a parameter with NoEcho, in text', scope => `x-${new CfnParameter(scope, 'Password', { noEcho: true }).valueAsString}`],
      ['a parameter with NoEcho, in a function', scope => Fn.join('', ['x', new CfnParameter(scope, 'Password', { noEcho: true }).valueAsString])],
    ])('when it is %s: an output would show it', (_what, value) => {
      use({ password: value(stack) });

      expect(messageOf(() => synth(app))).toMatch(/let the cluster fetch the secret/);
      expect(tree(app.outdir).filter(file => file.includes('manifests'))).toEqual([]);
    });

    test('when it is used as a map key, where it cannot be filled in', () => {
      use({ [new Bucket(stack, 'Bucket').bucketName]: 'x' });

      expect(messageOf(() => synth(app))).toMatch(/chart\/Config: data holds a CDK token .* as a map key, which cannot be filled in/);
    });

    test.each<[string, (name: string) => unknown]>([
      ['in upper case', name => name.toUpperCase()],
      ['in lower case', name => name.toLowerCase()],
      ['in base64', name => Buffer.from(`user:${name}`).toString('base64')],
    ])('when it is %s', (_what, change) => {
      use({ value: change(new Bucket(stack, 'Bucket').bucketName) });

      expect(messageOf(() => synth(app))).toMatch(/chart\/Config: data\.value holds a CDK token/);
    });

    test('when a list stands beside other elements', () => {
      use({ value: ['a', ...new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList] });

      expect(messageOf(() => synth(app))).toMatch(/chart\/Config: data\.value\.1 holds a CDK token/);
    });

    test('when an output of the user has the name of ours', () => {
      new CfnOutput(stack, 'CdkIrsaManifestValues0', { value: 'theirs' });
      use({ name: new Bucket(stack, 'Bucket').bucketName });

      expect(messageOf(() => synth(app))).toContain('CdkIrsaManifestValues0');
    });
  });

  describe('for 240 service accounts with a grant each', () => {
    let assembly: string;
    beforeAll(() => {
      const big = newApp();
      const scope = newAgnosticStack(big);
      const chart = new Manifests(scope, 'Manifests').addChart('chart', { namespace: 'default' });
      const bucket = new Bucket(scope, 'Bucket');
      const provider = newRole(scope, 'First', { serviceAccounts: [ServiceAccountSubject.of('default', 'sa-0')] }).providers[0];
      for (let i = 1; i <= 240; i++) {
        const role = newRole(scope, `A-rather-long-name-of-a-role-as-people-choose-them-${i}`, {
          providers: [provider], serviceAccounts: [ServiceAccountSubject.of('default', `sa-${i}`)],
        });
        bucket.grantRead(role);
        new IrsaServiceAccount(chart, `Account${i}`, { role });
      }
      assembly = synth(big);
    }, 120_000);

    test('needs few outputs of the 200 that a stack may have', () => {
      expect(Object.keys(templateOf(assembly, 'Stack').Outputs ?? {}).length).toBeLessThanOrEqual(30);
    });

    test('has outputs of less than 4,096 characters each, with ARNs of 100', () => {
      const outputs = deployedOutputs(assembly, ['Stack'], () => 'a'.repeat(100)).Stack;

      expect(Math.max(...Object.values(outputs).map(value => value.length))).toBeLessThan(4096);
    });

    test('gives each service account its own ARN after the deployment', () => {
      const accounts = renderedAfterDeployment(assembly, ['Stack'], intrinsic => `arn:aws:iam::${ACCOUNT}:role/${fake(intrinsic)}`);

      expect(new Set(accounts.map(({ metadata }) => metadata.annotations?.[ROLE_ARN_KEY])).size).toBe(240);
      for (const { metadata } of accounts) {
        expect(metadata.annotations?.[ROLE_ARN_KEY]).toMatch(new RegExp(`choosethem${metadata.name.slice('sa-'.length)}[0-9a-f]{8}-arn$`));
      }
    });
  });
});
