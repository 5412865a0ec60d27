import type { RolePermissions } from './account-details';
import type { MigratedAccount } from './plan';
import { namedList } from '../../k8s/inject/named-list';
import { ConstructNames } from '../construct-names';
import { Code, comment, expression, type Printable, quoted } from '../typescript';

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

/** So much stands before that everything is written in lines of its own. */
const LINE = 120;

/** Where policies are among the props of a role. */
const INLINE_INDENT = 4;

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
    comment(TAKEOVER),
    ...imports(accounts, permissions),
    '',
    `const issuer = OidcIssuer.fromUrl(${quoted(issuer)});`,
    '',
    ...stacks.flatMap(({ code }) => [...code, '']),
    'const app = new App();',
    ...stacks.map(({ number, name }) => `new ${name}Stack(app, ${quoted(name)}, ${expression({ env: { account: number, region } })});`),
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
  const variables = new ConstructNames('provider', 'manifests', 'issuer', 'app', 'scope', 'id', 'props', 'iam');
  const ids = new ConstructNames('provider', 'manifests');
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
    ...[...charts].map(([namespace, variable]) => `    const ${variable} = manifests.addChart(${quoted(namespace)}, ${expression({ namespace })});`),
    ...accounts.flatMap(each => ['', ...roleOf(each, permissions.get(each.oldRole.arn), { variables, ids }, charts.get(each.namespace))]),
    '  }',
    '}',
  ];
}

/** Names in the code of a stack: of variables, and of constructs. */
interface StackNames {
  readonly variables: ConstructNames;
  readonly ids: ConstructNames;
}

function roleOf(account: MigratedAccount, permissions: RolePermissions | undefined, { variables, ids }: StackNames, chart = ''): string[] {
  const { namespace, name, oldRole, role, workloads } = account;
  const users = namedList(workloads.map(({ kind, name: workload }) => `${kind} ${workload}`));
  const id = ids.pascal(namespace, name);
  const props = {
    roleName: role.name,
    providers: new Code('[provider]'),
    serviceAccounts: new Code(`[ServiceAccountSubject.of(${quoted(namespace)}, ${quoted(name)})]`),
    ...permissions ? policies(permissions, id, ids) : {},
  };
  const construct = `new IrsaRole(this, ${quoted(id)}, ${expression(props, LINE)});`;
  const variable = isMadeHere(account) ? variables.camel(namespace, name) : '';
  return [
    comment([`${users} in ${namespace}, until now ${oldRole.arn}`, ...permissions ? [] : ['what that may do is not known here, and has to be added']]),
    ...isMadeHere(account)
      ? [`const ${variable} = ${construct}`, `new IrsaServiceAccount(${chart}, ${quoted(name)}, { role: ${variable}${account.mountsToken ? ', automountToken: true' : ''} });`]
      : [comment([`its manifest is annotated with ${role.arn}`]), construct],
  ].flatMap(text => text.split('\n')).map(line => `    ${line}`);
}

function policies({ managedPolicies, inlinePolicies, boundary }: RolePermissions, id: string, ids: ConstructNames): Record<string, Printable> {
  const imported = (arn: string): Code => {
    const policyId = ids.pascal(id, arn.slice(arn.lastIndexOf('/') + 1));
    return new Code(`iam.ManagedPolicy.fromManagedPolicyArn(this, ${quoted(policyId)}, ${quoted(arn)})`);
  };
  const inline = Object.entries(inlinePolicies)
    .map(([name, document]) => [name, new Code(`iam.PolicyDocument.fromJson(${expression(document as Printable, LINE, INLINE_INDENT)})`)]);
  return {
    ...managedPolicies.length === 0 ? {} : { managedPolicies: managedPolicies.map(imported) },
    ...inline.length === 0 ? {} : { inlinePolicies: Object.fromEntries(inline) as Record<string, Code> },
    ...boundary === undefined ? {} : { permissionsBoundary: imported(boundary) },
  };
}

function hasPolicies({ managedPolicies, inlinePolicies, boundary }: RolePermissions): boolean {
  return managedPolicies.length > 0 || Object.keys(inlinePolicies).length > 0 || boundary !== undefined;
}

/** The others are in manifests already. */
function isMadeHere({ manifests }: MigratedAccount): boolean {
  return manifests.length === 0;
}
