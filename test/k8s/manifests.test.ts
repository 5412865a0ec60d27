import * as path from 'node:path';
import { App, CfnParameter, Lazy, NestedStack, SecretValue, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  ACCOUNT, configMap, ENV, manifestFiles, manifestOf, manifestsIn, manifestText, messageOf, newAgnosticStack, newApp, newRole, newStack,
  ourOutputs, parse, ROLE_ARN_KEY, synth, templateOf, tree,
} from './helpers';
import { IrsaServiceAccount, Manifests } from '../../src';

const ARN = `arn:aws:iam::${ACCOUNT}:role/reader`;

/** Manifests with one object, so that a file is written. */
function addManifests(scope: Construct, id = 'Manifests', chart = 'chart', data: unknown = { a: 'a' }): Manifests {
  const manifests = new Manifests(scope, id);
  configMap(manifests.addChart(chart), data);
  return manifests;
}

describe('Manifests', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = newApp();
    stack = newStack(app);
  });

  describe('writes', () => {
    test('a file a chart, into a folder by the construct path, and an index', () => {
      const manifests = addManifests(stack, 'Manifests', 'one');
      configMap(manifests.addChart('two'), {});

      expect(tree(path.join(synth(app), 'manifests'))).toEqual([
        'Stack/', 'Stack/Manifests/', 'Stack/Manifests/one.k8s.yaml', 'Stack/Manifests/two.k8s.yaml', 'index.json',
      ]);
      expect(manifests.directory).toBe('Stack/Manifests');
    });

    test('what the main example of the design says', () => {
      const role = newRole(stack, 'Role', { roleName: 'reader' });
      new Bucket(stack, 'Bucket').grantRead(role);
      const chart = new Manifests(stack, 'Manifests').addChart('s3-reader', { namespace: 'default', labels: { app: 'web' } });
      const serviceAccount = new IrsaServiceAccount(chart, 'ServiceAccount', { role });
      new kplus.Deployment(chart, 'Web', { serviceAccount, containers: [{ image: 'web:1' }] });

      const [account, deployment] = manifestsIn(synth(app));
      expect(account).toMatchObject({ kind: 'ServiceAccount', metadata: { name: 'reader', namespace: 'default', labels: { app: 'web' }, annotations: { [ROLE_ARN_KEY]: ARN } } });
      expect(deployment).toMatchObject({ kind: 'Deployment', metadata: { namespace: 'default' }, spec: { template: { spec: { serviceAccountName: 'reader' } } } });
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
      Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
      Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    });

    test('charts that are classes of their own', () => {
      class Own extends Chart {
        constructor(scope: Construct) {
          super(scope, 'own', { namespace: 'own' });
          configMap(this, {});
        }
      }
      new Own(new Manifests(stack, 'Manifests').app);

      expect(manifestFiles(synth(app))).toEqual(['Stack/Manifests/own.k8s.yaml']);
    });

    test('an index and no file when there are no charts, or empty ones', () => {
      new Manifests(stack, 'Manifests').addChart('empty');

      expect(tree(path.join(synth(app), 'manifests'))).toEqual(['index.json']);
    });

    test('beside a template without a trace of it', () => {
      addManifests(stack);

      const template = templateOf(synth(app), 'Stack');
      expect(Object.keys(template.Resources ?? {})).toEqual([]);
      expect(template.Outputs).toBeUndefined();
    });

    test.each<[string, (scope: App) => Construct, string]>([
      ['the App', scope => scope, 'Manifests'],
      ['a construct in a stack', scope => new Construct(new Stack(scope, 'Other'), 'Deep'), 'Other/Deep/Manifests'],
      ['a nested stack', scope => new NestedStack(new Stack(scope, 'Other'), 'Nested'), 'Other/Nested/Manifests'],
      ['a construct in the App', scope => new Construct(scope, 'Group'), 'Group/Manifests'],
    ])('in %s', (_where, scope, folder) => {
      addManifests(scope(app));

      expect(manifestFiles(synth(app))).toEqual([`${folder}/chart.k8s.yaml`]);
    });
  });

  describe('of a Stage', () => {
    test('go into its nested assembly, by the path below the Stage', () => {
      const stage = new Stage(app, 'Prod', { env: ENV });
      const manifests = addManifests(new Stack(stage, 'Stack'));
      const assembly = synth(app);

      expect(manifests.directory).toBe('Stack/Manifests');
      expect(manifestFiles(path.join(assembly, 'assembly-Prod'))).toEqual(['Stack/Manifests/chart.k8s.yaml']);
      expect(manifestFiles(assembly)).toEqual([]);
    });

    test('keep apart from those of another Stage with a stack of the same id', () => {
      for (const id of ['Dev', 'Prod']) {
        addManifests(new Stack(new Stage(app, id), 'Stack'), 'Manifests', 'chart', { stage: id });
      }
      const assembly = synth(app);

      expect(manifestOf(path.join(assembly, 'assembly-Dev'), 'ConfigMap').data).toEqual({ stage: 'Dev' });
      expect(manifestOf(path.join(assembly, 'assembly-Prod'), 'ConfigMap').data).toEqual({ stage: 'Prod' });
    });

    test('in a Stage go into the inner assembly', () => {
      addManifests(new Stack(new Stage(new Stage(app, 'Outer'), 'Inner'), 'Stack'));
      const assembly = synth(app);

      expect(tree(assembly).filter(file => file.endsWith('.k8s.yaml'))).toHaveLength(1);
      expect(tree(assembly).find(file => file.endsWith('.k8s.yaml'))).toMatch(/^assembly-Outer\/assembly-Outer-Inner\/manifests\/Stack\/Manifests\/chart\.k8s\.yaml$/);
    });

    test('directly below it', () => {
      addManifests(new Stage(app, 'Prod'));

      expect(manifestFiles(path.join(synth(app), 'assembly-Prod'))).toEqual(['Manifests/chart.k8s.yaml']);
    });

    test('have their outputs in the stacks of the Stage', () => {
      const stage = new Stage(app, 'Prod');
      const inner = new Stack(stage, 'Stack');
      addManifests(inner, 'Manifests', 'chart', { name: new Bucket(inner, 'Bucket').bucketName });
      const assembly = path.join(synth(app), 'assembly-Prod');

      expect(Object.keys(ourOutputs(templateOf(assembly, tree(assembly).find(file => file.endsWith('.template.json'))!.replace('.template.json', ''))))).toHaveLength(1);
      expect(manifestOf(assembly, 'ConfigMap').data?.name).toMatch(/^\$\{cdk-irsa:Prod\/Stack\/Bucket\//);
    });
  });

  describe('with ids that file systems do not take', () => {
    test.each(['..', '.', 'with space', 'a:b', 'ünïcödé', '日本', 'a\\b', 'index.json', 'CON', 'x'.repeat(150), '*', '-rf'])('writes below its own folder: %p', id => {
      const manifests = addManifests(stack, id);
      const files = manifestFiles(synth(app));

      expect(files).toHaveLength(1);
      expect(files[0]).toBe(path.join(manifests.directory, 'chart.k8s.yaml'));
      expect(manifests.directory).toMatch(/^Stack\/[A-Za-z0-9._-]+$/);
    });

    test('writes below its own folder directly in the App too', () => {
      addManifests(app, 'index.json');

      expect(manifestFiles(synth(app))).toHaveLength(1);
    });

    test.each(['..', 'with space', 'ünïcödé', 'UPPER', 'x'.repeat(150)])('names the file of a chart: %p', id => {
      addManifests(stack, 'Manifests', id);

      const [file] = manifestFiles(synth(app));
      expect(path.dirname(file)).toBe('Stack/Manifests');
      expect(path.basename(file)).toMatch(/^[a-z0-9.-]+\.k8s\.yaml$/);
    });

    test('keeps Manifests apart that differ only in them', () => {
      addManifests(stack, 'a:b');
      addManifests(stack, 'a b');

      expect(manifestFiles(synth(app))).toHaveLength(2);
    });

    test('fails when Manifests differ only in case, naming both', () => {
      addManifests(stack, 'Manifests');
      addManifests(stack, 'manifests');

      expect(messageOf(() => synth(app))).toBe('two charts would be written to Stack/manifests/chart.k8s.yaml and Stack/Manifests/chart.k8s.yaml, '
        + 'which are one file on macOS and Windows; rename one of the constructs');
    });

    test('fails when charts have one file name, or keeps them apart', () => {
      const manifests = addManifests(stack, 'Manifests', 'chart', { which: 'one' });
      configMap(manifests.addChart('CHART'), { which: 'two' });

      let written = 2;
      try {
        const files = manifestFiles(synth(app)).map(file => file.toLowerCase());
        written = new Set(files).size;
      } catch (error) {
        expect((error as Error).message).toContain('chart.k8s.yaml');
      }
      expect(written).toBe(2);
    });
  });

  describe('fail', () => {
    test('when they are in no app, naming the way out', () => {
      expect(messageOf(() => new Manifests(new Construct(undefined as unknown as Construct, 'Root'), 'Manifests')))
        .toMatch(/Manifests is not in a CDK app; make it in a Stack or an App$/);
    });

    test('when two have one id', () => {
      new Manifests(stack, 'Manifests');

      expect(messageOf(() => new Manifests(stack, 'Manifests'))).toContain("'Manifests'");
    });

    const bucketName = (scope: Stack): string => new Bucket(scope, 'Bucket').bucketName;
    test.each<[string, (object: ApiObject, scope: Stack) => void, string]>([
      ['in a JSON patch', (object, scope) => object.addJsonPatch(JsonPatch.replace('/data/a', bucketName(scope))), 'data.a'],
      ['of a list in a JSON patch', object => object.addJsonPatch(JsonPatch.replace('/data/a', Lazy.list({ produce: () => ['x'] }))), 'data.a.0'],
      ['of a number in a JSON patch', object => object.addJsonPatch(JsonPatch.replace('/data/a', Lazy.number({ produce: () => 1 }))), 'data.a'],
      ['in the key of a label', (object, scope) => object.metadata.addLabel(bucketName(scope), 'x'), 'metadata.labels'],
      ['in upper case in an annotation', (object, scope) => object.metadata.addAnnotation('a', bucketName(scope).toUpperCase()), 'metadata.annotations.a'],
      ['in lower case in a label', (object, scope) => object.metadata.addLabel('a', bucketName(scope).toLowerCase()), 'metadata.labels.a'],
    ])('when a token is left %s, naming object and path', (_where, change, at) => {
      change(configMap(new Manifests(stack, 'Manifests').addChart('chart'), { a: 'a' }), stack);

      expect(messageOf(() => synth(app))).toMatch(new RegExp(`chart/Config: ${at.replace(/\./g, '\\.')} holds (a|the) CDK token`));
    });

    test.each<[string, string]>([['stringData', 'plain'], ['data', 'base64']])('when a token is in base64 in the %s of a Secret', (field, how) => {
      for (const [index, prefix] of ['', 'a', 'ab'].entries()) {
        const scope = newStack(newApp());
        const value = `${prefix}${new Bucket(scope, 'Bucket').bucketName}`;
        new ApiObject(new Manifests(scope, 'Manifests').addChart('chart'), 'Secret', {
          apiVersion: 'v1', kind: 'Secret', [field]: { [`key${index}`]: Buffer.from(how === 'plain' ? `x${value}` : value).toString('base64') },
        });

        expect(messageOf(() => synth(scope.node.root as App))).toMatch(new RegExp(`chart/Secret: ${field}\\.key${index} holds a CDK token in base64`));
      }
    });

    test.each<[string, () => string]>([
      ['Secrets Manager', () => SecretValue.secretsManager('secret').unsafeUnwrap()],
      ['SSM', () => SecretValue.ssmSecure('/secret').unsafeUnwrap()],
      ['a reference by hand', () => '{{resolve:ssm:/a/b}}'],
    ])('when a value is a secret of %s, naming object, path and the way out', (_where, value) => {
      addManifests(stack, 'Manifests', 'chart', { password: value() });

      expect(messageOf(() => synth(app))).toMatch(/chart\/Config: data\.password holds a dynamic reference \('\{\{resolve:.*let the cluster fetch the secret/);
    });

    test('when the value of kplus.Secret is one', () => {
      new kplus.Secret(new Manifests(stack, 'Manifests').addChart('chart'), 'Secret', { stringData: { password: SecretValue.secretsManager('secret').unsafeUnwrap() } });

      expect(messageOf(() => synth(app))).toMatch(/chart\/Secret.*stringData\.password holds a dynamic reference/);
    });
  });

  test('take deploy-time values of stringData of a Secret as placeholders', () => {
    const agnostic = newAgnosticStack(app, 'Agnostic');
    new kplus.Secret(new Manifests(agnostic, 'Manifests').addChart('chart'), 'Secret', { stringData: { bucket: new Bucket(agnostic, 'Bucket').bucketName } });

    expect(manifestOf(synth(app), 'Secret').stringData).toEqual({ bucket: expect.stringMatching(/^\$\{cdk-irsa:Agnostic\/Bucket/) as string });
  });

  test('take deploy-time values in the environment and the port of a Deployment', () => {
    const agnostic = newAgnosticStack(app, 'Agnostic');
    new kplus.Deployment(new Manifests(agnostic, 'Manifests').addChart('chart', { namespace: 'default' }), 'Web', {
      containers: [{
        image: `${agnostic.account}.dkr.ecr.${agnostic.region}.${agnostic.urlSuffix}/web:1`,
        portNumber: new CfnParameter(agnostic, 'Port', { type: 'Number' }).valueAsNumber,
        envVariables: { BUCKET: kplus.EnvValue.fromValue(new Bucket(agnostic, 'Bucket').bucketName) },
      }],
    });

    const spec = JSON.stringify(manifestOf(synth(app), 'Deployment').spec);
    expect(spec).toMatch(/"image":"\$\{cdk-irsa:[^"]*\}\.dkr\.ecr\.\$\{cdk-irsa:[^"]*\}\.\$\{cdk-irsa:[^"]*\}\/web:1"/);
    expect(spec).toMatch(/"containerPort":"\$\{cdk-irsa:number:Agnostic\/Port\.Ref-[0-9a-f]{8}\}"/);
    expect(spec).toMatch(/"name":"BUCKET","value":"\$\{cdk-irsa:Agnostic\/Bucket\/Resource\.Ref-[0-9a-f]{8}\}"/);
  });

  test('a text of the user that looks like a placeholder fails: nothing would fill it in', () => {
    addManifests(stack, 'Manifests', 'chart', { readme: 'write ${cdk-irsa:Stack/Role.Arn-01234567} and run render' });

    expect(messageOf(() => synth(app))).toMatch(/chart\/Config: data\.readme/);
  });

  test('two have outputs of one stack together', () => {
    const agnostic = newAgnosticStack(app, 'Agnostic');
    addManifests(agnostic, 'One', 'chart', { a: new Bucket(agnostic, 'A').bucketName });
    addManifests(agnostic, 'Two', 'chart', { b: new Bucket(agnostic, 'B').bucketName });
    const assembly = synth(app);

    expect(Object.keys(ourOutputs(templateOf(assembly, 'Agnostic')))).toEqual(['CdkIrsaManifestValues0']);
    expect(manifestsIn(assembly)).toHaveLength(2);
  });

  test('a chart with deploy-time values cannot be rendered outside cdk synth, which alone marks it; trying changes nothing', () => {
    const agnostic = newAgnosticStack(app, 'Agnostic');
    const manifests = addManifests(agnostic, 'Manifests', 'chart', { a: new Bucket(agnostic, 'A').bucketName });
    expect(() => manifests.app.charts.forEach(chart => chart.toJson() as unknown)).toThrow(/known only at deployment, and a chart of Manifests can have it only when cdk synth/);
    const assembly = synth(app);

    expect(Object.keys(ourOutputs(templateOf(assembly, 'Agnostic')))).toEqual(['CdkIrsaManifestValues0']);
    expect(parse(manifestText(assembly, 'Agnostic/Manifests/chart.k8s.yaml'))).toHaveLength(1);
  });
});
