import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ReaderStack, serviceAccountManifest } from './apps';
import { IrsaChecks, IrsaFindingSeverity } from '../../src';
import { newApp, temporaryFolder } from '../k8s/helpers';

const SOON = { 'eks.amazonaws.com/token-expiration': '300' };

test('an app that agrees has no findings', () => {
  const app = newApp();
  new ReaderStack(app, 'Stack');
  const checks = IrsaChecks.of(app);

  expect(checks.findings).toEqual([]);
  expect(checks.notChecked).toEqual([]);
  expect(() => checks.assertNoFindings()).not.toThrow();
});

describe('an app that does not', () => {
  const app = newApp();
  const stack = new ReaderStack(app, 'Stack', 'defualt');
  const checks = IrsaChecks.of(app);

  test('has them with rule, severity, fix and places', () => {
    expect(checks.findings).toEqual([{
      rule: 'trust-subject',
      severity: IrsaFindingSeverity.ERROR,
      message: expect.stringContaining('namespace differs'),
      fix: expect.stringContaining('system:serviceaccount:defualt:reader'),
      locations: ['manifests/Stack/Manifests/chart.k8s.yaml:5:5', expect.stringMatching(/^Stack\.template\.json:\d+:\d+$/)],
    }]);
  });

  test('fails with a table', () => {
    expect(() => checks.assertNoFindings()).toThrow(new RegExp([
      '^templates and manifests do not agree:', '',
      'manifests/Stack/Manifests/chart\\.k8s\\.yaml:5:5 {2}error {2}trust-subject',
      ' {2}ServiceAccount defualt/reader does not get the role reader: .*',
      ' {2}fix: let the trust policy name .*',
      ' {2}and: Stack\\.template\\.json:\\d+:\\d+', '',
      '1 error, 0 warnings \\(1 role, 1 service account, 0 workloads\\)',
    ].join('\\n')));
    expect(() => checks.assertNoErrors()).toThrow('1 error');
  });

  test.each<[string, () => Construct]>([['its stack', () => stack], ['its manifests', () => stack.node.findChild('Manifests') as Construct]])('%s has them too', (_, scope) => {
    expect(IrsaChecks.of(scope()).findings).toEqual(checks.findings);
  });

  test('fails for a construct without templates and manifests, of which nothing would ever be found', () => {
    expect(() => IrsaChecks.of(stack.role)).toThrow(`'${stack.role.node.path}' has neither a stack nor Manifests in it`);
  });
});

describe('a warning', () => {
  const app = newApp();
  new ReaderStack(new Stage(app, 'Stage'), 'Stack', 'default', SOON);
  const agreeing = new Stage(app, 'Agreeing');
  new Stack(agreeing, 'Stack');
  const checks = IrsaChecks.of(app);

  test('is a finding, and no error', () => {
    expect(checks.findings).toMatchObject([{ rule: 'token-expiration', severity: IrsaFindingSeverity.WARNING }]);
    expect(() => checks.assertNoFindings()).toThrow('0 errors, 1 warning');
    expect(() => checks.assertNoErrors()).not.toThrow();
  });

  test('is none of another Stage', () => {
    expect(IrsaChecks.of(agreeing).findings).toEqual([]);
  });
});

describe('files of others', () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'reader.json'), JSON.stringify(serviceAccountManifest('team')));
  const app = newApp();
  const stack = new ReaderStack(app, 'Stack');

  test('count, whatever is asked for', () => {
    expect(IrsaChecks.of(stack, { manifests: [folder] }).findings.map(({ rule }) => rule).sort()).toEqual(['role-shared', 'trust-subject']);
  });

  test('keep their names', () => {
    expect(IrsaChecks.of(app, { manifests: [folder] }).findings.find(({ rule }) => rule === 'trust-subject')!.locations[0]).toMatch(`${path.join(folder, 'reader.json')}:1:`);
  });

  test('fails when one cannot be read', () => {
    const broken = path.join(temporaryFolder(), 'broken.yaml');
    fs.writeFileSync(broken, 'a: [');

    expect(() => IrsaChecks.of(app, { manifests: [broken] })).toThrow(`not read: ${broken}:1:5: is not YAML`);
  });
});

test('what cannot be known is said', () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'reader.json'), JSON.stringify(serviceAccountManifest('team', { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::999999999999:role/x' })));
  const app = newApp();
  new ReaderStack(app, 'Stack');

  expect(IrsaChecks.of(app, { manifests: [folder] }).notChecked).toEqual([expect.stringContaining('no template for account 999999999999')]);
});

test('fails when values are still to be looked up', () => {
  const app = newApp();
  new ReaderStack(app, 'Stack').availabilityZones;

  expect(() => IrsaChecks.of(app)).toThrow('run cdk synth and keep cdk.context.json');
});

test.each<[string, () => Stage]>([['an app', () => newApp()], ['an app with a Stage', () => new Stage(newApp(), 'Stage').node.root as Stage], ['a Stage', () => new Stage(newApp(), 'Stage')]])('%s without stacks has no findings', (_, scope) => {
  const checks = IrsaChecks.of(scope());

  expect([checks.findings, checks.notChecked]).toEqual([[], []]);
  expect(() => checks.assertNoFindings()).not.toThrow();
});

test('fails outside of an app', () => {
  expect(() => IrsaChecks.of(new Construct(undefined as unknown as Construct, ''))).toThrow("'' is not in a CDK app");
});
