import * as fs from 'node:fs';
import * as path from 'node:path';
import { App as CdkApp, Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal, type CfnRole, CompositePrincipal, FederatedPrincipal, type IPrincipal,
  PolicyStatement, Role, ServicePrincipal, WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { ApiObject, App, Chart, Cron, Include, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ACCOUNT, manifestOf, messageOf, newAgnosticStack, newApp, newProvider, newRole, newStack, OTHER_ACCOUNT, synth, temporaryFolder } from './helpers';
import { newManifests, newWorld, plainDeployment, podsOf, READER_ARN, type World } from './injection-world';
import { refusals } from './webhook/pod-rules';
import { container, env, FILE, MOUNT, token } from './webhook/pods';
import { CdkTokenResolver, IrsaServiceAccount, Manifests, ServiceAccountPrincipal, ServiceAccountSubject, WebIdentityInjection } from '../../src';
import { podTemplatesIn } from '../../src/k8s/webhook/pod-templates';

const BOTH = [`AWS_ROLE_ARN=${READER_ARN}`, `AWS_WEB_IDENTITY_TOKEN_FILE=${FILE}`];

let world: World;
beforeEach(() => {
  world = newWorld();
});

function deployment({ chart, account }: World, id = 'Web'): kplus.Deployment {
  return new kplus.Deployment(chart, id, { serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }] });
}

describe('covers', () => {
  test.each<[string, (w: World) => void]>([
    ['a Deployment', ({ chart, account }) => WebIdentityInjection.into(new kplus.Deployment(chart, 'W', { serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }] }))],
    ['a StatefulSet', ({ chart, account }) => WebIdentityInjection.into(new kplus.StatefulSet(chart, 'W', {
      serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }], service: new kplus.Service(chart, 'S', { ports: [{ port: 80 }] }),
    }))],
    ['a DaemonSet', ({ chart, account }) => WebIdentityInjection.into(new kplus.DaemonSet(chart, 'W', { serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }] }))],
    ['a Job', ({ chart, account }) => WebIdentityInjection.into(new kplus.Job(chart, 'W', { serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }] }))],
    ['a CronJob', ({ chart, account }) => WebIdentityInjection.into(new kplus.CronJob(chart, 'W', { schedule: Cron.daily(), serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }] }))],
    ['a Pod', ({ chart, account }) => WebIdentityInjection.into(new kplus.Pod(chart, 'W', { serviceAccount: account, containers: [{ name: 'main', image: 'web:1' }] }))],
    ['a plain ApiObject', ({ chart }) => WebIdentityInjection.into(plainDeployment(chart))],
    ['a chart', ({ chart }) => {
      plainDeployment(chart);
      WebIdentityInjection.into(chart);
    }],
    ['an app', ({ app, chart }) => {
      WebIdentityInjection.into(app);
      plainDeployment(chart);
    }],
  ])('%s', (_what, inject) => {
    inject(world);
    const [pod] = podsOf(world.chart);
    expect(env(pod)).toEqual(BOTH);
    expect(container(pod).volumeMounts).toContainEqual(MOUNT);
    expect(token(pod)).toEqual({ audience: 'sts.amazonaws.com', expirationSeconds: 86400, path: 'token' });
    expect(refusals(pod)).toEqual([]);
  });

  test('included manifests', () => {
    const file = path.join(temporaryFolder(), 'theirs.yaml');
    fs.writeFileSync(file, `
apiVersion: v1
kind: ServiceAccount
metadata: {name: theirs, namespace: default, annotations: {eks.amazonaws.com/role-arn: "${READER_ARN}", eks.amazonaws.com/token-expiration: "700"}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: default}
spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {spec: {serviceAccountName: theirs, containers: [{name: main, image: x}]}}}}}
`);
    WebIdentityInjection.into(new Include(world.chart, 'Theirs', { url: file }));
    const [pod] = podsOf(world.chart);
    expect(env(pod)).toEqual(BOTH);
    expect(token(pod).expirationSeconds).toBe(700);
  });

  test('custom resources, where podTemplates says so', () => {
    const podTemplates = { 'argoproj.io/Rollout': 'spec.template' };
    const rollout = new ApiObject(world.chart, 'Rollout', {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { template: { spec: { serviceAccountName: 'reader', containers: [{ name: 'main' }] } } },
    });
    WebIdentityInjection.into(rollout, { podTemplates });
    expect(env(podsOf(world.chart, podTemplates)[0])).toEqual(BOTH);
  });

  test('containers and objects that come later, and patches', () => {
    const web = deployment(world);
    WebIdentityInjection.into(world.chart);
    web.addContainer({ name: 'late', image: 'late:1' });
    web.addInitContainer({ name: 'init', image: 'init:1' });
    ApiObject.of(web).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/-', { name: 'patched', image: 'x' }));
    plainDeployment(world.chart);
    const [pod, plain] = podsOf(world.chart);
    for (const name of ['main', 'late', 'init', 'patched']) {
      expect(env(pod, name)).toEqual(BOTH);
    }
    expect(env(plain)).toEqual(BOTH);
  });

  test('nothing outside of its scope', () => {
    WebIdentityInjection.into(deployment(world));
    plainDeployment(world.chart);
    expect(container(podsOf(world.chart)[1])).toEqual({ name: 'main', image: 'web:1' });
  });

  test.each<[string, (w: World) => string]>([
    ['App.synthYaml', ({ app }) => app.synthYaml()],
    ['Chart.toJson, which addCdk8sChart uses', ({ chart }) => JSON.stringify(chart.toJson())],
    ['ApiObject.toJson', ({ chart }) => JSON.stringify(ApiObject.of(chart.node.findChild('Plain')).toJson())],
    ['App.synth', ({ app }) => {
      app.synth();
      return fs.readFileSync(path.join(app.outdir, 'chart.k8s.yaml'), 'utf8');
    }],
  ])('what %s writes', (_what, write) => {
    const app = new App({ resolvers: [new CdkTokenResolver()], outdir: temporaryFolder() });
    const chart = new Chart(app, 'chart', { namespace: 'default' });
    new IrsaServiceAccount(chart, 'Account', { role: world.role });
    WebIdentityInjection.into(plainDeployment(chart));
    expect(write({ ...world, app, chart }).match(/AWS_WEB_IDENTITY_TOKEN_FILE/g)).toHaveLength(1);
  });
});

