import { App, Aws, CfnOutput, CfnParameter, NestedStack, Stack, type StackProps, Stage, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  deployedTrust, ENV, expectPinned, helperTypes, HOST_PATH, ISSUER_URL, type Json, type JsonObject, literalIssuer, OTHER_ACCOUNT, READER, resourcesOf,
} from './helpers';
import { OidcIssuer, OrganizationOidcProvider, type OrganizationOidcProviderProps, ServiceAccountSubject } from '../../src';

const UNIT = 'ou-ab12-c3d4e5f6';

interface InlineTemplate {
  readonly Parameters?: JsonObject;
  readonly Conditions?: JsonObject;
  readonly Resources: Record<string, { Type: string; Properties: JsonObject; Condition?: string }>;
}

function organization(props: Partial<OrganizationOidcProviderProps> = {}, stackProps: StackProps = { env: ENV }, app = new App()) {
  const stack = new Stack(app, 'Stack', stackProps);
  const provider = new OrganizationOidcProvider(stack, 'Cluster', { issuer: literalIssuer(), organizationalUnitIds: [UNIT], ...props });
  return { app, stack, provider };
}

function stackSetOf(stack: Stack): JsonObject {
  const [{ Properties: properties }, ...others] = resourcesOf(stack, 'AWS::CloudFormation::StackSet');
  expect(others).toEqual([]);
  return properties;
}

function inlineTemplate(stack: Stack): InlineTemplate {
  return JSON.parse(stackSetOf(stack).TemplateBody as string) as InlineTemplate;
}

function inlineResources(stack: Stack, type: string): JsonObject[] {
  return Object.values(inlineTemplate(stack).Resources).filter(resource => resource.Type === type).map(({ Properties: properties }) => properties);
}

test('is one StackSet with service-managed permissions, in one region, that reaches accounts that join', () => {
  const { stack } = organization();

  expect(stackSetOf(stack)).toEqual({
    StackSetName: expect.stringMatching(/^Stack-Cluster-[0-9a-f]{10}$/) as unknown,
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: 'SELF',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    ManagedExecution: { Active: true },
    OperationPreferences: { ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE', MaxConcurrentPercentage: 100 },
    StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: [UNIT] }, Regions: ['eu-west-1'] }],
    TemplateBody: expect.any(String) as unknown,
  });
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources as object)).toHaveLength(1);
  expect(helperTypes(stack)).toEqual([]);
});

// frozen: another name is another StackSet, and the old one takes provider and roles along from every account
test('its name never changes', () => {
  expect(stackSetOf(organization().stack).StackSetName).toBe('Stack-Cluster-6d832d98bf');
});

test('its template has the provider', () => {
  const { stack } = organization({ audiences: ['a', 'b'], thumbprints: ['0'.repeat(40)] });

  expect(Object.values(inlineTemplate(stack).Resources)).toEqual([
    { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: ISSUER_URL, ClientIdList: ['a', 'b'], ThumbprintList: ['0'.repeat(40)] } },
  ]);
  expect(Object.keys(inlineTemplate(stack))).toEqual(['Resources']);
});

test('its template is compact', () => {
  expect(stackSetOf(organization().stack).TemplateBody).not.toMatch(/\s/);
});

test.each([
  ['a delegated administrator', { delegatedAdmin: true }, { CallAs: 'DELEGATED_ADMIN' }],
  ['stacks that stay', { retainStacksOnAccountRemoval: true }, { AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true } }],
  ['another region', { region: 'us-east-1' }, { StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: [UNIT] }, Regions: ['us-east-1'] }] }],
  ['the root', { organizationalUnitIds: ['r-ab12'] }, { StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: ['r-ab12'] }, Regions: ['eu-west-1'] }] }],
])('can have %s', (_, props, expected) => {
  expect(stackSetOf(organization(props).stack)).toMatchObject(expected);
});

test('in a stack without an environment, the region is that of the stack', () => {
  expect(stackSetOf(organization({}, {}).stack).StackInstancesGroup).toEqual([
    { DeploymentTargets: { OrganizationalUnitIds: [UNIT] }, Regions: [{ Ref: 'AWS::Region' }] },
  ]);
});

