import * as fs from 'node:fs';
import * as path from 'node:path';
import { App as CdkApp, Aspects, Aws, CfnParameter, CfnResource, Duration, Fn, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { AnyPrincipal, CfnRole, CompositePrincipal, Effect, FederatedPrincipal, type IPrincipal, type IRole, PolicyStatement, Role, ServicePrincipal, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ACCOUNT, ENV, ISSUER_URL, type Manifest, manifestOf, messageOf, newAgnosticStack, newApp, newProvider, newRole, newStack, OTHER_ACCOUNT, parse, ROLE_ARN_KEY, synth } from './helpers';
import { AwsConfigFile, AwsConfigMap, CdkTokenResolver, IrsaRole, IrsaServiceAccount, type IrsaServiceAccountProps, Manifests, RoleChain, ServiceAccountPrincipal, ServiceAccountSubject, WebIdentityInjection } from '../../src';

const ARN = `arn:aws:iam::${ACCOUNT}:role/reader`;
const reader = ServiceAccountSubject.of('default', 'reader');
const writer = ServiceAccountSubject.of('default', 'writer');

/** The manifest of a service account, from an own cdk8s app. */
function serviceAccount(props: IrsaServiceAccountProps, chart = ownChart()): Manifest {
  new IrsaServiceAccount(chart, 'Account', props);
  return parse(App.of(chart).synthYaml())[0];
}

const HOST_PATH = ISSUER_URL.replace('https://', '');
const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${HOST_PATH}`;

/** Trust as people write it themselves. */
function handWritten(sub: unknown, operator = 'StringEquals', other: Record<string, unknown> = {}): IPrincipal {
  return new WebIdentityPrincipal(PROVIDER_ARN, { [operator]: { [`${HOST_PATH}:sub`]: sub }, ...other });
}

function ownChart(namespace?: string): Chart {
  return new Chart(new App(), 'chart', { namespace });
}

describe('IrsaServiceAccount', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = newStack(newApp());
  });

  describe('takes from the role', () => {
    test('name, namespace and ARN, and nothing else', () => {
      expect(serviceAccount({ role: newRole(stack, 'Role', { roleName: 'reader' }) })).toEqual({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        automountServiceAccountToken: false,
        metadata: { name: 'reader', namespace: 'default', annotations: { [ROLE_ARN_KEY]: ARN } },
      });
    });

    test('the namespace in a chart that has none, so that kubectl cannot put it elsewhere', () => {
      expect(serviceAccount({ role: newRole(stack) }, ownChart()).metadata.namespace).toBe('default');
    });

    test('an audience that is not the default', () => {
      const role = newRole(stack, 'Role', { audience: 'sts.example.org' });

      expect(serviceAccount({ role }).metadata.annotations).toMatchObject({ 'eks.amazonaws.com/audience': 'sts.example.org' });
    });

    test('a path and a name of the user\'s', () => {
      const role = newRole(stack, 'Role', { roleName: 'own.name', path: '/team/web/' });

      expect(serviceAccount({ role }).metadata.annotations).toEqual({ [ROLE_ARN_KEY]: `arn:aws:iam::${ACCOUNT}:role/team/web/own.name` });
    });

    test('the generated name, as it is in the template', () => {
      const role = newRole(stack);
      const arn = serviceAccount({ role }).metadata.annotations?.[ROLE_ARN_KEY];
      const [resource] = Object.values((stack.node.root as CdkApp).synth().getStackByName('Stack').template.Resources as Record<string, { Properties: { RoleName: string } }>);

      expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:role/${resource.Properties.RoleName}`);
    });

    test.each([
      ['eu-west-1', 'aws'], ['cn-north-1', 'aws-cn'], ['us-gov-east-1', 'aws-us-gov'], ['eusc-de-east-1', 'aws-eusc'],
      ['us-iso-east-1', 'aws-iso'], ['us-isob-east-1', 'aws-iso-b'], ['eu-isoe-west-1', 'aws-iso-e'], ['us-isof-south-1', 'aws-iso-f'],
    ])('an ARN that is literal in %s, in the partition %s', (region, partition) => {
      const role = newRole(newStack(stack.node.root as CdkApp, 'There', { env: { account: ACCOUNT, region } }), 'Role', { roleName: 'reader' });

      expect(serviceAccount({ role }).metadata.annotations).toEqual({ [ROLE_ARN_KEY]: `arn:${partition}:iam::${ACCOUNT}:role/reader` });
    });

    test('all that is public', () => {
      const role = newRole(stack);
      const account = new IrsaServiceAccount(ownChart(), 'Account', { role });

      expect(account.role).toBe(role);
      expect(account.subject).toBe(role.serviceAccounts[0]);
      expect(account.name).toBe('reader');
    });
  });

  describe('the subject', () => {
    test('is chosen among several', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [reader, writer] });

      expect(serviceAccount({ role, subject: writer }).metadata).toMatchObject({ name: 'writer', namespace: 'default' });
    });

    test('is chosen by metadata too', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [reader, writer] });

      expect(serviceAccount({ role, metadata: { name: 'writer', namespace: 'default' } }).metadata).toMatchObject({ name: 'writer', namespace: 'default' });
    });

    test('may be one of a pattern that the role trusts', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [ServiceAccountSubject.anyInNamespace('default')] });

      expect(serviceAccount({ role, subject: writer }).metadata.name).toBe('writer');
    });

    test('may be said twice, in subject and metadata', () => {
      expect(serviceAccount({ role: newRole(stack), subject: reader, metadata: { name: 'reader', namespace: 'default' } }).metadata.name).toBe('reader');
    });

    test('may be left out when the role trusts one twice, by itself or in two principals', () => {
      const twice = [reader, ServiceAccountSubject.of('default', 'reader')];
      const principal = (id: string) => new ServiceAccountPrincipal({ providers: [newProvider(stack, id)], serviceAccounts: [reader] });

      expect(serviceAccount({ role: newRole(stack, 'Role', { serviceAccounts: twice, roleName: 'reader' }) }).metadata.name).toBe('reader');
      expect(serviceAccount({ role: new Role(stack, 'Plain', { roleName: 'plain', assumedBy: new CompositePrincipal(principal('Blue'), principal('Green')) }) }).metadata.name)
        .toBe('reader');
    });

    test('fails when the role trusts several, naming each once', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [reader, writer, reader] });

      expect(messageOf(() => serviceAccount({ role }))).toContain('(default/reader, default/writer)');
    });

    test('fails when the role trusts several, naming them', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [reader, writer] });

      expect(messageOf(() => serviceAccount({ role })))
        .toBe("chart/Account could be any of those that Stack/Role trusts (default/reader, default/writer); pass subject: ServiceAccountSubject.of('namespace', 'name')");
    });

    test('fails when the role trusts a pattern, naming it', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [ServiceAccountSubject.anyInNamespace('default')] });

      expect(messageOf(() => serviceAccount({ role }))).toContain('could be any of those that Stack/Role trusts (default/*)');
    });

    test('fails when half of the metadata is all there is', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [reader, writer] });

      expect(messageOf(() => serviceAccount({ role, metadata: { name: 'writer' } }))).toContain('could be any of those');
    });

    test.each([
      [[reader], ServiceAccountSubject.of('default', 'other'), 'default/other', 'default/reader'],
      [[reader, writer], ServiceAccountSubject.of('other', 'reader'), 'other/reader', 'default/reader, default/writer'],
      [[ServiceAccountSubject.anyInNamespace('default')], ServiceAccountSubject.of('default2', 'reader'), 'default2/reader', 'default/*'],
      [[ServiceAccountSubject.matching('team-?', 'web-*')], ServiceAccountSubject.of('team-12', 'web-1'), 'team-12/web-1', 'team-?/web-*'],
    ])('fails when the role trusts %s and it is %s, naming both and the way out', (serviceAccounts, subject, wanted, trusted) => {
      const role = newRole(stack, 'Role', { serviceAccounts });

      expect(messageOf(() => serviceAccount({ role, subject })))
        .toBe(`chart/Account is ${wanted}, which Stack/Role does not trust (it trusts ${trusted}): STS would refuse it; add it to the role's serviceAccounts, or correct the subject`);
    });

    test('fails when it is a pattern itself', () => {
      const role = newRole(stack, 'Role', { serviceAccounts: [ServiceAccountSubject.anyInNamespace('default')] });

      expect(messageOf(() => serviceAccount({ role, subject: ServiceAccountSubject.anyInNamespace('default') })))
        .toContain("chart/Account is one service account, and its subject 'default/*' is a pattern; pass subject: ServiceAccountSubject.of(");
    });

    test.each([
      [{ name: 'other' }, 'name', 'other'],
      [{ namespace: 'other' }, 'namespace', 'other'],
      [{ name: 'reader', namespace: 'other' }, 'namespace', 'other'],
    ])('fails when the metadata %j differ from it', (metadata, key, value) => {
      expect(messageOf(() => serviceAccount({ role: newRole(stack), subject: reader, metadata })))
        .toBe(`chart/Account has the ${key} '${value}' in its metadata, and the role trusts default/reader; leave it out of the metadata, or correct the subject`);
    });

    test('fails when the chart is in another namespace, naming both', () => {
      expect(messageOf(() => serviceAccount({ role: newRole(stack) }, ownChart('other'))))
        .toBe("chart/Account is default/reader, and its chart chart is in the namespace 'other'; put it into a chart with namespace 'default'");
    });

    test('passes when the chart is in its namespace, or in none', () => {
      expect(serviceAccount({ role: newRole(stack) }, ownChart('default')).metadata.namespace).toBe('default');
    });
  });

  describe('the audience', () => {
    test('may be said again', () => {
      const role = newRole(stack, 'Role', { audience: 'sts.example.org' });

      expect(serviceAccount({ role, audience: 'sts.example.org' }).metadata.annotations).toMatchObject({ 'eks.amazonaws.com/audience': 'sts.example.org' });
    });

    test('is the user\'s own for a role of which only the ARN is known', () => {
      const role = Role.fromRoleArn(stack, 'Imported', ARN);

      expect(serviceAccount({ role, subject: reader, audience: 'sts.example.org' }).metadata.annotations)
        .toEqual({ [ROLE_ARN_KEY]: ARN, 'eks.amazonaws.com/audience': 'sts.example.org' });
    });

    test.each([[undefined, 'sts.amazonaws.com'], ['sts.example.org', 'sts.example.org']])('fails when the role trusts %p and it is another', (audience, trusted) => {
      const role = newRole(stack, 'Role', { audience });

      expect(messageOf(() => serviceAccount({ role, audience: 'other' })))
        .toBe(`chart/Account asks for tokens with the audience 'other', and Stack/Role trusts '${trusted}': STS would refuse them; leave audience out, or set it on the role`);
    });

    test.each(['', 'two words', 'x'.repeat(256)])('fails when it is %p', audience => {
      expect(messageOf(() => serviceAccount({ role: Role.fromRoleArn(stack, 'Imported', ARN), subject: reader, audience }))).toContain(`'${audience}' is not an audience`);
    });
  });

  test('has the annotations of the webhook for what is set', () => {
    const role = newRole(stack, 'Role', { roleName: 'reader' });

    expect(serviceAccount({ role, tokenExpiration: Duration.minutes(15), regionalSts: true }).metadata.annotations).toEqual({
      [ROLE_ARN_KEY]: ARN, 'eks.amazonaws.com/token-expiration': '900', 'eks.amazonaws.com/sts-regional-endpoints': 'true',
    });
  });

  test.each([Duration.seconds(599), Duration.seconds(86401), Duration.millis(700_500)])('fails when the expiration is %s', tokenExpiration => {
    expect(messageOf(() => serviceAccount({ role: newRole(stack), tokenExpiration }))).toContain('whole seconds from 600 seconds (10 minutes) to 86400 seconds (24 hours)');
  });

  describe('what the user adds', () => {
    test('passes: labels, annotations, secrets, automountToken', () => {
      const chart = ownChart();
      const secret = kplus.Secret.fromSecretName(chart, 'Secret', 'pull-secret');
      const manifest = serviceAccount({
        role: newRole(stack, 'Role', { roleName: 'reader' }),
        metadata: { labels: { app: 'web' }, annotations: { 'example.org/owner': 'team' } },
        secrets: [secret],
        automountToken: true,
      }, chart);

      expect(manifest).toMatchObject({
        automountServiceAccountToken: true,
        secrets: [{ name: 'pull-secret' }],
        metadata: { labels: { app: 'web' }, annotations: { 'example.org/owner': 'team', [ROLE_ARN_KEY]: ARN } },
      });
    });

    test('is left alone: the props are not changed', () => {
      const props = Object.freeze({ role: newRole(stack), metadata: Object.freeze({ labels: Object.freeze({ app: 'web' }), annotations: Object.freeze({ a: 'b' }) }) });

      expect(() => serviceAccount(props)).not.toThrow();
    });

    test.each([
      ['eks.amazonaws.com/role-arn', 'role'],
      ['eks.amazonaws.com/audience', 'audience'],
      ['eks.amazonaws.com/token-expiration', 'tokenExpiration'],
      ['eks.amazonaws.com/sts-regional-endpoints', 'regionalSts'],
    ])('fails when the annotations have %s, naming the prop', (key, prop) => {
      expect(messageOf(() => serviceAccount({ role: newRole(stack), metadata: { annotations: { [key]: 'x' } } })))
        .toBe(`chart/Account sets the annotation ${key} to 'x' by hand, and it is written from the props; use '${prop}' instead`);
    });
  });

  describe('for a role that somebody else made', () => {
    test.each<[string, Partial<IrsaServiceAccountProps>]>([
      ['a subject', { subject: reader }],
      ['metadata', { metadata: { name: 'reader', namespace: 'default' } }],
    ])('needs %s', (_what, props) => {
      expect(serviceAccount({ role: Role.fromRoleArn(stack, 'Imported', ARN), ...props }).metadata)
        .toEqual({ name: 'reader', namespace: 'default', annotations: { [ROLE_ARN_KEY]: ARN } });
    });

    test.each<[string, Partial<IrsaServiceAccountProps>]>([
      ['nothing', {}], ['a name alone', { metadata: { name: 'reader' } }], ['a namespace alone', { metadata: { namespace: 'default' } }],
    ])('fails when there is %s to say which service account it is', (_what, props) => {
      expect(messageOf(() => serviceAccount({ role: Role.fromRoleArn(stack, 'Imported', ARN), ...props })))
        .toBe("chart/Account has the role Stack/Imported, of which only the ARN is known; pass subject: ServiceAccountSubject.of('namespace', 'name')");
    });

    test.each<[string, (scope: Stack) => IRole]>([
      ['a plain role', scope => new Role(scope, 'Plain', { roleName: 'reader', assumedBy: handWritten('system:serviceaccount:default:reader') })],
      ['a role by its name', scope => Role.fromRoleName(scope, 'Named', 'reader')],
      ['an ARN with the partition of CloudFormation', scope => Role.fromRoleArn(scope, 'Imported', `arn:${Aws.PARTITION}:iam::${ACCOUNT}:role/reader`)],
      ['a role without updates', scope => newRole(scope, 'Role', { roleName: 'reader' }).withoutPolicyUpdates()],
      ['a lazy ARN', scope => Role.fromRoleArn(scope, 'Imported', Lazy.string({ produce: () => ARN }))],
    ])('has its ARN in Manifests: %s', (_what, makeRole) => {
      new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'Account', { role: makeRole(stack), subject: reader });

      expect(manifestOf(synth(stack.node.root as CdkApp), 'ServiceAccount').metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN });
    });

    test.each<[string, (scope: Stack) => IRole]>([
      ['a plain role', scope => new Role(scope, 'Plain', { roleName: 'reader', assumedBy: handWritten('system:serviceaccount:default:reader') })],
      ['a role by its name', scope => Role.fromRoleName(scope, 'Named', 'reader')],
      ['a role without updates', scope => newRole(scope, 'Role', { roleName: 'reader' }).withoutPolicyUpdates()],
      ['a lazy ARN', scope => Role.fromRoleArn(scope, 'Imported', Lazy.string({ produce: () => ARN }))],
    ])('has its ARN in an own cdk8s app: %s', (_what, makeRole) => {
      expect(serviceAccount({ role: makeRole(stack), subject: reader }).metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN });
    });

    test('has account and partition of the role\'s stack, not of the stack of the manifest', () => {
      const app = stack.node.root as CdkApp;
      const china = newStack(app, 'China', { env: { account: OTHER_ACCOUNT, region: 'cn-north-1' } });
      new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'Account', { role: Role.fromRoleName(china, 'Named', 'reader'), subject: reader });

      expect(manifestOf(synth(app), 'ServiceAccount').metadata.annotations).toEqual({ [ROLE_ARN_KEY]: `arn:aws-cn:iam::${OTHER_ACCOUNT}:role/reader` });
    });

    test('never has the account of the manifest\'s stack for a role of a stack without account', () => {
      const app = stack.node.root as CdkApp;
      const role = Role.fromRoleName(newAgnosticStack(app, 'Agnostic'), 'Named', 'reader');
      new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'Account', { role, subject: reader });

      expect(manifestOf(synth(app), 'ServiceAccount').metadata.annotations?.[ROLE_ARN_KEY]).not.toContain(ACCOUNT);
    });

    describe('and that the CDK CLI has yet to look up', () => {
      const lookedUp = () => Role.fromLookup(stack, 'LookedUp', { roleName: 'reader' });

      test('waits in Manifests, for pods and config files too: the CLI gets to look', () => {
        const role = lookedUp();
        const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
        const account = new IrsaServiceAccount(chart, 'Account', { role, subject: reader });
        WebIdentityInjection.into(new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] }));
        const chain = new RoleChain(stack, 'Chain', { role: newRole(stack, 'Pod', { serviceAccounts: [writer] }) });
        chain.to(role, { profile: 'reader' });
        new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) });

        const assembly = (stack.node.root as CdkApp).synth();
        expect(assembly.manifest.missing).toHaveLength(1);
        expect(fs.existsSync(path.join(assembly.directory, 'manifests'))).toBe(false);
      });

      test('fails in an own cdk8s app, which does not wait', () => {
        expect(messageOf(() => new IrsaServiceAccount(ownChart(), 'Account', { role: lookedUp(), subject: reader }))).toContain('the ARN of Stack/LookedUp is not known before the CDK CLI has looked it up; put the chart into a Manifests construct');
      });
    });

    describe('and that this app makes', () => {
      const READER = 'system:serviceaccount:default:reader';
      const OTHER = 'system:serviceaccount:default:other';

      /** What `cdk synth` says of `default/reader` with a role that trusts this. Its own app may be rendered before. */
      function problemOf(assumedBy: IPrincipal, change: (role: Role) => void = () => {}, audience?: string): string | undefined {
        const role = new Role(stack, 'Plain', { roleName: 'plain', assumedBy });
        const chart = ownChart();
        new IrsaServiceAccount(chart, 'Account', { role, subject: reader, audience });
        if (!Token.isUnresolved(audience)) {
          App.of(chart).synthYaml();
        }
        change(role);
        return role.node.validate().join() || undefined;
      }

      test.each<[string, IPrincipal]>([
        ['nodes only', new ServicePrincipal('ec2.amazonaws.com')],
        ['EKS Pod Identity only', new ServicePrincipal('pods.eks.amazonaws.com')],
        ['tokens by the wrong action', new FederatedPrincipal(PROVIDER_ARN, { StringEquals: { [`${HOST_PATH}:sub`]: READER } }, 'sts:AssumeRole')],
      ])('fails when the role trusts %s, with the way out', (_who, assumedBy) => {
        expect(problemOf(assumedBy)).toContain('chart/Account has the role Stack/Plain, which trusts no token of any service account: STS would refuse it; '
          + 'make it an IrsaRole, or its assumedBy a ServiceAccountPrincipal');
      });

      test('fails in Manifests as well', () => {
        const role = new Role(stack, 'Plain', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
        new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'Account', { role, subject: reader });

        expect(messageOf(() => synth(stack.node.root as CdkApp))).toContain('chart/Account has the role Stack/Plain, which trusts no token');
      });

      test('fails when pods get the role by injection', () => {
        const role = new Role(stack, 'Plain', { roleName: 'plain', assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
        const chart = ownChart('default');
        const account = new IrsaServiceAccount(chart, 'Account', { role, subject: reader });
        WebIdentityInjection.into(new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ image: 'web:1' }] }));

        expect(messageOf(() => synth(stack.node.root as CdkApp))).toContain('Stack/Plain, which trusts no token');
      });

      test('passes when trust is added after the service account was made', () => {
        const trust = new ServiceAccountPrincipal({ providers: [newProvider(stack, 'Late')], serviceAccounts: [reader] });

        expect(problemOf(new ServicePrincipal('ec2.amazonaws.com'), role => trust.addToAssumeRolePolicy(role.assumeRolePolicy!))).toBeUndefined();
      });

      test('fails when trust that is added later is for somebody else', () => {
        const trust = new ServiceAccountPrincipal({ providers: [newProvider(stack, 'Late')], serviceAccounts: [writer] });

        expect(problemOf(new ServicePrincipal('ec2.amazonaws.com'), role => trust.addToAssumeRolePolicy(role.assumeRolePolicy!)))
          .toContain('chart/Account is default/reader, which Stack/Plain does not trust (it trusts default/writer): STS would refuse it');
      });

      test('fails when trust that is added later is for another audience', () => {
        const trust = new ServiceAccountPrincipal({ providers: [newProvider(stack, 'Late')], serviceAccounts: [reader], audience: 'other' });

        expect(problemOf(new ServicePrincipal('ec2.amazonaws.com'), role => trust.addToAssumeRolePolicy(role.assumeRolePolicy!)))
          .toContain("chart/Account gets tokens with the audience 'sts.amazonaws.com', and Stack/Plain trusts 'other': STS would refuse them");
      });

      test.each<[string, IPrincipal]>([
        ['another service account', handWritten(OTHER)],
        ['several others', handWritten([OTHER, 'system:serviceaccount:other:reader'])],
        ['another by a pattern', handWritten('system:serviceaccount:other:*', 'StringLike')],
        ['another by one character', handWritten('system:serviceaccount:default:reade?r', 'StringLike')],
        ['it with another case', handWritten(READER.toUpperCase())],
        ['others in several statements', new CompositePrincipal(handWritten(OTHER), new WebIdentityPrincipal(PROVIDER_ARN, { StringLike: { 'other:sub': 'system:*:x' } }))],
        ['others, and nodes', new CompositePrincipal(handWritten(OTHER), new ServicePrincipal('ec2.amazonaws.com'))],
      ])('fails when the role trusts %s', (_who, assumedBy) => {
        expect(problemOf(assumedBy)).toMatch(/chart\/Account is default\/reader, which Stack\/Plain does not trust: its trust policy wants \w+ to be .*: STS would refuse it; correct one of them/);
      });

      const forVault = handWritten(READER, 'StringEquals', { StringLike: { [`${HOST_PATH}:aud`]: 'vault.*' } });

      test('fails when the role trusts it for another audience', () => {
        expect(problemOf(forVault, undefined, 'reports')).toContain('its trust policy wants aud to be vault.*: STS would refuse it');
      });

      test.each<[string, string | undefined]>([
        ['that of the webhook, which is not EKS\'s everywhere', undefined],
        ['one that is known at deployment', Fn.importValue('audience')],
        ['the right one', 'vault.example.com'],
      ])('is silent about an audience where it may be %s', (_what, audience) => {
        expect(problemOf(forVault, undefined, audience)).toBeUndefined();
      });

      test('is silent about a role whose audience is a dynamic reference', () => {
        expect(problemOf(handWritten(READER, 'StringEquals', { StringLike: { [`${HOST_PATH}:aud`]: '{{resolve:ssm:/aud}}' } }), undefined, 'vault')).toBeUndefined();
      });

      test.each<[string, () => string]>([
        ['a parameter', () => new CfnParameter(stack, 'Audience').valueAsString],
        ['a lazy value', () => Lazy.string({ produce: () => 'sts.amazonaws.com' })],
        ['an export', () => Fn.importValue('audience')],
        ['a text with one', () => `sts.${Aws.URL_SUFFIX}`],
      ])('takes the audience of the role, when that is %s', (_what, make) => {
        const audience = make();
        const principal = new ServiceAccountPrincipal({ providers: [newProvider(stack, 'Late')], serviceAccounts: [reader], audience });
        const roles = [newRole(stack, 'Ours', { serviceAccounts: [reader], audience }), new Role(stack, 'Theirs', { assumedBy: principal })];
        const chart = new Manifests(stack, 'Manifests').addChart('chart');
        new IrsaServiceAccount(chart, 'Ours', { role: roles[0] });
        new IrsaServiceAccount(new Manifests(stack, 'Others').addChart('chart'), 'Theirs', { role: roles[1] });

        expect(() => synth(stack.node.root as CdkApp)).not.toThrow();
      });

      test('says what the trust policy wants', () => {
        expect(problemOf(handWritten([OTHER]))).toContain(`its trust policy wants sub to be ${OTHER}: STS`);
      });

      test.each<[string, IPrincipal]>([
        ['it', handWritten(READER)],
        ['it among others', handWritten([OTHER, READER])],
        ['it by a pattern', handWritten('system:serviceaccount:default:r?ad*', 'StringLike')],
        ['it for the right audience', handWritten(READER, 'StringEquals', { StringLike: { [`${HOST_PATH}:aud`]: ['sts.amazonaws.com', 'x'] } })],
        ['everybody', new WebIdentityPrincipal(PROVIDER_ARN)],
        ['somebody else, and it', new CompositePrincipal(handWritten(OTHER), handWritten(READER))],
      ])('passes when the role trusts %s', (_who, assumedBy) => {
        expect(problemOf(assumedBy)).toBeUndefined();
      });

      test.each<[string, IPrincipal]>([
        ['a condition that is known at deployment', new WebIdentityPrincipal(PROVIDER_ARN, { StringEquals: Lazy.any({ produce: () => ({ 'Fn::GetAtt': ['Json', 'Value'] }) }) })],
        ['a subject that is known at deployment', handWritten(Fn.importValue('sub'))],
        ['a subject of which a part is', handWritten([OTHER, `system:serviceaccount:${Fn.ref('Namespace')}:reader`])],
        ['a variable of policies', handWritten('${aws:PrincipalTag/sub}', 'StringLike')],
        ['an operator that passes without a claim', handWritten(OTHER, 'StringEqualsIfExists')],
        ['an operator for sets', handWritten(OTHER, 'ForAllValues:StringEquals')],
        ['a negated operator', handWritten(OTHER, 'StringNotEquals')],
        ['another claim', new WebIdentityPrincipal(PROVIDER_ARN, { StringEquals: { [`${HOST_PATH}:kubernetes.io/x`]: 'y' } })],
      ])('is silent when nobody can say: %s', (_what, assumedBy) => {
        expect(problemOf(assumedBy)).toBeUndefined();
      });

      test('is silent when a statement that nobody can judge is added', () => {
        expect(problemOf(handWritten(OTHER), role => role.assumeRolePolicy?.addStatements(new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['sts:*'] })))).toBeUndefined();
      });

      test('takes a denial for no trust', () => {
        expect(problemOf(handWritten(OTHER), role => role.assumeRolePolicy?.addStatements(
          new PolicyStatement({ effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['sts:*'] })))).toContain('does not trust');
      });

      test('is silent when an escape hatch replaces the policy', () => {
        expect(problemOf(handWritten(OTHER), role => (role.node.defaultChild as CfnRole).addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', {}))).toBeUndefined();
      });
    });

    const WRONG = [`arn:aws:iam::${ACCOUNT}:user/reader`, ` ${ARN}`, `${ARN} `, 'arn:aws:iam::1:role/reader', `arn:aws:iam::${ACCOUNT}:role/rea der`, `arn:aws:sts::${ACCOUNT}:assumed-role/a/b`];
    test.each(WRONG)('fails when the ARN is %p, at once', arn => {
      const role: IRole = Object.create(Role.fromRoleArn(stack, 'Imported', ARN), { roleArn: { value: arn } }) as IRole;

      expect(messageOf(() => serviceAccount({ role, subject: reader }))).toContain(`chart/Account: '${arn}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)`);
    });

    test.each(WRONG)('fails when the ARN is %p in Manifests', arn => {
      const role: IRole = Object.create(Role.fromRoleArn(stack, 'Imported', ARN), { roleArn: { value: Lazy.string({ produce: () => arn }) } }) as IRole;
      new IrsaServiceAccount(new Manifests(stack, 'Manifests').addChart('chart'), 'Account', { role, subject: reader });

      expect(messageOf(() => synth(stack.node.root as CdkApp))).toContain(`is rendered with ${ROLE_ARN_KEY}: '${arn}', which is not the ARN of a role`);
    });

    test.each([`arn:aws:iam::${ACCOUNT}:user/reader`, ` ${ARN}`])('fails when Role.fromRoleArn is given %p', arn => {
      expect(() => serviceAccount({ role: Role.fromRoleArn(stack, 'Imported', arn), subject: reader })).toThrow(arn);
    });
  });

  describe('in an own cdk8s app', () => {
    test('with the resolver has the literal ARN', () => {
      const app = new App({ resolvers: [new CdkTokenResolver()] });

      expect(serviceAccount({ role: newRole(stack, 'Role', { roleName: 'reader' }) }, new Chart(app, 'chart')).metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN });
    });

    test('without it fails at once when only CloudFormation knows the ARN, naming the role and the way out', () => {
      expect(messageOf(() => new IrsaServiceAccount(ownChart(), 'Account', { role: newRole(newAgnosticStack(stack.node.root as CdkApp, 'Agnostic')) })))
        .toBe('chart/Account: the ARN of Agnostic/Role is known only at deployment; put the chart into a Manifests construct, which fills it in later, '
          + 'or give the stack of the role an account and region');
    });

    test.each<[string, (scope: Stack) => string]>([
      ['an import', () => Fn.importValue('arn')],
      ['a concatenation', () => `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/reader`],
    ])('without it fails at once when the ARN is %s', (_what, arn) => {
      const role = Role.fromRoleArn(newAgnosticStack(stack.node.root as CdkApp, 'Agnostic'), 'Imported', arn(stack));

      expect(messageOf(() => new IrsaServiceAccount(ownChart(), 'Account', { role, subject: reader }))).toContain('the ARN of Agnostic/Imported is known only at deployment');
    });

    test('with the resolver fails at synth when only CloudFormation knows the ARN', () => {
      const chart = new Chart(new App({ resolvers: [new CdkTokenResolver()] }), 'chart');

      expect(messageOf(() => serviceAccount({ role: newRole(newAgnosticStack(stack.node.root as CdkApp, 'Agnostic')) }, chart)))
        .toContain('eks.amazonaws.com/role-arn: Agnostic/Role/Resource.Arn is known only at deployment');
    });

    test.each([['with', [new CdkTokenResolver()]], ['without', []]])('%s the resolver follows an aspect that renames the role, when it is written after cdk synth', (_with, resolvers) => {
      const app = new App({ resolvers });
      new IrsaServiceAccount(new Chart(app, 'chart'), 'Account', { role: newRole(stack, 'Role', { roleName: 'before' }) });
      Aspects.of(stack).add({ visit: node => node instanceof CfnRole && (node.roleName = 'reader') });
      (stack.node.root as CdkApp).synth();

      expect(parse(app.synthYaml())[0].metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN });
    });

    test('fails in cdk synth when an aspect renames the role after the manifest was written', () => {
      const app = new App({ resolvers: [new CdkTokenResolver()] });
      new IrsaServiceAccount(new Chart(app, 'chart'), 'Account', { role: newRole(stack, 'Role', { roleName: 'before' }) });
      Aspects.of(stack).add({ visit: node => node instanceof CfnRole && (node.roleName = 'after') });
      app.synthYaml();

      expect(messageOf(() => (stack.node.root as CdkApp).synth())).toMatch(/\[Stack\/Role\/Resource\].*after.*before.* went into a manifest before/);
    });

    test('is checked when a single chart is rendered, as unit tests do', () => {
      const chart = ownChart();
      const account = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
      account.metadata.addAnnotation(ROLE_ARN_KEY, ARN.replace('reader', 'other'));

      expect(messageOf(() => Testing.synth(chart) as unknown)).toContain('instead of');
    });
  });

  describe('fails when its scope is', () => {
    test.each<[string, (scope: Stack) => Construct]>([
      ['a cdk8s app without a chart', () => new App()],
      ['a stack', scope => scope],
      ['a construct of no app', () => new Construct(undefined as unknown as Construct, '')],
      ['a chart below a stack', scope => new Chart(scope, 'chart')],
      ['Manifests itself', scope => new Manifests(scope, 'Manifests')],
    ])('%s, naming the way out', (_what, scope) => {
      expect(messageOf(() => new IrsaServiceAccount(scope(stack), 'Account', { role: newRole(stack) })))
        .toMatch(/Account is not in a chart of a cdk8s app; use new Manifests\(this, 'Manifests'\)\.addChart\('name'\) as its scope$/);
    });
  });

  describe('in Manifests', () => {
    test('of another account than the role has the role\'s ARN', () => {
      const app = newApp();
      const role = newRole(newStack(app, 'Target', { env: { account: OTHER_ACCOUNT, region: 'us-east-1' } }), 'Role', { roleName: 'reader' });
      new IrsaServiceAccount(new Manifests(newStack(app, 'Cluster', { env: ENV }), 'Manifests').addChart('chart'), 'Account', { role });

      expect(manifestOf(synth(app), 'ServiceAccount').metadata.annotations).toEqual({ [ROLE_ARN_KEY]: `arn:aws:iam::${OTHER_ACCOUNT}:role/reader` });
    });

    test('of the App or of another Stage has the literal ARN', () => {
      const app = newApp();
      const role = newRole(newStack(new Stage(app, 'Prod')), 'Role', { roleName: 'reader' });
      new IrsaServiceAccount(new Manifests(app, 'Manifests').addChart('chart'), 'Account', { role });

      expect(manifestOf(synth(app), 'ServiceAccount').metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN });
    });

    test('in a region that CDK does not know waits for the deployment', () => {
      const app = newApp();
      const there = newStack(app, 'There', { env: { account: ACCOUNT, region: 'xx-nowhere-1' } });
      new IrsaServiceAccount(new Manifests(there, 'Manifests').addChart('chart'), 'Account', { role: newRole(there) });

      expect(manifestOf(synth(app), 'ServiceAccount').metadata.annotations?.[ROLE_ARN_KEY]).toMatch(/^\$\{cdk-irsa:There\/Role\/Resource\.Arn-[0-9a-f]{8}\}$/);
    });

    test('roleArn stays the reference of CloudFormation, so that a policy that names the role waits for it', () => {
      const app = newApp();
      const there = newStack(app);
      const role = newRole(there, 'Role', { roleName: 'reader' });
      new IrsaServiceAccount(new Manifests(there, 'Manifests').addChart('chart'), 'Account', { role });
      const consumer = new CfnResource(there, 'Consumer', { type: 'Own::Type::Here', properties: { Principal: role.roleArn } });

      const template = app.synth().getStackByName('Stack').template as { Resources: Record<string, { Properties: unknown }> };
      expect(template.Resources[there.getLogicalId(consumer)].Properties)
        .toEqual({ Principal: { 'Fn::GetAtt': [there.getLogicalId(role.node.defaultChild as CfnRole), 'Arn'] } });
    });

    test('two roles with one provider have a manifest each', () => {
      const app = newApp();
      const there = newStack(app);
      const providers = [newProvider(there, 'Provider')];
      const chart = new Manifests(there, 'Manifests').addChart('chart');
      for (const subject of [reader, writer]) {
        new IrsaServiceAccount(chart, subject.name, { role: new IrsaRole(there, `${subject.name}-role`, { providers, serviceAccounts: [subject], roleName: subject.name }) });
      }
      const assembly = synth(app);

      expect(manifestOf(assembly, 'ServiceAccount', 'reader').metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN });
      expect(manifestOf(assembly, 'ServiceAccount', 'writer').metadata.annotations).toEqual({ [ROLE_ARN_KEY]: ARN.replace('reader', 'writer') });
    });
  });
});
