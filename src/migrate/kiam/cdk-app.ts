import type { RolePermissions } from './account-details';
import type { MigratedAccount } from './plan';
import { namedList } from '../../k8s/inject/named-list';
import { comment, literal, Names, propertyName, textLiteral } from '../typescript';

/** What an app is written from. */
export interface CdkAppInput {
  /** URL of the cluster's issuer. */
  readonly issuer: string;
  /** Where stacks are deployed. */
  readonly region: string;
  readonly accounts: readonly MigratedAccount[];
  /** What the roles could do before, by their ARN. */
  readonly permissions: ReadonlyMap<string, RolePermissions>;
}

/** For people who get the app from somebody else. */
const TAKEOVER = [
  'Roles for service accounts in the place of those that kiam gives to pods; written by cdk-irsa import kiam. How to go on:',
  '1. What names the old roles from outside (policies of buckets, keys and queues; roles that trust them) has to name the new ones, too.',
  '2. cdk deploy: the new roles are there beside the old ones, and nothing changes for pods.',
  '3. kubectl apply the service accounts in cdk.out/manifests, then the manifests that were changed: new pods have the new roles.',
  '4. When no pod needs kiam any more: import kiam once more without --keep, apply that, remove kiam, remove the old roles.',
];

/** A CDK app with the roles, and with the service accounts that no manifest has: one stack for each AWS account. */
export function cdkApp({ issuer, region, accounts, permissions }: CdkAppInput): string {
  const numbers = [...new Set(accounts.map(({ oldRole }) => oldRole.account))];
  const stacks = numbers.map(number => {
    const own = accounts.filter(({ oldRole }) => oldRole.account === number);
    const suffix = numbers.length > 1 ? number : '';
    return { number, name: `KiamMigration${suffix}`, code: stackClass(`KiamMigration${suffix}Stack`, number, own, permissions) };
  });
  return [
    ...TAKEOVER.map(comment),
    ...imports(accounts, permissions),
    '',
    `const issuer = OidcIssuer.fromUrl(${textLiteral(issuer)});`,
    '',
    ...stacks.flatMap(({ code }) => [...code, '']),
    'const app = new App();',
    ...stacks.map(({ number, name }) => `new ${name}Stack(app, ${textLiteral(name)}, ${literal({ env: { account: number, region } })});`),
    '',
  ].join('\n');
}

function imports(accounts: readonly MigratedAccount[], permissions: CdkAppInput['permissions']): string[] {
  const known = accounts.map(({ oldRole }) => permissions.get(oldRole.arn)).filter(each => each !== undefined);
  const iam = known.some(each => hasPolicies(each));
  const charts = accounts.some(isMadeHere);
  const ours = ['ClusterOidcProvider', 'IrsaRole', ...charts ? ['IrsaServiceAccount', 'Manifests'] : [], 'OidcIssuer', 'ServiceAccountSubject'];
  return [
    `import { App, ${iam ? 'aws_iam as iam, ' : ''}Stack, type StackProps } from 'aws-cdk-lib';`,
    `import { ${ours.join(', ')} } from 'cdk-irsa';`,
    "import type { Construct } from 'constructs';",
  ];
}

function stackClass(name: string, account: string, accounts: readonly MigratedAccount[], permissions: CdkAppInput['permissions']): string[] {
  const variables = new Names('provider', 'manifests', 'issuer', 'app', 'scope', 'id', 'props', 'iam');
  const ids = new Names('provider', 'manifests');
  const made = accounts.filter(isMadeHere);
  const charts = new Map([...new Set(made.map(({ namespace }) => namespace))].map(namespace => [namespace, variables.camel(namespace, 'chart')]));
  return [
    `/** Roles of account ${account}. */`,
    `class ${name} extends Stack {`,
    '  constructor(scope: Construct, id: string, props: StackProps) {',
    '    super(scope, id, props);',
    "    // if the account has it already (aws iam list-open-id-connect-providers): ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer })",
    "    const provider = new ClusterOidcProvider(this, 'Provider', { issuer });",
    ...made.length > 0 ? ["    const manifests = new Manifests(this, 'Manifests');"] : [],
    ...[...charts].map(([namespace, variable]) => `    const ${variable} = manifests.addChart(${textLiteral(namespace)}, ${literal({ namespace })});`),
    ...accounts.flatMap(each => ['', ...roleOf(each, permissions.get(each.oldRole.arn), { variables, ids }, charts.get(each.namespace))]),
    '  }',
    '}',
  ];
}

/** Names in the code of a stack: of variables, and of constructs. */
interface StackNames {
  readonly variables: Names;
  readonly ids: Names;
}

function roleOf(account: MigratedAccount, permissions: RolePermissions | undefined, { variables, ids }: StackNames, chart = ''): string[] {
  const { namespace, name, oldRole, role, workloads } = account;
  const id = ids.pascal(namespace, name);
  const users = namedList(workloads.map(({ kind, name: workload }) => `${kind} ${workload}`));
  const construct = [
    `new IrsaRole(this, ${textLiteral(id)}, {`,
    `  roleName: ${textLiteral(role.name)},`,
    '  providers: [provider],',
    `  serviceAccounts: [ServiceAccountSubject.of(${textLiteral(namespace)}, ${textLiteral(name)})],`,
    ...permissions ? policies(permissions, id, ids) : [`  ${comment(`what it may do: as ${oldRole.arn}, which is not known here`)}`],
    '});',
  ];
  const [first, ...rest] = construct;
  const lines = isMadeHere(account)
    ? madeHere(variables.camel(namespace, name), construct, account, chart)
    : [comment(`its manifest is annotated with ${role.arn}`), first, ...rest];
  return [comment(`${users} in ${namespace}, until now ${oldRole.arn}`), ...lines].map(line => `    ${line}`);
}

function madeHere(variable: string, [first, ...rest]: readonly string[], { name }: MigratedAccount, chart: string): string[] {
  return [`const ${variable} = ${first}`, ...rest, `new IrsaServiceAccount(${chart}, ${textLiteral(name)}, { role: ${variable} });`];
}

function policies({ managedPolicies, inlinePolicies, boundary }: RolePermissions, id: string, ids: Names): string[] {
  const imported = (arn: string): string => {
    const policyId = ids.pascal(id, arn.slice(arn.lastIndexOf('/') + 1));
    return `iam.ManagedPolicy.fromManagedPolicyArn(this, ${textLiteral(policyId)}, ${textLiteral(arn)})`;
  };
  const inline = Object.entries(inlinePolicies);
  return [
    ...managedPolicies.length === 0 ? [] : ['  managedPolicies: [', ...managedPolicies.map(arn => `    ${imported(arn)},`), '  ],'],
    ...inline.length === 0 ? [] : [
      '  inlinePolicies: {',
      ...inline.flatMap(([name, document]) => `    ${propertyName(name)}: iam.PolicyDocument.fromJson(${literal(document, '    ')}),`.split('\n')),
      '  },',
    ],
    ...boundary === undefined ? [] : [`  permissionsBoundary: ${imported(boundary)},`],
  ];
}

function hasPolicies({ managedPolicies, inlinePolicies, boundary }: RolePermissions): boolean {
  return managedPolicies.length > 0 || Object.keys(inlinePolicies).length > 0 || boundary !== undefined;
}

/** The others are in manifests already. */
function isMadeHere({ manifests }: MigratedAccount): boolean {
  return manifests.length === 0;
}