describe('an issuer that is known only at deployment', () => {
  function deployTime() {
    const { stack } = organization();
    const issuer = OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString);
    const provider = new OrganizationOidcProvider(stack, 'New', { issuer, organizationalUnitIds: [UNIT] });
    provider.addRole('Reader', { serviceAccounts: [READER] });
    const properties = resourcesOf(stack, 'AWS::CloudFormation::StackSet').map(resource => resource.Properties).find(({ Parameters: parameters }) => parameters)!;
    return { properties, template: JSON.parse(properties.TemplateBody as string) as InlineTemplate };
  }

  test('is a parameter of the StackSet', () => {
    const { properties, template } = deployTime();

    expect(properties.Parameters).toEqual([{ ParameterKey: 'IssuerUrl', ParameterValue: { Ref: 'Url' } }]);
    expect(template.Parameters).toEqual({ IssuerUrl: { Type: 'String' } });
  });

  test('is pinned in the trust policies of every account', () => {
    const { template } = deployTime();
    const [[providerId]] = Object.entries(template.Resources).filter(([, { Type: type }]) => type === 'AWS::IAM::OIDCProvider');
    const role = Object.values(template.Resources).find(({ Type: type }) => type === 'AWS::IAM::Role')!;
    const trust = deployedTrust(role.Properties.AssumeRolePolicyDocument, { 'Ref:IssuerUrl': ISSUER_URL, [`${providerId}.Arn`]: 'PROVIDER' });

    expectPinned(trust);
    expect(trust.Statement).toEqual([expect.objectContaining({
      Principal: { Federated: 'PROVIDER' },
      Condition: { StringEquals: { [`${HOST_PATH}:aud`]: 'sts.amazonaws.com', [`${HOST_PATH}:sub`]: READER.claim } },
    })]);
  });

  test('fails in another environment than that of its cluster', () => {
    const app = new App();
    const cluster = new Stack(app, 'ClusterStack', { env: { ...ENV, region: 'us-east-1' } });
    const issuer = OidcIssuer.fromUrl(new Bucket(cluster, 'StandIn').bucketArn);

    expect(() => organization({ issuer }, { env: ENV }, app)).toThrow('and a deploy-time value stays in its account, region and Stage');
  });
});

describe('accounts that have a provider already', () => {
  /** The template as CloudFormation deploys it to an account: conditions, and what hangs on them. */
  function deployedIn(account: string, template: InlineTemplate) {
    const evaluate = (condition: Json): boolean => {
      const [[operator, operands]] = Object.entries(condition as JsonObject) as [string, Json[]][];
      switch (operator) {
        case 'Fn::Not': return !evaluate(operands[0]);
        case 'Fn::Or':
          expect(operands.length).toBeGreaterThanOrEqual(2);
          expect(operands.length).toBeLessThanOrEqual(10);
          return operands.some(evaluate);
        case 'Fn::Equals':
          expect(operands[0]).toEqual({ Ref: 'AWS::AccountId' });
          return operands[1] === account;
        default: throw new Error(operator);
      }
    };
    const holds = (name: string) => evaluate(template.Conditions![name]);
    const choose = (value: Json): Json => {
      if (Array.isArray(value)) {
        return value.map(choose);
      }
      if (typeof value !== 'object' || value === null) {
        return value;
      }
      const [condition, yes, no] = (value['Fn::If'] ?? []) as [string?, Json?, Json?];
      return condition === undefined
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, choose(item)]))
        : choose(holds(condition) ? yes! : no!);
    };
    const made = Object.entries(template.Resources).filter(([, { Condition: condition }]) => condition === undefined || holds(condition));
    const ids = Object.fromEntries(made.map(([id, { Type: type }]) => [type, id]));
    const role = template.Resources[ids['AWS::IAM::Role']].Properties;
    const values = { 'Ref:AWS::AccountId': account, 'Ref:AWS::Partition': 'aws', [`${ids['AWS::IAM::OIDCProvider']}.Arn`]: 'MADE' };
    return { types: Object.keys(ids).sort(), trust: deployedTrust(choose(role.AssumeRolePolicyDocument), values) };
  }

  function templateFor(existingProviderIn: string[], issuer = literalIssuer()): InlineTemplate {
    const { stack, provider } = organization({ existingProviderIn, issuer });
    provider.addRole('Reader', { serviceAccounts: [READER] });
    return inlineTemplate(stack);
  }

  const account = (n: number) => String(200000000000 + n);

  test.each([1, 2, 10, 11, 101])('%d of them use theirs, all others get one', count => {
    const template = templateFor(Array.from({ length: count }, (_, n) => account(n)));

    for (const existing of [account(0), account(count - 1)]) {
      const { types, trust } = deployedIn(existing, template);
      expect(types).toEqual(['AWS::IAM::Role']);
      expect(trust.Statement.map(({ Principal: principal }) => principal)).toEqual([{ Federated: `arn:aws:iam::${existing}:oidc-provider/${HOST_PATH}` }]);
    }
    const { types, trust } = deployedIn(account(count), template);
    expect(types).toEqual(['AWS::IAM::OIDCProvider', 'AWS::IAM::Role']);
    expect(trust.Statement.map(({ Principal: principal }) => principal)).toEqual([{ Federated: 'MADE' }]);
  });

  test('without them there is no condition', () => {
    expect(templateFor([]).Conditions).toBeUndefined();
  });

  test.each([['12345678901'], ['abc'], ['${Token[AWS.AccountId.4]}']])('fails with %j', name => {
    expect(() => organization({ existingProviderIn: [name] })).toThrow(`'${name}' in existingProviderIn is not an account: 12 digits are expected`);
  });
});