describe('in Manifests', () => {
  test('writes what it injects at cdk synth', () => {
    const { chart, stack, account } = newManifests();
    WebIdentityInjection.into(new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }] }));
    const [{ template }] = podTemplatesIn(manifestOf(synth(stack.node.root as CdkApp), 'Deployment'));
    expect(env(template)).toEqual(BOTH);
  });

  test('a role without a name becomes a placeholder, to be filled in after deployment', () => {
    const stack = newAgnosticStack(newApp());
    const role = newRole(stack);
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    WebIdentityInjection.into(plainDeployment(chart), { role, region: Aws.REGION });
    const manifest = manifestOf(synth(stack.node.root as CdkApp), 'Deployment');
    const [{ template }] = podTemplatesIn(manifest);
    expect(env(template)).toEqual([
      'AWS_STS_REGIONAL_ENDPOINTS=regional',
      expect.stringMatching(/^AWS_DEFAULT_REGION=\$\{cdk-irsa:/), expect.stringMatching(/^AWS_REGION=\$\{cdk-irsa:/), expect.stringMatching(/^AWS_ROLE_ARN=\$\{cdk-irsa:/),
      `AWS_WEB_IDENTITY_TOKEN_FILE=${FILE}`,
    ]);
    expect(manifest.metadata.annotations).toHaveProperty(['run cdk-irsa render first']);
  });

  test('the region of a stack with an environment is literal', () => {
    const { chart, stack } = newManifests();
    WebIdentityInjection.into(plainDeployment(chart), { region: Stack.of(stack).region });
    expect(env(podTemplatesIn(manifestOf(synth(stack.node.root as CdkApp), 'Deployment'))[0].template)).toContain('AWS_REGION=eu-west-1');
  });

  test('containers that come behind the first rendering are covered', () => {
    const { chart, stack, account } = newManifests();
    WebIdentityInjection.into(chart);
    const web = new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ name: 'main', image: 'x' }] });
    synth(stack.node.root as CdkApp);
    web.addContainer({ name: 'late', image: 'x' });
    expect(env(podsOf(chart)[0], 'late')).toEqual(BOTH);
  });
});

