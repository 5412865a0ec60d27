import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, AspectPriority, Aspects, CfnResource, type IAspect, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnRole, ManagedPolicy, PermissionsBoundary, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { JsonPatch } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import {
  ACCOUNT, configMap, ENV, manifestFiles, manifestOf, manifestText, messageOf, newAgnosticStack, newApp, newRole, newStack, ourOutputs,
  ROLE_ARN_KEY, synth, temporaryFolder, templateOf, tree,
} from './helpers';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from '../../src';
import { manifestsIn } from '../../src/check/input/assembly';

const ASPECT_STABILIZATION = '@aws-cdk/core:aspectStabilization';
const FLAGS = [[true], [false]];

/** An aspect that changes every role it comes by. */
function renaming(rename: (role: CfnRole) => void): IAspect {
  return { visit: (node: IConstruct) => node instanceof CfnRole && rename(node) };
}

const RENAMES: Array<[string, (role: CfnRole) => void]> = [
  ['roleName', role => (role.roleName = 'renamed')],
  ['addPropertyOverride', role => role.addPropertyOverride('RoleName', 'renamed')],
];

/** The ARN that a role's template says. */
function arnIn(template: { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> }): string {
  const [role] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  return `arn:aws:iam::${ACCOUNT}:role${(role.Properties.Path ?? '/') as string}${role.Properties.RoleName as string}`;
}

function addServiceAccount(scope: Construct, role: IrsaRole): Manifests {
  const manifests = new Manifests(scope, 'Manifests');
  new IrsaServiceAccount(manifests.addChart('chart'), 'Account', { role });
  return manifests;
}

function arnOf(assembly: string): string | undefined {
  return manifestOf(assembly, 'ServiceAccount').metadata.annotations?.[ROLE_ARN_KEY];
}

function addConfig(scope: Construct, data: unknown = { a: 'a' }, id = 'Manifests'): Manifests {
  const manifests = new Manifests(scope, id);
  configMap(manifests.addChart('chart'), data);
  return manifests;
}

