import * as fs from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import { ReaderStack, serviceAccount, serviceAccountManifest, type Synthesized, synthesize } from './apps';
import { IrsaValidationPlugin, type IrsaValidationPluginProps, Manifests } from '../../src';
import { ACCOUNT, ENV, newAgnosticStack, newRole, ROLE_ARN_KEY, temporaryFolder } from '../k8s/helpers';

/** Synthesises an app with the plug-in. */
function appWith(fill: (app: App) => void, props?: IrsaValidationPluginProps): Synthesized & { outdir: string } {
  const plugin = new IrsaValidationPlugin(props);
  const app = new App({ outdir: temporaryFolder(), analyticsReporting: false, policyValidationBeta1: [plugin] });
  fill(app);
  return { ...synthesize(app, plugin), outdir: app.outdir };
}

const rules = ({ reports }: Synthesized): string[] => reports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));

describe('an app that agrees', () => {
  test('passes', () => {
    const { failed, reports } = appWith(app => new ReaderStack(app, 'Stack'));

    expect(failed).toBe(false);
    expect(reports).toEqual([{ success: true, violations: [], pluginVersion: '0.0.0' }]);
  });

  test.each<[string, (app: App) => void]>([
    ['without a stack', () => {}],
    ['without a resource', app => newAgnosticStack(app)],
    ['without service accounts', app => new Stack(app, 'Stack', { env: ENV }).exportValue('x', { name: 'x' })],
  ])('passes %s', (_, fill) => {
    expect(appWith(fill)).toMatchObject({ failed: false });
  });
});

describe('an error', () => {
  const { failed, text, reports: [report], outdir } = appWith(app => new ReaderStack(app, 'Stack', 'defualt'));

  test('fails cdk synth with the report of CDK', () => {
    expect(failed).toBe(true);
    expect(text).toContain('ServiceAccount defualt/reader does not get the role reader');
  });

  test('is reported with rule, severity, fix and both sides', () => {
    expect(report).toMatchObject({
      success: false,
      violations: [{
        ruleName: 'trust-subject',
        severity: 'error',
        description: expect.stringMatching(/^ServiceAccount defualt\/reader does not get the role reader: .*namespace differs$/),
        fix: 'let the trust policy name system:serviceaccount:defualt:reader, or correct the service account',
        violatingResources: [
          { resourceLogicalId: 'ServiceAccount defualt/reader', locations: ['5:5 metadata.annotations.eks.amazonaws.com/role-arn'] },
          { resourceLogicalId: 'Role1ABCC5F0', locations: ['Properties.AssumeRolePolicyDocument'] },
        ],
      }],
    });
  });

  test('names files where they are', () => {
    expect(report.violations[0].violatingResources.map(({ templatePath }) => path.resolve(outdir, templatePath)))
      .toEqual(['manifests/Stack/Manifests/chart.k8s.yaml', 'Stack.template.json'].map(file => path.join(outdir, file)));
  });

  test('has the construct path, as CDK finds it', () => {
    expect(text).toContain('Stack/Role');
  });
});

/** How plug-ins are added since CDK 2.251. */
interface NewerCdk {
  readonly Validations?: { of(app: App): { addPlugins(...plugins: cdk.IPolicyValidationPluginBeta1[]): void } };
}
const { Validations } = cdk as NewerCdk;

(Validations ? test : test.skip)('fails cdk synth as a plug-in of newer versions, which know the construct of a manifest', () => {
  const plugin = new IrsaValidationPlugin();
  const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
  Validations?.of(app).addPlugins(plugin);
  new ReaderStack(app, 'Stack', 'defualt');
  const { failed, reports } = synthesize(app, plugin);

  expect(failed).toBe(true);
  expect(reports[0].violations[0].violatingResources.map(resource => (resource as { constructPath?: string }).constructPath)).toEqual(['Stack/Manifests', 'Stack/Role/Resource']);
});

test('version and rules are those of the package', () => {
  expect(new IrsaValidationPlugin()).toMatchObject({ name: 'cdk-irsa', version: '0.0.0', ruleIds: expect.arrayContaining(['trust-subject', 'suppression']) });
});

describe('warnings', () => {
  const soon = (app: App): void => {
    new ReaderStack(app, 'Stack', 'default', { 'eks.amazonaws.com/token-expiration': '300' });
  };

  test('are shown and pass', () => {
    const { failed, text, reports } = appWith(soon);

    expect(failed).toBe(false);
    expect(reports).toMatchObject([{ success: true, violations: [{ severity: 'warning' }] }]);
    expect(text).toContain(reports[0].violations[0].description);
  });

  test('fail with strict', () => {
    const { failed, reports } = appWith(soon, { strict: true });

    expect(failed).toBe(true);
    expect(reports).toMatchObject([{ success: false, violations: [{ severity: 'error' }] }]);
  });
});