describe('takes the role', () => {
  test("of the service account's annotation, with its other annotations", () => {
    const stack = newStack(newApp());
    const role = newRole(stack, 'Role', { roleName: 'reader', audience: 'vault', serviceAccounts: [ServiceAccountSubject.of('default', 'other')] });
    new IrsaServiceAccount(world.chart, 'Other', { role, tokenExpiration: Duration.hours(1), regionalSts: true });
    WebIdentityInjection.into(plainDeployment(world.chart, 'Plain', 'other'));
    const [pod] = podsOf(world.chart);
    expect(env(pod)).toEqual(['AWS_STS_REGIONAL_ENDPOINTS=regional', ...BOTH]);
    expect(token(pod)).toEqual({ audience: 'vault', expirationSeconds: 3600, path: 'token' });
  });

  test('of default, for a pod without a service account', () => {
    const file = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', annotations: { 'eks.amazonaws.com/role-arn': READER_ARN } } };
    new ApiObject(world.chart, 'Default', file);
    const pod = new ApiObject(world.chart, 'Pod', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'main' }] } });
    WebIdentityInjection.into(pod);
    expect(env(podsOf(world.chart)[0])).toEqual(BOTH);
  });

  test('that it is told, for a service account that is made elsewhere', () => {
    const app = new App({ resolvers: [new CdkTokenResolver()] });
    const chart = new Chart(app, 'chart', { namespace: 'default' });
    WebIdentityInjection.into(plainDeployment(chart), { role: world.role });
    expect(env(podsOf(chart)[0])).toEqual(BOTH);
  });

  test('of which only the ARN is known, with the audience it is told', () => {
    const role = Role.fromRoleArn(world.stack, 'Theirs', `arn:aws:iam::${OTHER_ACCOUNT}:role/theirs`);
    const chart = new Chart(new App(), 'chart');
    WebIdentityInjection.into(plainDeployment(chart), { role, audience: 'vault', tokenExpiration: Duration.minutes(10), regionalSts: true });
    const [pod] = podsOf(chart);
    expect(env(pod)).toEqual(['AWS_STS_REGIONAL_ENDPOINTS=regional', `AWS_ROLE_ARN=arn:aws:iam::${OTHER_ACCOUNT}:role/theirs`, BOTH[1]]);
    expect(token(pod)).toMatchObject({ audience: 'vault', expirationSeconds: 600 });
  });

  test('of the service account in its own chart, when another cluster has one of that name', () => {
    const other = new Chart(world.app, 'other', { namespace: 'default' });
    const role = newRole(newStack(newApp(), 'Green'), 'Role', { roleName: 'green' });
    new IrsaServiceAccount(other, 'Account', { role });
    plainDeployment(other);
    WebIdentityInjection.into(world.app);
    plainDeployment(world.chart);
    expect(env(podsOf(world.chart)[0])).toEqual(BOTH);
    expect(env(podsOf(other)[0])[0]).toBe(`AWS_ROLE_ARN=arn:aws:iam::${ACCOUNT}:role/green`);
  });

  test('of another chart, when its own has none', () => {
    const other = new Chart(world.app, 'other', { namespace: 'default' });
    WebIdentityInjection.into(plainDeployment(other));
    expect(env(podsOf(other)[0])).toEqual(BOTH);
  });
});