describe('aspects', () => {
  describe.each(FLAGS)('with aspectStabilization %p', stabilization => {
    let app: App;
    beforeEach(() => {
      app = newApp({ [ASPECT_STABILIZATION]: stabilization });
    });

    const EARLY = [AspectPriority.MUTATING, AspectPriority.DEFAULT, AspectPriority.READONLY - 1];
    const LATE = [AspectPriority.READONLY, AspectPriority.READONLY + 1, 100_000];
    const SCOPES = ['App', 'Stack', 'role'] as const;
    const combinations = RENAMES.flatMap(([how, rename]) => SCOPES.flatMap(where => [true, false].map(roleLast => [how, where, roleLast ? 'last' : 'first', rename] as const)));

    /** A stack with a role and its manifest, and the role in first or last place of the tree. */
    function build(root: App | Stage, roleLast: boolean): { stack: Stack; role: IrsaRole } {
      const first = newStack(root, 'First');
      const stack = newStack(root, 'Stack');
      const manifests = new Manifests(roleLast ? first : newStack(root, 'Third'), 'Manifests');
      const role = newRole(stack, 'Role', { roleName: 'reader', path: '/team/' });
      new IrsaServiceAccount(manifests.addChart('chart'), 'Account', { role });
      return { stack, role };
    }

    describe.each([['an App', (root: App) => root], ['a Stage', (root: App) => new Stage(root, 'Prod', { env: ENV })]])('in %s', (_what, makeRoot) => {
      test.each(combinations.flatMap(combination => EARLY.map(priority => [...combination, priority] as const)))(
        'that rename roles by %s, added to the %s, with the role %s: the manifest has the new ARN (%#, priority %s)', (_how, where, place, rename, priority) => {
          const root = makeRoot(app);
          const { stack, role } = build(root, place === 'last');
          Aspects.of({ App: root, Stack: stack, role }[where]).add(renaming(rename), { priority });
          app.synth();
          const assembly = root.synth();

          expect(arnIn(assembly.getStackByName(stack.stackName).template as never)).toBe(`arn:aws:iam::${ACCOUNT}:role/team/renamed`);
          expect(arnOf(assembly.directory)).toBe(`arn:aws:iam::${ACCOUNT}:role/team/renamed`);
        });

      test.each(combinations.filter(([how]) => how === 'roleName').flatMap(combination => LATE.map(priority => [...combination, priority] as const)))(
        'that rename roles too late by %s, added to the %s, with the role %s: the manifest has the new ARN, or it fails and says so (%#, priority %s)',
        (_how, where, place, rename, priority) => {
          const root = makeRoot(app);
          const { stack, role } = build(root, place === 'last');
          Aspects.of({ App: root, Stack: stack, role }[where]).add(renaming(rename), { priority });

          let arn: string | undefined = `arn:aws:iam::${ACCOUNT}:role/team/renamed`;
          try {
            app.synth();
            arn = arnOf(root.synth().directory);
          } catch (error) {
            expect((error as Error).message).toMatch(/\[.*Stack\/Role\/Resource\] Arn is '.*renamed' in the template, and '.*reader' went into a manifest before; give the aspect/);
          }
          expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:role/team/renamed`);
        });
    });

    test('of the App reach a Stage only as far as CDK has it: the manifest has what the template has', () => {
      const stage = new Stage(app, 'Prod', { env: ENV });
      const stack = new Stack(stage, 'Stack');
      addServiceAccount(stack, newRole(stack, 'Role', { roleName: 'reader' }));
      Aspects.of(app).add(renaming(role => (role.roleName = 'renamed')));
      app.synth();
      const assembly = stage.synth();

      expect(arnOf(assembly.directory)).toBe(arnIn(assembly.getStackByName(stack.stackName).template as never));
    });

    test('that take the name away: the manifest waits for the deployment', () => {
      const stack = newStack(app);
      addServiceAccount(stack, newRole(stack));
      Aspects.of(app).add(renaming(role => role.addPropertyDeletionOverride('RoleName')));
      const assembly = synth(app);

      expect(arnOf(assembly)).toMatch(/^\$\{cdk-irsa:Stack\/Role\/Resource\.Arn-[0-9a-f]{8}\}$/);
      expect(Object.keys(ourOutputs(templateOf(assembly, 'Stack')))).toEqual(['CdkIrsaManifestValues0']);
    });

    test('that set the path', () => {
      const stack = newStack(app);
      addServiceAccount(stack, newRole(stack, 'Role', { roleName: 'reader' }));
      Aspects.of(app).add(renaming(role => (role.path = '/boundary/')));

      expect(arnOf(synth(app))).toBe(`arn:aws:iam::${ACCOUNT}:role/boundary/reader`);
    });

    test('that set a permissions boundary leave the manifest as it is', () => {
      const stack = newStack(app);
      addServiceAccount(stack, newRole(stack, 'Role', { roleName: 'reader' }));
      PermissionsBoundary.of(app).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'));
      const assembly = synth(app);

      expect(arnOf(assembly)).toBe(`arn:aws:iam::${ACCOUNT}:role/reader`);
      expect(Object.values(templateOf(assembly, 'Stack').Resources)[0].Properties.PermissionsBoundary).toBeDefined();
    });

    const ROOTS = [['App', true], ['App', false], ['Stage', false]] as const;
    test.each(ROOTS)('that add constructs do not stop the manifests from being written (%s, tree metadata %p)', (kind, treeMetadata) => {
      const context = { [ASPECT_STABILIZATION]: stabilization };
      const root = new App({ outdir: temporaryFolder(), context, analyticsReporting: false, treeMetadata });
      const scope = kind === 'App' ? root : new Stage(root, 'Prod', { env: ENV });
      const stack = newStack(scope);
      addServiceAccount(stack, newRole(stack));
      new Bucket(stack, 'Bucket');
      Aspects.of(stack).add({
        visit: node => node instanceof Bucket && !stack.node.tryFindChild('Added')
          && new CfnResource(stack, 'Added', { type: 'Own::Type::Here' }),
      }, { priority: AspectPriority.MUTATING });
      root.synth();

      expect(manifestFiles(scope.synth().directory)).toEqual(['Stack/Manifests/chart.k8s.yaml']);
    });

    test('see the outputs of ours as constructs of the stack, and are not upset', () => {
      const stack = newAgnosticStack(app);
      addServiceAccount(stack, newRole(stack));
      const visited: string[] = [];
      Aspects.of(app).add({ visit: node => visited.push(node.node.path) }, { priority: 1 });
      Aspects.of(stack).add({ visit: node => visited.push(node.node.path) }, { priority: 2000 });

      expect(() => synth(app)).not.toThrow();
      expect(visited).toContain('Stack/Role/Resource');
    });
  });
});

describe('roles of another Stage', () => {
  test.each([['before', 'A', 'B'], ['after', 'B', 'A']])('that an aspect of that Stage renames %s are literal as in the template, or fail', (_when, roleStage, manifestStage) => {
    const app = newApp();
    const stages = Object.fromEntries(['A', 'B'].map(id => [id, new Stage(app, id, { env: ENV })]));
    const role = newRole(new Stack(stages[roleStage], 'Stack'), 'Role', { roleName: 'reader' });
    addServiceAccount(new Stack(stages[manifestStage], 'Stack'), role);
    Aspects.of(stages[roleStage]).add(renaming(resource => (resource.roleName = 'renamed')));

    let arn: string | undefined = `arn:aws:iam::${ACCOUNT}:role/renamed`;
    try {
      app.synth();
      arn = arnOf(stages[manifestStage].synth().directory);
    } catch (error) {
      expect((error as Error).message).toContain('went into a manifest before');
      // nothing is left of a failed synth: not the wrong ARN either
      expect(tree(app.outdir).filter(file => file.endsWith('.k8s.yaml'))).toEqual([]);
    }
    expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:role/renamed`);
  });
});

describe('Role.customizeRoles', () => {
  test('with precreated roles: the manifest has the ARN of the precreated role', () => {
    const app = newApp();
    const stack = newStack(app);
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Role': 'precreated' } });
    addServiceAccount(stack, newRole(stack, 'Role'));
    const assembly = synth(app);

    expect(arnOf(assembly)).toBe(`arn:aws:iam::${ACCOUNT}:role/precreated`);
    expect(Object.values(templateOf(assembly, 'Stack').Resources ?? {})).toEqual([]);
  });

  test('with precreated roles: the manifest has account and partition of the role\'s stack, wherever it is', () => {
    const app = newApp();
    const china = newStack(app, 'China', { env: { account: '444455556666', region: 'cn-north-1' } });
    Role.customizeRoles(china, { usePrecreatedRoles: { 'China/Role': 'precreated' } });
    addServiceAccount(newStack(app), newRole(china, 'Role'));

    expect(arnOf(synth(app))).toBe('arn:aws-cn:iam::444455556666:role/precreated');
  });

  test('with precreated roles: Manifests in the App have the literal ARN too', () => {
    const app = newApp();
    const stack = newStack(app);
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Role': 'precreated' } });
    addServiceAccount(app, newRole(stack, 'Role'));

    expect(arnOf(synth(app))).toBe(`arn:aws:iam::${ACCOUNT}:role/precreated`);
  });

  test('with precreated roles in a stack without account: the manifest waits for the deployment', () => {
    const app = newApp();
    const stack = newAgnosticStack(app);
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Role': 'precreated' } });
    addServiceAccount(stack, newRole(stack, 'Role'));
    const assembly = synth(app);

    expect(arnOf(assembly)).toMatch(/\$\{cdk-irsa:/);
    expect(JSON.stringify(ourOutputs(templateOf(assembly, 'Stack')))).toContain('AWS::AccountId');
  });

  test('without precreated roles, for its report: no ARN without a name gets into a manifest, and a warning says so', () => {
    const app = newApp();
    const stack = newStack(app);
    Role.customizeRoles(stack);
    addServiceAccount(stack, newRole(stack, 'Role'));
    const assembly = synth(app);
    const warnings = app.synth().getStackByName('Stack').messages.filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data));

    expect(arnOf(assembly)).toMatch(/^\$\{cdk-irsa:Stack\/Role\.Arn-[0-9a-f]{8}\}$/);
    expect(warnings).toEqual([expect.stringMatching(/Role\.customizeRoles has no name for this role yet.*\[ack: cdk-irsa:roleWithoutName\]/) as string]);
  });
});

describe('synthesising again', () => {
  test('with app.synth() gives the same', () => {
    const app = newApp();
    const stack = newAgnosticStack(app);
    addServiceAccount(stack, newRole(stack));
    const first = tree(synth(app));

    expect(tree(synth(app))).toEqual(first);
    expect(tree(app.synth({ force: true }).directory)).toEqual(first);
    expect(Object.keys(ourOutputs(templateOf(app.outdir, 'Stack')))).toEqual(['CdkIrsaManifestValues0']);
  });

  test('with force takes up what was changed', () => {
    const app = newApp();
    const stack = newAgnosticStack(app);
    const object = configMap(new Manifests(stack, 'Manifests').addChart('chart'), { a: new Bucket(stack, 'Bucket').bucketName });
    synth(app);
    object.addJsonPatch(JsonPatch.replace('/data/a', 'changed'));
    app.synth({ force: true });

    expect(manifestOf(app.outdir, 'ConfigMap').data).toEqual({ a: 'changed' });
  });

  test('with force follows a role that was renamed in between', () => {
    const app = newApp();
    const stack = newStack(app);
    const role = newRole(stack, 'Role', { roleName: 'before' });
    addServiceAccount(stack, role);
    synth(app);
    (role.node.defaultChild as CfnRole).roleName = 'after';
    app.synth({ force: true });

    expect(arnOf(app.outdir)).toBe(`arn:aws:iam::${ACCOUNT}:role/after`);
  });

  test('through Template.fromStack, before and after, changes nothing', () => {
    const app = newApp();
    const stack = newAgnosticStack(app);
    addServiceAccount(stack, newRole(stack));
    const template = Template.fromStack(stack).toJSON();
    const before = tree(app.outdir);

    expect(tree(synth(app))).toEqual(before);
    expect(Template.fromStack(stack).toJSON()).toEqual(template);
    expect(manifestFiles(app.outdir)).toHaveLength(1);
  });

  test('a Stage of its own, then the App', () => {
    const app = newApp();
    const stage = new Stage(app, 'Prod');
    const stack = new Stack(stage, 'Stack');
    addServiceAccount(stack, newRole(stack));
    stage.synth();

    expect(manifestFiles(path.join(synth(app), 'assembly-Prod'))).toHaveLength(1);
  });
});

describe('the next synth into the same folder', () => {
  /** Synthesises an app of its own into the folder. */
  function run(outdir: string, build: (stack: Stack) => void): string {
    const app = newApp({}, outdir);
    build(newStack(app));
    return synth(app);
  }

  test('removes the files of charts that are gone', () => {
    const outdir = temporaryFolder();
    run(outdir, stack => configMap(addConfig(stack).addChart('gone'), {}));
    expect(manifestFiles(outdir)).toHaveLength(2);
    run(outdir, stack => addConfig(stack));

    expect(manifestFiles(outdir)).toEqual(['Stack/Manifests/chart.k8s.yaml']);
  });

  test('removes the folder of Manifests that are gone', () => {
    const outdir = temporaryFolder();
    run(outdir, stack => {
      addConfig(stack);
      addConfig(stack, {}, 'Gone');
    });
    run(outdir, stack => addConfig(stack));

    expect(tree(path.join(outdir, 'manifests'))).toEqual(['Stack/', 'Stack/Manifests/', 'Stack/Manifests/chart.k8s.yaml', 'index.json']);
  });

  test('of the last Manifests are no longer those of the assembly', () => {
    const outdir = temporaryFolder();
    const manifestsOf = (withManifests: Record<string, boolean>): string[] => {
      const app = new App({ outdir });
      for (const [id, has] of Object.entries(withManifests)) {
        const stack = new Stack(id === 'App' ? app : new Stage(app, id), 'Stack');
        new CfnResource(stack, 'Resource', { type: 'A::B::C' });
        if (has) {
          addConfig(stack);
        }
      }
      app.synth();
      return manifestsIn(outdir).map(file => path.relative(outdir, file));
    };
    const ofApp = 'manifests/Stack/Manifests/chart.k8s.yaml';
    const ofProd = `assembly-Prod/${ofApp}`;

    expect(manifestsOf({ App: true, Prod: true })).toEqual([ofApp, ofProd]);
    expect(manifestsOf({ App: true, Prod: false })).toEqual([ofApp]);
    expect(manifestsOf({ App: false, Prod: false })).toEqual([]);
    expect(manifestsOf({ App: false, Prod: true })).toEqual([ofProd]);
  });

  test('keeps the files of others', () => {
    const outdir = temporaryFolder();
    run(outdir, stack => addConfig(stack, {}, 'Gone'));
    fs.writeFileSync(path.join(outdir, 'manifests', 'Stack', 'Gone', 'theirs.yaml'), 'theirs');
    run(outdir, stack => addConfig(stack));

    expect(manifestFiles(outdir)).toEqual(['Stack/Gone/theirs.yaml', 'Stack/Manifests/chart.k8s.yaml']);
  });

  test('removes nothing outside, whatever somebody wrote into the index', () => {
    const outdir = temporaryFolder();
    run(outdir, stack => addConfig(stack));
    fs.writeFileSync(path.join(outdir, 'theirs.yaml'), 'theirs');
    fs.writeFileSync(path.join(outdir, 'manifests', 'index.json'), JSON.stringify({ version: 1, files: ['../theirs.yaml', path.join(outdir, 'theirs.yaml'), '../manifest.json'] }));
    run(outdir, stack => addConfig(stack));

    expect(fs.readFileSync(path.join(outdir, 'theirs.yaml'), 'utf8')).toBe('theirs');
    expect(fs.existsSync(path.join(outdir, 'manifest.json'))).toBe(true);
  });
});

describe('a synth that fails', () => {
  /** Synthesises once, then again with something that fails, and gives what is there before and after, and the message. */
  function failing(
    build: (app: App, stack: Stack) => void,
    block: (outdir: string) => void = () => undefined,
  ): { before: string[]; after: string[]; message: string; outdir: string } {
    const outdir = temporaryFolder();
    const first = newApp({}, outdir);
    addConfig(newStack(first), { version: 'old' });
    synth(first);
    block(outdir);
    const manifests = path.join(outdir, 'manifests');
    const before = tree(manifests);

    const second = newApp({}, outdir);
    const stack = newStack(second);
    addConfig(stack, { version: 'new' });
    addConfig(stack, { version: 'new' }, 'More');
    build(second, stack);
    const message = messageOf(() => synth(second));
    return { before, after: tree(manifests), message, outdir };
  }

  const FAILURES: Array<[string, (app: App, stack: Stack) => void, RegExp]> = [
    ['a validation elsewhere', (_app, stack) => stack.node.addValidation({ validate: () => ['no good'] }), /no good/],
    ['a token that is left', (_app, stack) => addConfig(stack, { ['${Token[TOKEN.1]}']: 'x' }, 'Leak'), /chart\/Config: data holds a CDK token/],
    ['an object that cannot be rendered', (_app, stack) => configMap(new Manifests(stack, 'Bad').addChart('bad'), {}).addJsonPatch(JsonPatch.test('/kind', 'x')), /bad\/Config/],
    ['an aspect', app => Aspects.of(app).add({ visit: () => { throw new Error('aspect failed'); } }), /aspect failed/],
    ['a reference that cannot be resolved', (app, stack) => {
      new CfnResource(stack, 'Bad', { type: 'Own::Type::Here', properties: { Name: new Bucket(newStack(app, 'Other', { env: { account: '444455556666', region: 'us-east-1' } }), 'B').bucketName } });
    }, /Bucket|cross/i],
    ['a template with too many resources', (_app, stack) => {
      for (let i = 0; i <= 500; i++) {
        new CfnResource(stack, `R${i}`, { type: 'Own::Type::Here' });
      }
    }, /Number of resources/],
  ];

  test.each(FAILURES)('by %s leaves the manifests as they were', (_what, build, problem) => {
    const { before, after, message, outdir } = failing(build);

    expect(message).toMatch(problem);
    expect(after).toEqual(before);
    expect(manifestOf(outdir, 'ConfigMap').data).toEqual({ version: 'old' });
  });

  test.each(FAILURES.slice(0, 1))('by %s in the App leaves the manifests of its Stages as they were', (_what, build, problem) => {
    const app = newApp();
    addConfig(new Stack(new Stage(app, 'Prod'), 'Stack'));
    build(app, newStack(app));

    expect(messageOf(() => synth(app))).toMatch(problem);
    expect(tree(app.outdir).filter(file => file.endsWith('.yaml'))).toEqual([]);
  });

  test.each<[string, (outdir: string) => void, string]>([
    ['a folder in the place of a file', outdir => fs.mkdirSync(path.join(outdir, 'manifests', 'Stack', 'More', 'chart.k8s.yaml'), { recursive: true }), 'Stack/More/chart.k8s.yaml'],
    ['a file in the place of a folder', outdir => fs.writeFileSync(path.join(outdir, 'manifests', 'Stack', 'More'), 'theirs'), 'Stack/More'],
  ])('by %s leaves the manifests as they were, and says the path and the way out', (_what, block, at) => {
    const { before, after, message, outdir } = failing(() => undefined, block);

    expect(message).toContain(path.join(outdir, 'manifests', at));
    expect(message).toMatch(/make the folder writable, or choose another with 'cdk synth --output'$/);
    expect(after).toEqual(before);
    expect(manifestOf(outdir, 'ConfigMap', 'config').data).toEqual({ version: 'old' });
  });

  test('by a file in the place of the folder of all manifests says the path, and leaves it', () => {
    const outdir = temporaryFolder();
    fs.writeFileSync(path.join(outdir, 'manifests'), 'theirs');
    const app = newApp({}, outdir);
    addConfig(newStack(app));

    expect(messageOf(() => synth(app))).toContain(`manifests cannot be written to ${path.join(outdir, 'manifests')}: `);
    expect(fs.readFileSync(path.join(outdir, 'manifests'), 'utf8')).toBe('theirs');
  });
});

describe('a lookup pass, after which the CLI runs the app again', () => {
  const LOOKUPS: Array<[string, (stack: Stack) => void]> = [
    ['Vpc.fromLookup', stack => Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' })],
    ['OidcIssuer.fromLookup', stack => {
      const provider = ClusterOidcProvider.fromIssuer(stack, 'Looked', { issuer: OidcIssuer.fromLookup(stack, { clusterName: 'prod' }) });
      new IrsaRole(stack, 'LookedRole', { providers: [provider], serviceAccounts: [ServiceAccountSubject.of('default', 'looked')] });
    }],
  ];

  test.each(LOOKUPS)('of %s writes nothing', (_what, lookup) => {
    const app = newApp();
    const stack = newStack(app);
    addConfig(stack);
    lookup(stack);

    expect(app.synth().manifest.missing).toHaveLength(1);
    expect(tree(path.join(app.outdir, 'manifests'))).toEqual([]);
  });

  test.each(LOOKUPS)('of %s leaves older manifests as they were', (_what, lookup) => {
    const outdir = temporaryFolder();
    const first = newApp({}, outdir);
    configMap(addConfig(newStack(first), { version: 'old' }).addChart('gone'), {}, 'Gone');
    synth(first);
    const before = tree(path.join(outdir, 'manifests'));
    const second = newApp({}, outdir);
    const stack = newStack(second);
    addConfig(stack, { version: 'new' });
    lookup(stack);
    synth(second);

    expect(tree(path.join(outdir, 'manifests'))).toEqual(before);
    expect(manifestText(outdir, 'Stack/Manifests/chart.k8s.yaml')).toContain('old');
  });

  test.each(LOOKUPS)('of %s in another Stage writes nothing either', (_what, lookup) => {
    const app = newApp();
    addConfig(new Stack(new Stage(app, 'A', { env: ENV }), 'Stack'));
    lookup(new Stack(new Stage(app, 'B', { env: ENV }), 'Stack'));
    synth(app);

    expect(tree(app.outdir).filter(file => file.endsWith('.yaml'))).toEqual([]);
  });

  test('is over when the context has the answer', () => {
    const build = (app: App): App => {
      const stack = newStack(app);
      addConfig(stack);
      OidcIssuer.fromLookup(stack, { clusterName: 'prod' });
      return app;
    };
    const [{ key }] = build(newApp()).synth().manifest.missing!;
    const app = build(newApp({ [key]: [{ OpenIdConnectIssuerUrl: 'https://oidc.example.org/id/1', Identifier: 'prod' }] }));

    expect(app.synth().manifest.missing ?? []).toEqual([]);
    expect(manifestFiles(app.outdir)).toHaveLength(1);
  });
});
