import { INDENT, ServiceAccountLines } from './service-accounts';
import { takeover } from './takeover';
import { comment, quoted } from '../../typescript';
import { type EksctlCluster, nameOf, NO_ACCOUNTS } from '../model';

/** What the file of eksctl does not say. */
export interface AppOptions {
  /** The name of the file, for people. */
  readonly file: string;
  /** The URL of the cluster's issuer. @default - looked up by the CDK CLI */
  readonly issuer?: string;
  /** The account of the cluster. @default - the one that the CDK CLI works with */
  readonly account?: string;
}

const TAG_FUNCTION = `
function tag(construct: Construct, tags: Record<string, string>): void {
  for (const [key, value] of Object.entries(tags)) {
    Tags.of(construct).add(key, value);
  }
}
`;

/** A CDK app in TypeScript that makes what a ClusterConfig asks for, with its takeover explained. */
export function generateApp(cluster: EksctlCluster, options: AppOptions): string {
  const { lines } = new ServiceAccountLines(cluster);
  const body = [...providerLines(cluster, options), 'const manifests = new Manifests(this, \'Manifests\');', ...lines].flatMap(line => line.split('\n'))
    .map(line => line === '' ? '' : `${' '.repeat(INDENT)}${line}`).join('\n');
  const usesTags = body.includes('tag(');
  return [
    comment([`The service accounts of the cluster ${cluster.name}: written by npx cdk-irsa import eksctl ${options.file}`, ...takeover(cluster)]),
    '',
    imports(body, usesTags),
    '',
    'class ServiceAccounts extends Stack {',
    '  constructor(scope: Construct, id: string, props: StackProps) {',
    '    super(scope, id, props);',
    body,
    '  }',
    '}',
    ...usesTags ? [TAG_FUNCTION.trimEnd()] : [],
    '',
    `new ServiceAccounts(new App(), ${quoted(stackName(cluster.name))}, {`,
    `  env: { account: ${options.account === undefined ? 'process.env.CDK_DEFAULT_ACCOUNT' : quoted(options.account)}, region: ${quoted(cluster.region)} },`,
    `  description: ${quoted(`roles for service accounts of the cluster ${cluster.name}`)},`,
    '});',
    '',
  ].join('\n');
}

/** A provider that eksctl made is there already: an account has one for each issuer. */
function providerLines(cluster: EksctlCluster, { issuer }: AppOptions): string[] {
  if (!cluster.withOidc) {
    return [];
  }
  const source = issuer === undefined ? `fromLookup(this, { clusterName: ${quoted(cluster.name)} })` : `fromUrl(${quoted(issuer)})`;
  return [
    `const issuer = OidcIssuer.${source};`,
    '// eksctl made the provider, and an account has one for an issuer. Without eksctl: new ClusterOidcProvider(this, \'Provider\', { issuer })',
    'const provider = ClusterOidcProvider.fromIssuer(this, \'Provider\', { issuer });',
  ];
}

/** Only what is used: editors and linters complain of the rest. */
function imports(body: string, usesTags: boolean): string {
  const used = (names: readonly string[]) => names.filter(name => new RegExp(`\\b${name}\\b`).test(body.replace(/^\s*\/\/.*$/gm, '')));
  const core = ['App', ...used(['iam']).map(() => 'aws_iam as iam'), ...used(['Duration']), 'Stack', 'type StackProps', ...usesTags ? ['Tags'] : []];
  const ours = ['Manifests', ...used(['ClusterOidcProvider', 'Controller', 'IrsaRole', 'IrsaServiceAccount', 'OidcIssuer', 'PodIdentityAssociation', 'ServiceAccountSubject'])].sort();
  return [
    `import { ${core.join(', ')} } from 'aws-cdk-lib';`,
    `import { ${ours.join(', ')} } from 'cdk-irsa';`,
    ...used(['kplus']).map(() => 'import * as kplus from \'cdk8s-plus-28\';'),
    'import type { Construct } from \'constructs\';',
  ].join('\n');
}

/** What CloudFormation takes. */
function stackName(cluster: string): string {
  const name = cluster.replace(/[^A-Za-z0-9-]/g, '-');
  return `${/^[A-Za-z]/.test(name) ? '' : 'cluster-'}${name}-service-accounts`;
}

/** Service accounts of a file, for people. */
export function summary({ serviceAccounts, podIdentityAssociations }: EksctlCluster): string {
  if (serviceAccounts.length + podIdentityAssociations.length === 0) {
    return NO_ACCOUNTS;
  }
  return `${serviceAccounts.length} service account${serviceAccounts.length === 1 ? '' : 's'}, ${podIdentityAssociations.length} of EKS Pod Identity: `
    + [...serviceAccounts, ...podIdentityAssociations].map(nameOf).join(', ');
}