describe('several roles in a pod', () => {
  const subject = ServiceAccountSubject.of('default', 'reader');
  const arn = (name: string): string => `AWS_ROLE_ARN=arn:aws:iam::${ACCOUNT}:role/${name}`;

  test('have their containers, and leave the others the role of the pod', () => {
    const uploader = newRole(world.stack, 'Uploader', { roleName: 'uploader', serviceAccounts: [subject] });
    const archive = newRole(world.stack, 'Archive', { roleName: 'archive', serviceAccounts: [subject], audience: 'archive' });
    WebIdentityInjection.into(plainDeployment(world.chart, 'Plain', 'reader', ['up', 'archive', 'main']), { containerRoles: { up: uploader, archive } });
    const [pod] = podsOf(world.chart);
    expect(['up', 'archive', 'main'].map(name => env(pod, name)[0])).toEqual([arn('uploader'), arn('archive'), arn('reader')]);
    expect(pod.spec.volumes?.map(({ name }) => token(pod, name).audience)).toEqual(['sts.amazonaws.com', 'archive']);
    expect(refusals(pod)).toEqual([]);
  });

  test('fail when one does not trust the service account of the pod', () => {
    const stranger = newRole(world.stack, 'Stranger', { roleName: 'stranger', serviceAccounts: [ServiceAccountSubject.of('default', 'other')] });
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { main: stranger } });
    expect(messageOf(() => podsOf(world.chart))).toContain('chart/Plain: it runs as default/reader, which Stack/Stranger does not trust (it trusts default/other): STS would refuse it; '
      + "add it to the role's serviceAccounts, or correct the pod's service account");
  });

  test('pass when a pattern of the role includes it', () => {
    const wide = newRole(world.stack, 'Wide', { roleName: 'wide', serviceAccounts: [ServiceAccountSubject.anyInNamespace('default')] });
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { main: wide } });
    expect(env(podsOf(world.chart)[0])[0]).toBe(arn('wide'));
  });

  test('fail when a container is not there', () => {
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { mian: world.role } });
    expect(messageOf(() => podsOf(world.chart))).toContain("[chart/Plain] containerRoles has 'mian', and the containers are main");
  });

  test('may be spread over the pods of a scope', () => {
    plainDeployment(world.chart, 'One', 'reader', ['one']);
    plainDeployment(world.chart, 'Two', 'reader', ['two']);
    WebIdentityInjection.into(world.chart, { containerRoles: { one: world.role, two: world.role } });
    expect(podsOf(world.chart)).toHaveLength(2);
  });
});