describe('nested stacks and Stages', () => {
  test('each Stage has its own manifests, and all roles count for all', () => {
    const { reports } = appWith(app => {
      new ReaderStack(new Stage(app, 'First'), 'Stack');
      const chart = new Manifests(new Stack(new Stage(app, 'Second'), 'Stack', { env: ENV }), 'Manifests').addChart('chart');
      serviceAccount(chart, 'other');
    });

    expect(reports).toMatchObject([{ violations: [{ ruleName: 'trust-subject' }, { ruleName: 'role-shared' }] }]);
    expect(reports[0].violations[0].violatingResources.map(({ templatePath }) => path.basename(path.dirname(templatePath)))).toEqual(['Manifests', 'assembly-First']);
  });

  test('a role of a nested stack has its own template and construct', () => {
    const { text, reports } = appWith(app => {
      const stack = new Stack(app, 'Stack', { env: ENV });
      newRole(new NestedStack(stack, 'Nested'), 'Role', { roleName: 'reader' });
      serviceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'other');
    });

    expect(reports).toMatchObject([{ violations: [{ ruleName: 'trust-subject', violatingResources: [{}, { templatePath: expect.stringMatching(/Nested\w+\.nested\.template\.json$/) }] }] }]);
    expect(text).toContain('Stack/Nested/Role');
  });

  test('on a Stage, what concerns others is not reported', () => {
    const plugin = new IrsaValidationPlugin();
    const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
    new ReaderStack(new Stage(app, 'Checked', { policyValidationBeta1: [plugin] }), 'Stack', 'a');
    // an account has a name once
    const other = new ReaderStack(new Stage(app, 'Other'), 'Stack', 'b', { [ROLE_ARN_KEY]: `arn:aws:iam::${ACCOUNT}:role/other` });
    (other.role.node.defaultChild as CfnRole).roleName = 'other';
    const { reports } = synthesize(app, plugin);

    const found = reports.flatMap(({ violations }) => violations.map(({ description }) => description)).join('\n');
    expect(found).toContain('ServiceAccount a/reader');
    expect(found).not.toContain('ServiceAccount b/reader');
  });
});

describe('files of others', () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'reader.json'), JSON.stringify(serviceAccountManifest('team')));
  const role = (app: App): void => {
    new ReaderStack(app, 'Stack');
  };

  test('are checked with those of the app', () => {
    expect(rules(appWith(role, { manifests: [folder] }))).toEqual(['trust-subject', 'role-shared']);
  });

  test('can be templates', () => {
    const other = temporaryFolder();
    fs.copyFileSync(path.join(appWith(role).outdir, 'Stack.template.json'), path.join(other, 'a.json'));
    const without = appWith(app => serviceAccount(new Manifests(new Stack(app, 'Stack', { env: ENV }), 'Manifests').addChart('chart'), 'team'), { templates: [other] });

    expect(rules(without)).toEqual(['trust-subject']);
  });

  test.each<[string, string, string]>([
    ['do not exist', 'nowhere', 'nowhere does not exist'],
    ['cannot be read', path.join(folder, 'broken'), 'is not YAML'],
  ])('fails when they %s', (_, file, message) => {
    fs.mkdirSync(path.join(folder, 'broken'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'broken', 'a.yaml'), 'a: [');
    const { failed, text } = appWith(role, { manifests: [file] });

    expect(failed).toBe(true);
    expect(text).toContain(message);
  });
});

test('nothing is checked while values are being looked up: the CDK CLI would not get to it', () => {
  const { failed, reports } = appWith(app => new ReaderStack(new Stage(app, 'Stage'), 'Stack', 'wrong').availabilityZones);

  expect(failed).toBe(false);
  expect(reports).toMatchObject([{ success: true, violations: [], metadata: { notChecked: expect.stringContaining('looks values up') } }]);
});

test('metadata of a resource leaves a rule out', () => {
  const { failed } = appWith(app => {
    const { role } = new ReaderStack(app, 'Stack', 'defualt');
    (role.node.defaultChild as CfnRole).addMetadata('cdk-irsa:ignore', { 'trust-subject': 'next week' });
  });

  expect(failed).toBe(false);
});
