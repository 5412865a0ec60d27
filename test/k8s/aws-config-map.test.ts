import { type App, Aspects, CfnParameter, Duration, Lazy, type Stack } from 'aws-cdk-lib';
import { CfnRole, type IRole, Role } from 'aws-cdk-lib/aws-iam';
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ACCOUNT, deployedOutputs, ENV, type Manifest, manifestFiles, manifestOf, manifestsIn, manifestText, messageOf, newAgnosticStack, newApp, newRole,
  newStack, OTHER_ACCOUNT, parse, synth,
} from './helpers';
import { AwsConfigFile, AwsConfigMap, type AwsConfigMountOptions, AwsCredentialSource, AwsProfile, CdkTokenResolver, ChainedRole, IrsaServiceAccount, Manifests, RoleChain } from '../../src';
import { valuesInOutputs } from '../../src/k8s/placeholder';
import { renderManifest } from '../../src/k8s/render-manifest';

const POD = `arn:aws:iam::${ACCOUNT}:role/pod`;
const FILE = AwsConfigFile.of(
  AwsProfile.webIdentity('default', { roleArn: POD }),
  AwsProfile.assumeRole('admin', { roleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/admin`, sourceProfile: 'default' }),
  AwsProfile.assumeRole('container', { roleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/admin`, credentialSource: AwsCredentialSource.ECS_CONTAINER }),
  AwsProfile.assumeRole('deep', { roleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/deep`, sourceProfile: 'admin' }),
  AwsProfile.webIdentity('second', { roleArn: `${POD}2` }),
);

interface Container {
  readonly name: string;
  readonly env?: Array<{ name: string; value?: string }>;
  readonly volumeMounts?: Array<{ name: string; mountPath: string; readOnly?: boolean }>;
}

interface PodTemplate {
  readonly metadata: { annotations?: Record<string, string> };
  readonly spec: { containers: Container[]; initContainers?: Container[]; volumes?: Array<{ name: string; configMap: { name: string } }> };
}

function chartIn(namespace?: string, app = new cdk8s.App()): cdk8s.Chart {
  return new cdk8s.Chart(app, 'chart', { namespace });
}

function deployment(chart: cdk8s.Chart, id = 'Web', ...names: string[]): kplus.Deployment {
  return new kplus.Deployment(chart, id, { containers: (names.length > 0 ? names : ['main']).map(name => ({ name, image: 'web:1' })) });
}

/** A workload whose pods begin a chain of roles with this one. */
function irsaDeployment(chart: cdk8s.Chart, role: IRole): kplus.Deployment {
  const serviceAccount = new IrsaServiceAccount(chart, 'ServiceAccount', { role });
  return new kplus.Deployment(chart, 'Web', { serviceAccount, containers: [{ name: 'main', image: 'web:1' }] });
}

/** The objects of a chart as cdk8s writes them. */
function objects(chart: cdk8s.Chart): Manifest[] {
  return cdk8s.Testing.synth(chart) as Manifest[];
}

function templateOf(chart: cdk8s.Chart, kind = 'Deployment', index = 0): PodTemplate {
  interface Spec { readonly template: PodTemplate; readonly jobTemplate?: { readonly spec: Spec } }
  const { spec } = objects(chart).filter(object => object.kind === kind)[index] as { spec?: Spec };
  return spec?.jobTemplate?.spec.template ?? spec!.template;
}

const variables = ({ env = [] }: Container) => Object.fromEntries(env.map(({ name, value }) => [name, value]));

function mounted(options?: AwsConfigMountOptions, file = FILE): PodTemplate {
  const chart = chartIn();
  const web = deployment(chart);
  new AwsConfigMap(chart, 'Config', { file }).mountInto(web, options);
  return templateOf(chart);
}

describe('the ConfigMap', () => {
  test('has the file under the key config, and what else it is told', () => {
    const chart = chartIn('team');
    new AwsConfigMap(chart, 'Config', { file: FILE, data: { other: 'x' }, metadata: { name: 'aws', labels: { team: 'a' } }, immutable: true });
    expect(objects(chart)).toEqual([{
      apiVersion: 'v1', kind: 'ConfigMap', immutable: true, metadata: { name: 'aws', namespace: 'team', labels: { team: 'a' } }, data: { other: 'x', config: FILE.text },
    }]);
  });

  test('fails when data has a file config already', () => {
    expect(() => new AwsConfigMap(chartIn(), 'Config', { file: FILE, data: { config: 'x' } })).toThrow(/config/);
  });
});

describe('mountInto', () => {
  test('mounts the file read-only and says where it is', () => {
    const { spec } = mounted();
    expect(variables(spec.containers[0])).toEqual({ AWS_CONFIG_FILE: '/etc/aws-config/config' });
    expect(spec.containers[0].volumeMounts).toEqual([{ name: spec.volumes![0].name, mountPath: '/etc/aws-config', readOnly: true }]);
    expect(spec.volumes).toEqual([{ name: expect.stringMatching(/^aws-config-[0-9a-f]{8}$/), configMap: { name: expect.stringMatching(/^chart-config-/) } }]);
  });

  test.each([
    ['default', POD], ['admin', POD], ['deep', POD], ['second', `${POD}2`],
  ])('with the profile %s has the webhook leave the container alone: SDKs would prefer its variables', (profile, role) => {
    expect(variables(mounted({ profile }).spec.containers[0])).toEqual({ AWS_CONFIG_FILE: '/etc/aws-config/config', AWS_PROFILE: profile, AWS_ROLE_ARN: role });
  });

  test('with a profile that begins without a token sets no role', () => {
    expect(variables(mounted({ profile: 'container' }).spec.containers[0])).toEqual({ AWS_CONFIG_FILE: '/etc/aws-config/config', AWS_PROFILE: 'container' });
  });

  test('sets AWS_SDK_LOAD_CONFIG where asked', () => {
    expect(variables(mounted({ loadConfig: true }).spec.containers[0])).toEqual({ AWS_CONFIG_FILE: '/etc/aws-config/config', AWS_SDK_LOAD_CONFIG: '1' });
    expect(variables(mounted({ loadConfig: false }).spec.containers[0])).not.toHaveProperty('AWS_SDK_LOAD_CONFIG');
  });

  test('takes all containers, init containers too, or those that are chosen', () => {
    const chart = chartIn();
    const [all, some] = [deployment(chart, 'All', 'a', 'b'), deployment(chart, 'Some', 'a', 'b')];
    [all, some].forEach(pod => pod.addInitContainer({ name: 'init', image: 'init:1' }));
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    config.mountInto(all);
    config.mountInto(some, { containers: [some.containers[1]] });
    const withFile = (index: number) => {
      const { containers, initContainers = [] } = templateOf(chart, 'Deployment', index).spec;
      return [...initContainers, ...containers].filter(container => container.volumeMounts).map(({ name }) => name);
    };
    expect(withFile(0)).toEqual(['init', 'a', 'b']);
    expect(withFile(1)).toEqual(['b']);
  });

  test('gives containers of one pod different profiles', () => {
    const chart = chartIn();
    const web = deployment(chart, 'Web', 'a', 'b');
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    web.containers.forEach((container, index) => config.mountInto(web, { containers: [container], profile: ['admin', 'deep'][index] }));
    const { spec, metadata } = templateOf(chart);
    expect(spec.containers.map(container => variables(container).AWS_PROFILE)).toEqual(['admin', 'deep']);
    expect(spec.volumes).toHaveLength(1);
    expect(metadata.annotations).toEqual({ 'cdk-irsa/aws-config': expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  test.each<[string, (chart: cdk8s.Chart) => kplus.AbstractPod]>([
    ['Job', chart => new kplus.Job(chart, 'Pod', { containers: [{ image: 'x' }] })],
    ['CronJob', chart => new kplus.CronJob(chart, 'Pod', { containers: [{ image: 'x' }], schedule: cdk8s.Cron.daily() })],
    ['StatefulSet', chart => new kplus.StatefulSet(chart, 'Pod', { containers: [{ image: 'x' }], service: new kplus.Service(chart, 'Service', { ports: [{ port: 80 }] }) })],
    ['DaemonSet', chart => new kplus.DaemonSet(chart, 'Pod', { containers: [{ image: 'x' }] })],
  ])('knows a %s', (kind, make) => {
    const chart = chartIn();
    new AwsConfigMap(chart, 'Config', { file: FILE }).mountInto(make(chart));
    const { metadata, spec } = templateOf(chart, kind);
    expect(metadata.annotations).toHaveProperty(['cdk-irsa/aws-config']);
    expect(variables(spec.containers[0])).toHaveProperty('AWS_CONFIG_FILE');
  });

  test('knows a Pod', () => {
    const chart = chartIn();
    new AwsConfigMap(chart, 'Config', { file: FILE }).mountInto(new kplus.Pod(chart, 'Pod', { containers: [{ image: 'x' }] }));
    const pod = objects(chart).find(({ kind }) => kind === 'Pod')!;
    expect(pod.metadata.annotations).toHaveProperty(['cdk-irsa/aws-config']);
    expect(pod.spec).toMatchObject({ containers: [{ env: [{ name: 'AWS_CONFIG_FILE' }] }] });
  });

  test('has the file applied before the pods that read it', () => {
    const chart = chartIn();
    const web = deployment(chart);
    new AwsConfigMap(chart, 'Config', { file: FILE }).mountInto(web);
    expect(objects(chart).map(({ kind }) => kind)).toEqual(['ConfigMap', 'Deployment']);
  });

  test('reaches workloads in other charts', () => {
    const app = new cdk8s.App();
    const [one, two] = ['one', 'two'].map(id => new cdk8s.Chart(app, id, { namespace: 'team' }));
    new AwsConfigMap(one, 'Config', { file: FILE }).mountInto(deployment(two));
    expect(templateOf(two).spec.volumes).toEqual([{ name: expect.any(String), configMap: { name: objects(one)[0].metadata.name } }]);
  });

  test.each([['a', 'b'], ['a', undefined], [undefined, 'b']])('fails for pods in another namespace (%s, %s)', (own, other) => {
    const app = new cdk8s.App();
    const [one, two] = [[own, 'one'], [other, 'two']].map(([namespace, id]) => new cdk8s.Chart(app, id!, { namespace }));
    const config = new AwsConfigMap(one, 'Config', { file: FILE });
    expect(() => config.mountInto(deployment(two))).toThrow(`two/Web is in ${other ? `the namespace '${other}'` : 'no namespace'} and one/Config in ${own ? `the namespace '${own}'` : 'no namespace'}`);
  });

  test('fails for a container of another pod', () => {
    const chart = chartIn();
    const [one, two] = [deployment(chart, 'One', 'a'), deployment(chart, 'Two', 'b')];
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    expect(() => config.mountInto(one, { containers: two.containers })).toThrow("container 'b' is not one of chart/One (a)");
    expect(one.containers[0].mounts).toEqual([]);
  });

  test.each([
    ['AWS_CONFIG_FILE', {}], ['AWS_PROFILE', { profile: 'admin' }], ['AWS_ROLE_ARN', { profile: 'admin' }], ['AWS_SDK_LOAD_CONFIG', { loadConfig: true }],
  ])('fails where a container has %s already', (name, options) => {
    const chart = chartIn();
    const web = deployment(chart);
    web.containers[0].env.addVariable(name, kplus.EnvValue.fromValue('mine'));
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    expect(() => config.mountInto(web, options)).toThrow(`container 'main' of chart/Web has ${name} already`);
  });

  test('fails with a profile where a container has the path of the token: SDKs would prefer it', () => {
    const chart = chartIn();
    const web = deployment(chart);
    web.containers[0].env.addVariable('AWS_WEB_IDENTITY_TOKEN_FILE', kplus.EnvValue.fromValue('/token'));
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    expect(() => config.mountInto(web, { profile: 'admin' })).toThrow("container 'main' of chart/Web has AWS_WEB_IDENTITY_TOKEN_FILE already");
    expect(() => config.mountInto(web)).not.toThrow();
  });

  test.each(['AWS_CONFIG_FILE', 'AWS_PROFILE', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'])('fails where %s is changed later', name => {
    const chart = chartIn();
    const web = deployment(chart);
    new AwsConfigMap(chart, 'Config', { file: FILE }).mountInto(web, { profile: 'admin' });
    web.containers[0].env.addVariable(name, kplus.EnvValue.fromValue('mine'));
    expect(messageOf(() => objects(chart))).toContain(`container 'main' of chart/Web has ${name} of its own after mountInto`);
  });

  test('fails when it is called twice for one container', () => {
    const chart = chartIn();
    const web = deployment(chart);
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    config.mountInto(web);
    expect(() => config.mountInto(web)).toThrow('has AWS_CONFIG_FILE already');
  });

  test('fails for a profile that the file does not have', () => {
    expect(() => mounted({ profile: 'amdin' })).toThrow("there is no profile 'amdin' in the file, which a container is to use; it has default, admin, container, deep, second");
  });

  test('fails for containers that come later, unless it is said which get the file', () => {
    const chart = chartIn();
    const [all, some] = [deployment(chart, 'All'), deployment(chart, 'Some')];
    const config = new AwsConfigMap(chart, 'Config', { file: FILE });
    config.mountInto(all);
    config.mountInto(some, { containers: some.containers });
    some.addContainer({ name: 'later', image: 'x' });
    expect(() => objects(chart)).not.toThrow();
    all.addContainer({ name: 'later', image: 'x' });
    expect(() => objects(chart)).toThrow("container 'later' of chart/All came after mountInto and does not have the file");
  });
});

describe('the annotation of the pods', () => {
  const annotation = (template: PodTemplate) => template.metadata.annotations!['cdk-irsa/aws-config'];

  test('is the same for the same file, and another for another', () => {
    expect(annotation(mounted())).toBe(annotation(mounted({ profile: 'admin' })));
    expect(annotation(mounted({}, AwsConfigFile.of(AwsProfile.webIdentity('default', { roleArn: POD }))))).not.toBe(annotation(mounted()));
  });

  test('changes with a patch of the ConfigMap, and with whatever else is in it', () => {
    const annotationWith = (change: (config: AwsConfigMap) => void) => {
      const chart = chartIn();
      const config = new AwsConfigMap(chart, 'Config', { file: FILE });
      config.mountInto(deployment(chart));
      change(config);
      return annotation(templateOf(chart));
    };
    const all = [
      () => {},
      (config: AwsConfigMap) => config.addData('other', 'x'),
      (config: AwsConfigMap) => config.addBinaryData('binary', 'eA=='),
      (config: AwsConfigMap) => cdk8s.ApiObject.of(config).addJsonPatch(cdk8s.JsonPatch.replace('/data/config', 'mine')),
    ].map(annotationWith);
    expect(new Set(all).size).toBe(all.length);
    expect(annotationWith(() => {})).toBe(all[0]);
  });

  test('changes with any of several files in a pod', () => {
    const both = (second: string) => {
      const chart = chartIn();
      const web = deployment(chart, 'Web', 'a', 'b');
      [POD, second].forEach((roleArn, index) => new AwsConfigMap(chart, `Config${index}`, { file: AwsConfigFile.of(AwsProfile.webIdentity('default', { roleArn })) })
        .mountInto(web, { containers: [web.containers[index]] }));
      return annotation(templateOf(chart));
    };
    expect(both(`${POD}2`)).not.toBe(both(`${POD}3`));
    expect(both(`${POD}2`)).toMatch(/^[0-9a-f]{16} [0-9a-f]{16}$/);
  });
});

describe('with roles of a CDK app', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = newApp();
    stack = newStack(app, 'Tools');
  });

  function chainTo(...stacks: Stack[]): RoleChain {
    const chain = new RoleChain(stack, 'Chain', { role: newRole(stack, 'Pod', { roleName: stack.account === ACCOUNT ? 'pod' : undefined }) });
    stacks.forEach((other, index) => chain.to(new ChainedRole(other, 'Admin', { roleName: 'admin' }), { profile: `admin${index}` }));
    return chain;
  }

  test('writes their ARNs', () => {
    const chain = chainTo(newStack(app, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } }));
    new AwsConfigMap(new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' }), 'Config', { file: AwsConfigFile.fromRoleChain(chain) });
    expect(manifestOf(synth(app), 'ConfigMap').data?.config).toBe([
      '[default]',
      `role_arn = arn:aws:iam::${ACCOUNT}:role/pod`,
      'web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token',
      '[profile admin0]',
      'source_profile = default',
      `role_arn = arn:aws:iam::${OTHER_ACCOUNT}:role/admin`,
      '',
    ].join('\n'));
  });

  test('has links that are added after it', () => {
    const chain = new RoleChain(stack, 'Chain', { role: newRole(stack, 'Pod', { roleName: 'pod' }), profile: 'pod', region: 'eu-west-1', roleSessionName: 'web' });
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(irsaDeployment(chart, chain.role), { profile: 'later' });
    chain.to(new ChainedRole(stack, 'Admin', { roleName: 'admin' }), {
      profile: 'later', region: 'us-east-1', roleSessionName: 'admin', externalId: 'id-1', duration: Duration.minutes(20),
    });
    const assembly = synth(app);
    expect(manifestOf(assembly, 'ConfigMap').data?.config).toBe([
      '[profile pod]', `role_arn = ${POD}`, 'web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token', 'role_session_name = web', 'region = eu-west-1',
      '[profile later]', 'source_profile = pod', `role_arn = arn:aws:iam::${ACCOUNT}:role/admin`, 'external_id = id-1', 'duration_seconds = 1200', 'role_session_name = admin', 'region = us-east-1',
      '',
    ].join('\n'));
    const { spec } = manifestOf(assembly, 'Deployment') as unknown as { spec: { template: PodTemplate } };
    expect(variables(spec.template.spec.containers[0])).toMatchObject({ AWS_PROFILE: 'later', AWS_ROLE_ARN: POD });
  });

  test('fails when the link of a profile never comes', () => {
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    const chain = chainTo();
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(irsaDeployment(chart, chain.role), { profile: 'later' });
    expect(messageOf(() => synth(app))).toContain("there is no profile 'later' in the file, which a container is to use; it has default");
  });

  test('takes the names that aspects give late', () => {
    const chain = chainTo(newStack(app, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } }));
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(irsaDeployment(chart, chain.role), { profile: 'admin0' });
    Aspects.of(app).add({ visit: node => { if (node instanceof CfnRole) { node.roleName = `x-${String(node.roleName)}`; } } });
    const assembly = synth(app);
    expect(manifestOf(assembly, 'ConfigMap').data?.config).toContain(':role/x-admin\n');
    expect(JSON.stringify(manifestOf(assembly, 'Deployment'))).toContain(`"AWS_ROLE_ARN","value":"arn:aws:iam::${ACCOUNT}:role/x-pod"`);
  });

  test('works in a cdk8s app of its own, with and without our resolver', () => {
    for (const props of [{}, { resolvers: [new CdkTokenResolver()] }]) {
      const chart = chartIn('default', new cdk8s.App(props));
      const chain = new RoleChain(stack, `Chain${Object.keys(props).length}`, { role: newRole(stack, `Pod${Object.keys(props).length}`, { roleName: 'pod' }) });
      new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(irsaDeployment(chart, chain.role), { profile: 'default' });
      expect(objects(chart).find(({ kind }) => kind === 'ConfigMap')!.data?.config).toContain(`role_arn = ${POD}\n`);
      expect(variables(templateOf(chart).spec.containers[0]).AWS_ROLE_ARN).toBe(POD);
    }
  });

  test('fails in a cdk8s app of its own for what only CloudFormation knows', () => {
    const agnostic = newAgnosticStack(app, 'Agnostic');
    const chart = chartIn('team');
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(new RoleChain(agnostic, 'Chain', { role: newRole(agnostic) })) });
    expect(messageOf(() => objects(chart))).toContain('Agnostic/Role/Resource.Arn is known only at deployment');
  });

  test('fails for what is no ARN of a role after all', () => {
    const role = newRole(stack);
    (role.node.defaultChild as CfnRole).addPropertyOverride('RoleName', 'two words');
    new AwsConfigMap(new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' }), 'Config', { file: AwsConfigFile.fromRoleChain(new RoleChain(stack, 'Chain', { role })) });
    expect(messageOf(() => synth(app))).toContain("chart/Config: 'arn:aws:iam::111122223333:role/two words' is not the ARN of a role");
  });

  test('lets Role.customizeRoles write its report while roles have no names yet', () => {
    Role.customizeRoles(stack);
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(new RoleChain(stack, 'Chain', { role: newRole(stack) })) });
    expect(String(manifestOf(synth(app), 'ConfigMap').data?.config)).toMatch(/^role_arn = \$\{cdk-irsa:[^}]+\}$/m);
  });
});

describe('in stacks without an environment', () => {
  /** The manifests before deployment, and after one that gave roles these names. */
  function deploy(...names: string[]): { before: Manifest[]; after: Manifest[][] } {
    const app = newApp();
    const stack = newAgnosticStack(app);
    const chain = new RoleChain(stack, 'Chain', { role: newRole(stack, 'Pod') });
    chain.to(new ChainedRole(stack, 'Admin'), { profile: 'admin' });
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(irsaDeployment(chart, chain.role), { profile: 'admin' });
    const assembly = synth(app);
    const after = names.map(name => {
      const values = valuesInOutputs(deployedOutputs(assembly, ['Stack'], intrinsic => `arn:aws:iam::${ACCOUNT}:role/${/Pod|Admin/.exec(intrinsic)![0]}-${name}`));
      return manifestFiles(assembly).flatMap(file => parse(renderManifest(manifestText(assembly, file), values)));
    });
    return { before: manifestsIn(assembly), after };
  }

  const podOf = (manifests: Manifest[]) => (manifests.find(({ kind }) => kind === 'Deployment')!.spec as { template: PodTemplate }).template;

  test('the file is filled in after deployment', () => {
    const { before, after: [rendered] } = deploy('x');
    expect(before.every(({ metadata }) => 'run cdk-irsa render first' in metadata.annotations!)).toBe(true);
    expect(rendered.find(({ kind }) => kind === 'ConfigMap')!.data?.config).toBe([
      '[default]', `role_arn = arn:aws:iam::${ACCOUNT}:role/Pod-x`, 'web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token',
      '[profile admin]', 'source_profile = default', `role_arn = arn:aws:iam::${ACCOUNT}:role/Admin-x`, '',
    ].join('\n'));
    expect(variables(podOf(rendered).spec.containers[0]).AWS_ROLE_ARN).toBe(`arn:aws:iam::${ACCOUNT}:role/Pod-x`);
  });

  test('pods roll when a deployment gives another value, though the manifest before it is the same', () => {
    const { after } = deploy('x', 'x', 'y');
    const [one, same, other] = after.map(manifests => podOf(manifests).metadata.annotations!['cdk-irsa/aws-config']);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(other).toMatch(/^[0-9a-f]{16} arn:aws:iam::\d{12}:role\/Pod-y arn:aws:iam::\d{12}:role\/Admin-y$/);
  });
});

describe('values that are tokens when a profile is made', () => {
  const EVIL = 'x\ncredential_process = evil';
  const lazily = (produce: string) => Lazy.string({ produce: () => produce });

  function messageFor(profile: AwsProfile): string {
    const chart = chartIn();
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.of(profile) });
    return messageOf(() => objects(chart));
  }

  test.each<[string, () => AwsProfile, string]>([
    ['session name', () => AwsProfile.webIdentity('default', { roleArn: POD, roleSessionName: lazily(EVIL) }), 'is not a role session name'],
    ['region', () => AwsProfile.webIdentity('default', { roleArn: POD, region: lazily(EVIL) }), 'is not a region'],
    ['role', () => AwsProfile.webIdentity('default', { roleArn: lazily(`${POD}\n[profile evil]`) }), 'is not the ARN of a role'],
    ['external id', () => AwsProfile.assumeRole('default', { roleArn: POD, credentialSource: AwsCredentialSource.ECS_CONTAINER, externalId: lazily(EVIL) }), 'is not an external id'],
  ])('fail where the %s turns out to be more than a value', (_name, profile, message) => {
    expect(messageFor(profile())).toContain(message);
  });

  test('are written where they are what they should be', () => {
    const chart = chartIn();
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.of(AwsProfile.webIdentity('default', { roleArn: POD, roleSessionName: lazily('web'), region: lazily('eu-west-1') })) });
    expect(objects(chart)[0].data?.config).toContain('role_session_name = web\nregion = eu-west-1\n');
  });

  test('are checked by render where only deployment knows them', () => {
    const app = newApp();
    const stack = newStack(app, 'Tools');
    const roleSessionName = new CfnParameter(stack, 'Name').valueAsString;
    const chart = new Manifests(stack, 'Manifests').addChart('chart');
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.of(AwsProfile.webIdentity('default', { roleArn: POD, roleSessionName })) });
    const assembly = synth(app);
    const [file] = manifestFiles(assembly);
    const rendered = (name: string) => renderManifest(manifestText(assembly, file), valuesInOutputs(deployedOutputs(assembly, ['Tools'], () => name)));
    expect((parse(rendered('web'))[0].data as { config: string }).config).toContain('role_session_name = web\n');
    expect(messageOf(() => rendered(EVIL))).toContain('stands within one line of a file');
  });

  test('fail with a line break beside what only deployment knows', () => {
    const stack = newStack(newApp(), 'Tools');
    const parameter = new CfnParameter(stack, 'Name').valueAsString;
    for (const roleSessionName of [`${parameter}${lazily(EVIL)}`, `${lazily(EVIL)}${parameter}`]) {
      const app = newApp();
      const tools = newStack(app, 'Tools');
      const chart = new Manifests(tools, 'Manifests').addChart('chart');
      const known = new CfnParameter(tools, 'Name').valueAsString;
      new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.of(AwsProfile.webIdentity('default', { roleArn: POD, roleSessionName: roleSessionName.replace(parameter, known) })) });
      expect(messageOf(() => synth(app))).toContain('it would be more than one setting');
    }
  });
});