describe('a plain role', () => {
  const IMPORTED = 'arn:aws:iam::111122223333:oidc-provider/example.com';
  const reader = (audience?: string, name = 'reader'): ServiceAccountPrincipal => new ServiceAccountPrincipal({
    providers: [newProvider(world.stack, `Provider-${name}-${audience}`)], serviceAccounts: [ServiceAccountSubject.of('default', name)], audience,
  });
  const plain = (assumedBy: IPrincipal): Role => new Role(world.stack, 'Theirs', { roleName: 'theirs', assumedBy });

  const NO_TOKEN = 'chart/Plain: it gets the role Stack/Theirs, which trusts no token of any service account: STS would refuse it; '
    + 'make it an IrsaRole, or its assumedBy a ServiceAccountPrincipal';

  test.each<[string, () => IPrincipal]>([
    ['a service', () => new ServicePrincipal('ec2.amazonaws.com')],
    ['an account', () => new AccountPrincipal(ACCOUNT)],
    ['SAML', () => new FederatedPrincipal('arn:aws:iam::111122223333:saml-provider/x', {}, 'sts:AssumeRoleWithSAML')],
  ])('fails when it trusts %s alone', (_what, assumedBy) => {
    const role = plain(assumedBy());
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { main: role } });
    expect(messageOf(() => podsOf(world.chart))).toContain(NO_TOKEN);
  });

  test('fails as the role of all containers, too', () => {
    WebIdentityInjection.into(plainDeployment(world.chart, 'Plain', 'elsewhere'), { role: plain(new ServicePrincipal('ec2.amazonaws.com')) });
    expect(messageOf(() => podsOf(world.chart))).toContain(NO_TOKEN);
  });

  test('fails when its ServiceAccountPrincipal is another one', () => {
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { main: plain(reader(undefined, 'other')) } });
    expect(messageOf(() => podsOf(world.chart))).toContain('chart/Plain: it runs as default/reader, which Stack/Theirs does not trust (it trusts default/other)');
  });

  test('gets tokens for the audience of its ServiceAccountPrincipal', () => {
    WebIdentityInjection.into(plainDeployment(world.chart, 'Plain', 'reader'), { containerRoles: { main: plain(reader('uploads')) } });
    const text = JSON.stringify(podsOf(world.chart)[0]);
    expect(text).toContain('"audience":"uploads"');
    expect(text).not.toContain('"audience":"sts.amazonaws.com"');
  });

  test('passes when one of several principals is the service account', () => {
    const role = plain(new CompositePrincipal(new ServicePrincipal('ec2.amazonaws.com'), reader(undefined, 'other'), reader()));
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { main: role } });
    expect(env(podsOf(world.chart)[0])[0]).toBe(`AWS_ROLE_ARN=arn:aws:iam::${ACCOUNT}:role/theirs`);
  });

  test.each<[string, () => Role]>([
    ['somebody else trusts tokens', () => plain(new WebIdentityPrincipal(IMPORTED))],
    ['somebody else trusts more tokens', () => plain(new CompositePrincipal(reader(undefined, 'other'), new WebIdentityPrincipal(IMPORTED)))],
    ['the principal has conditions of its own', () => plain(reader(undefined, 'other').withConditions({ Bool: { 'aws:SecureTransport': 'true' } }))],
    ['its principals want several audiences', () => plain(new CompositePrincipal(reader(), reader('uploads', 'other')))],
    ['an action is a wildcard', () => {
      const role = plain(new ServicePrincipal('ec2.amazonaws.com'));
      role.assumeRolePolicy!.addStatements(new PolicyStatement({ actions: ['sts:Assume*'], principals: [new FederatedPrincipal(IMPORTED)] }));
      return role;
    }],
    ['an escape hatch replaces the policy', () => {
      const role = plain(new ServicePrincipal('ec2.amazonaws.com'));
      (role.node.defaultChild as CfnRole).addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Action', 'sts:AssumeRoleWithWebIdentity');
      return role;
    }],
    ['only the ARN is known', () => Role.fromRoleArn(world.stack, 'Theirs', `arn:aws:iam::${ACCOUNT}:role/theirs`) as Role],
  ])('passes when %s', (_what, makeRole) => {
    WebIdentityInjection.into(plainDeployment(world.chart), { containerRoles: { main: makeRole() } });
    expect(env(podsOf(world.chart)[0])[0]).toBe(`AWS_ROLE_ARN=arn:aws:iam::${ACCOUNT}:role/theirs`);
  });

  test('names its service account for an IrsaServiceAccount, and refuses another', () => {
    const role = plain(reader('uploads', 'other'));
    const chart = new Chart(world.app, 'more', { namespace: 'default' });
    expect(new IrsaServiceAccount(chart, 'Account', { role }).subject.toString()).toBe('default/other');
    expect(() => new IrsaServiceAccount(chart, 'Wrong', { role, subject: ServiceAccountSubject.of('default', 'wrong') }))
      .toThrow('more/Wrong is default/wrong, which Stack/Theirs does not trust (it trusts default/other)');
  });
});