describe('units', () => {
  test.each([['ou-ab12-c3d4e5f6'], [`ou-${'a'.repeat(32)}-${'b'.repeat(32)}`], ['r-ab12'], [Aws.STACK_NAME]])('%j is one', unit => {
    expect(() => organization({ organizationalUnitIds: [unit] })).not.toThrow();
  });

  test.each([['ou-ab12'], ['OU-ab12-c3d4e5f6'], ['123456789012'], ['o-ab12cd34ef'], [''], ['ou-ab12-c3d4e5f6 ']])('fails with %j', unit => {
    expect(() => organization({ organizationalUnitIds: [UNIT, unit] })).toThrow(`'${unit}' is not an organizational unit: ou-XXXX-XXXXXXXX, or r-XXXX for the root, is expected`);
  });

  test('fails without any', () => {
    expect(() => organization({ organizationalUnitIds: [] })).toThrow('organizationalUnitIds is empty, so no account would get the provider');
  });

  test('may be a list that is known only at deployment', () => {
    const app = new App();
    const units = new CfnParameter(new Stack(app, 'Parameters', { env: ENV }), 'Units', { type: 'CommaDelimitedList' }).valueAsList;

    expect(() => organization({ organizationalUnitIds: units }, { env: ENV }, app)).not.toThrow();
  });
});

describe('the template stands in the tree of the app', () => {
  test('tags and permission boundaries of the app reach what is in it', () => {
    const { stack, provider } = organization();
    provider.addRole('Reader', { serviceAccounts: [READER] });
    Tags.of(stack).add('team', 'platform');
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));

    expect(inlineResources(stack, 'AWS::IAM::OIDCProvider')[0].Tags).toEqual([{ Key: 'team', Value: 'platform' }]);
    expect(JSON.stringify(inlineResources(stack, 'AWS::IAM::Role')[0].PermissionsBoundary)).toContain('PowerUserAccess');
  });

  test('warnings of its roles are shown with the stack that is deployed', () => {
    const { stack, provider } = organization();
    provider.addRole('Reader', { serviceAccounts: [ServiceAccountSubject.anyInNamespace('team')] });

    expect(Annotations.fromStack(stack).findWarning('/Stack/Cluster', Match.stringLikeRegexp('cdk-irsa:wildcardSubject'))).toHaveLength(1);
  });

  test('a warning is shown once, however many roles have it and however often the app is synthesised', () => {
    const { app, stack, provider } = organization();
    const serviceAccounts = [ServiceAccountSubject.anyInNamespace('team')];
    provider.addRole('Reader', { serviceAccounts });
    provider.addRole('Writer', { serviceAccounts });
    app.synth({ force: true });
    app.synth({ force: true });

    expect(stack.node.findChild('Cluster').node.metadata.filter(({ data }) => String(data).includes('cdk-irsa:wildcardSubject'))).toHaveLength(1);
  });

  test('is not deployed by itself', () => {
    const { app } = organization();

    expect(app.synth().stacks.map(({ id }) => id)).toEqual(['Stack']);
  });

  test('a Stage with an account does not give it to the template', () => {
    const stage = new Stage(new App(), 'Stage', { env: ENV });
    const stack = new Stack(stage, 'Stack');
    const provider = new OrganizationOidcProvider(stack, 'Cluster', { issuer: literalIssuer(), organizationalUnitIds: [UNIT], existingProviderIn: [OTHER_ACCOUNT] });
    provider.addRole('Reader', { serviceAccounts: [READER] });
    const [role] = inlineResources(stack, 'AWS::IAM::Role');

    expect(JSON.stringify(role)).toContain('{"Ref":"AWS::AccountId"}');
    expect(JSON.stringify(role)).not.toContain(ENV.account);
  });

  test('works in a nested stack', () => {
    const parent = new Stack(new App(), 'Parent', { env: ENV });
    const stack = new NestedStack(parent, 'Nested');
    new OrganizationOidcProvider(stack, 'Cluster', { issuer: literalIssuer(), organizationalUnitIds: [UNIT] });

    expect(inlineResources(stack, 'AWS::IAM::OIDCProvider')).toHaveLength(1);
    expect(stackSetOf(stack).StackSetName).toMatch(/^Parent-Nested-Cluster-/);
  });

  test('two of them in one stack have templates and names of their own', () => {
    const { stack } = organization();
    const other = OidcIssuer.fromUrl('https://oidc.example.org/green');
    new OrganizationOidcProvider(stack, 'Green', { issuer: other, organizationalUnitIds: [UNIT] });
    const sets = resourcesOf(stack, 'AWS::CloudFormation::StackSet').map(({ Properties: properties }) => properties);

    expect(new Set(sets.map(({ StackSetName: name }) => name)).size).toBe(2);
    expect(sets.map(({ TemplateBody: body }) => String(body).includes('oidc.example.org/green'))).toEqual([false, true]);
  });
});