describe('fails when', () => {
  const failure = (): string => messageOf(() => podsOf(world.chart));

  test('there are no pods', () => {
    WebIdentityInjection.into(world.account);
    expect(failure()).toContain('[chart/Account] there are no pods to inject credentials into; podTemplates says where custom resources have them');
  });

  test('no pod gets anything, saying which service accounts they have', () => {
    plainDeployment(world.chart, 'Plain', 'raeder');
    new kplus.Deployment(world.chart, 'Web', { serviceAccount: new kplus.ServiceAccount(world.chart, 'Bare', { metadata: { name: 'bare' } }), containers: [{ image: 'x' }] });
    WebIdentityInjection.into(world.chart);
    expect(failure()).toContain('[chart] no pod gets credentials: chart/Plain runs as default/raeder, which these manifests do not have; '
      + 'chart/Web/Resource runs as default/bare, which has no role; give the service account a role, or pass role or containerRoles');
  });

  test('the role does not trust the service account', () => {
    WebIdentityInjection.into(plainDeployment(world.chart, 'Plain', 'other'), { role: world.role });
    expect(failure()).toContain('chart/Plain: it runs as default/other, which Stack/Role does not trust (it trusts default/reader)');
  });

  test('nobody knows the namespace', () => {
    const chart = new Chart(new App({ resolvers: [new CdkTokenResolver()] }), 'chart');
    WebIdentityInjection.into(plainDeployment(chart), { role: world.role });
    expect(messageOf(() => podsOf(chart))).toContain('chart/Plain: it has no namespace, and Stack/Role trusts default/reader; give the chart a namespace');
  });

  test('the service account has another role than the injection is told', () => {
    WebIdentityInjection.into(plainDeployment(world.chart), { role: newRole(world.stack, 'Other', { roleName: 'other' }) });
    expect(failure()).toContain(`its service account 'reader' has the role ${READER_ARN}, and role is arn:aws:iam::${ACCOUNT}:role/other; leave role out, or use containerRoles`);
  });

  test('and not when both are the same', () => {
    WebIdentityInjection.into(plainDeployment(world.chart), { role: world.role });
    expect(env(podsOf(world.chart)[0])).toEqual(BOTH);
  });

  test('another volume is mounted where the token goes', () => {
    const web = deployment(world);
    web.containers[0].mount(MOUNT.mountPath, kplus.Volume.fromEmptyDir(world.chart, 'Data', 'data'));
    WebIdentityInjection.into(web);
    expect(failure()).toContain(`chart/Web/Resource: container 'main' has the volume 'data' at ${MOUNT.mountPath}, where the token goes; mount it elsewhere`);
  });

  test('two other charts have the service account with different roles', () => {
    const role = newRole(newStack(newApp(), 'Green'), 'Role', { roleName: 'green' });
    new IrsaServiceAccount(new Chart(world.app, 'green', { namespace: 'default' }), 'Account', { role });
    const third = new Chart(world.app, 'third', { namespace: 'default' });
    WebIdentityInjection.into(plainDeployment(third));
    expect(messageOf(() => podsOf(third))).toContain('third/Plain runs as default/reader, which are two different service accounts in other charts '
      + '(chart/Account/Resource, green/Account/Resource); put it into the chart of the right one');
  });

  test('a scope is injected into twice', () => {
    const web = deployment(world);
    WebIdentityInjection.into(web);
    expect(() => WebIdentityInjection.into(web, { sessionNameFromPod: true })).toThrow('chart/Web has an injection already; one of a scope has all options');
  });

  test('the scope is not in a cdk8s app', () => {
    expect(() => WebIdentityInjection.into(newManifests().manifests)).toThrow('Stack/Manifests is not in a cdk8s app; pass a workload, an ApiObject');
  });

  test('the role is known only at deployment, and the app is written before', () => {
    const role = newRole(newAgnosticStack(newApp()));
    expect(() => WebIdentityInjection.into(plainDeployment(new Chart(new App(), 'chart')), { role })).toThrow('is known only at deployment');
    const chart = new Chart(new App({ resolvers: [new CdkTokenResolver()] }), 'chart', { namespace: 'default' });
    WebIdentityInjection.into(plainDeployment(chart), { role });
    expect(messageOf(() => podsOf(chart))).toContain('is known only at deployment');
  });

  test.each([
    [{ audience: '' }, "'' is not an audience"],
    [{ audience: 'a b' }, "'a b' is not an audience"],
    [{ tokenExpiration: Duration.minutes(9) }, 'tokenExpiration is 540 seconds'],
    [{ tokenExpiration: Duration.hours(25) }, 'tokenExpiration is 90000 seconds'],
    [{ podTemplates: { Rollout: 'spec.' } }, "'spec.' is not a path to the pod template of Rollout"],
  ])('an option is wrong: %j', (options, message) => {
    expect(() => {
      WebIdentityInjection.into(plainDeployment(world.chart), options);
      podsOf(world.chart);
    }).toThrow(message);
  });

  test('a token of CDK stands in a region of an app that cannot resolve it', () => {
    const chart = new Chart(new App(), 'chart');
    WebIdentityInjection.into(plainDeployment(chart), { role: Role.fromRoleArn(world.stack, 'Theirs', READER_ARN), region: Aws.REGION });
    expect(messageOf(() => podsOf(chart))).toMatch(/token/i);
  });
});