test('what depends on it waits for the StackSet', () => {
  const { stack, provider } = organization();
  provider.addRole('Reader', { serviceAccounts: [READER] });
  const bucket = new Bucket(stack, 'Bucket');
  bucket.node.addDependency(provider);
  new CfnOutput(stack, 'Name', { value: bucket.bucketName });
  const template = Template.fromStack(stack);

  expect(Object.values(template.findResources('AWS::S3::Bucket'))[0].DependsOn).toEqual(Object.keys(template.findResources('AWS::CloudFormation::StackSet')));
});

describe('the size of the template', () => {
  /** Roles with policies of this many characters. */
  function withRoles(count: number, policyLength: number): Stack {
    const { stack, provider } = organization();
    for (let n = 0; n < count; n++) {
      provider.addRole(`Role${n}`, { serviceAccounts: [ServiceAccountSubject.of('default', 'a'.repeat(policyLength))] });
    }
    return stack;
  }

  test('fifty roles fit', () => {
    const body = stackSetOf(withRoles(50, 20)).TemplateBody as string;

    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(51_200);
  });

  test('fails beyond 51,200 bytes, with the arithmetic', () => {
    expect(() => stackSetOf(withRoles(120, 100))).toThrow(
      /Stack\/Cluster\/Template is \d{5} bytes long, and CloudFormation takes 51200 as the template of a StackSet: 120 roles of about \d{3} bytes each, of which about \d\d would fit\. Use managedPolicies instead of inlinePolicies, or fewer roles/);
  });

  test('as many as the message says do fit, and not many more', () => {
    const fit = Number(/of which about (\d+) would fit/.exec(String(errorOf(() => stackSetOf(withRoles(120, 100)))))![1]);

    expect(() => stackSetOf(withRoles(fit, 100))).not.toThrow();
    expect(() => stackSetOf(withRoles(fit + 2, 100))).toThrow();
  });
});

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('two of them for one cluster', () => {
  function twice(first: string[], second: string[], env = [ENV, ENV]): App {
    const app = new App();
    [first, second].forEach((organizationalUnitIds, index) =>
      new OrganizationOidcProvider(new Stack(app, `Stack${index}`, { env: env[index] }), 'Cluster', { issuer: literalIssuer(), organizationalUnitIds }));
    return app;
  }

  test.each([
    [['ou-ab12-c3d4e5f6'], ['ou-ab12-11111111', 'ou-ab12-c3d4e5f6']],
    [['r-ab12'], ['ou-ab12-c3d4e5f6']],
    [['ou-ab12-c3d4e5f6'], ['r-ab12']],
  ])('fail for the units %j and %j, which share accounts', (first, second) => {
    expect(() => twice(first, second).synth()).toThrow('is made twice in accounts of the same units, here and at Stack1/Cluster; make it once and add all roles to it');
  });

  test('fail for one role name in accounts of the same units, whatever the cluster', () => {
    const app = new App();
    ['a', 'b'].forEach(cluster => new OrganizationOidcProvider(new Stack(app, cluster, { env: ENV }), 'Cluster', {
      issuer: OidcIssuer.fromUrl(`https://example.com/${cluster}`), organizationalUnitIds: [UNIT],
    }).addRole('Reader', { serviceAccounts: [READER], roleName: cluster === 'a' ? 'reader' : 'Reader' }));
    expect(() => app.synth()).toThrow('the role Reader is made twice in accounts of the same units, here and at b/Cluster/Reader; give one another roleName');
  });

  test('pass for other units, and for another organization', () => {
    expect(() => twice(['ou-ab12-c3d4e5f6'], ['ou-ab12-11111111']).synth()).not.toThrow();
    expect(() => twice(['r-ab12'], ['r-ab12'], [ENV, { ...ENV, account: '999999999999' }]).synth()).not.toThrow();
  });
});

test.each(['Ireland', 'eu_west_1', ''])('fails for the region %j', region => {
  expect(() => new OrganizationOidcProvider(new Stack(), 'Cluster', { issuer: literalIssuer(), organizationalUnitIds: ['ou-ab12-c3d4e5f6'], region }))
    .toThrow(`'${region}' is not a region, such as 'eu-west-1'`);
});