describe('the closest scope decides', () => {
  test('and the wider one leaves its pods alone', () => {
    const web = deployment(world);
    plainDeployment(world.chart);
    WebIdentityInjection.into(world.chart);
    WebIdentityInjection.into(web, { sessionNameFromPod: true });
    const [first, second] = podsOf(world.chart);
    expect(env(first).map(text => text.split('=')[0])).toEqual(['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME']);
    expect(env(second)).toEqual(BOTH);
  });

  test('and the wider one may have no other pods', () => {
    const rollout = new ApiObject(world.chart, 'Rollout', {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { template: { spec: { serviceAccountName: 'reader', containers: [{ name: 'main' }] } } },
    });
    const podTemplates = { Rollout: 'spec.template' };
    WebIdentityInjection.into(world.chart);
    WebIdentityInjection.into(rollout, { podTemplates });
    expect(env(podsOf(world.chart, podTemplates)[0])).toEqual(BOTH);
  });

  test('fails when it has no pods either', () => {
    WebIdentityInjection.into(world.chart);
    WebIdentityInjection.into(world.account);
    const message = messageOf(() => podsOf(world.chart));
    expect(message).toContain('[chart/Account] there are no pods to inject credentials into');
    expect(message).not.toContain('[chart] ');
  });

  test('fails when the wider one has roles for containers, and no pods', () => {
    WebIdentityInjection.into(world.chart, { containerRoles: { main: world.role } });
    WebIdentityInjection.into(plainDeployment(world.chart));
    expect(messageOf(() => podsOf(world.chart))).toContain("[chart] containerRoles has 'main', and all its pods have closer injections; put containerRoles there");
  });

  test('fails when the injection beside it has pods, and this one has none', () => {
    WebIdentityInjection.into(plainDeployment(world.chart));
    WebIdentityInjection.into(world.account);
    expect(messageOf(() => podsOf(world.chart))).toContain('[chart/Account] there are no pods to inject credentials into');
  });
});

test('pods that want nothing get nothing: label and skip list', () => {
  const labelled = deployment(world, 'Labelled');
  labelled.podMetadata.addLabel('eks.amazonaws.com/skip-pod-identity-webhook', 'true');
  const skipping = deployment(world, 'Skipping');
  skipping.addContainer({ name: 'proxy', image: 'x' });
  skipping.podMetadata.addAnnotation('eks.amazonaws.com/skip-containers', 'other, proxy');
  WebIdentityInjection.into(world.chart);
  const [first, second] = podsOf(world.chart);
  expect(container(first).env).toBeUndefined();
  expect(env(second)).toEqual(BOTH);
  expect(env(second, 'proxy')).toEqual([]);
});

test('keys are in the order in which cdk8s writes them', () => {
  WebIdentityInjection.into(deployment(world));
  const [pod] = podsOf(world.chart);
  expect(Object.keys(pod.spec)).toEqual(Object.keys(pod.spec).sort());
  expect(Object.keys(container(pod))).toEqual(Object.keys(container(pod)).sort());
});

test('fsGroup and the name of the session are set when asked for', () => {
  WebIdentityInjection.into(plainDeployment(world.chart), { fsGroup: 65534, sessionNameFromPod: true });
  const [pod] = podsOf(world.chart);
  expect(pod.spec.securityContext).toEqual({ fsGroup: 65534 });
  expect(env(pod).at(-1)).toContain('metadata.name');
});
