/** A service account as namespace and name. */
export type Subject = readonly [namespace: string, name: string];

export type ClusterName = 'blue' | 'green';

/** What tokens are made out for in a scenario. */
export const AUDIENCES: readonly string[] = ['sts.amazonaws.com', 'reports.example.com'];

/** A workload of the manifests whose pods read a bucket. */
export interface Reader {
  readonly subject: Subject;
  /** Name of its Deployment. */
  readonly workload: string;
  /** Where the bucket is. */
  readonly account: string;
  readonly bucket: string;
  /** @default - sts.amazonaws.com */
  readonly audience?: string;
  /** Service accounts that look like it and must be refused, by what is wrong with them. */
  readonly strangers: Readonly<Record<string, Subject>>;
  /** Service accounts besides it that may take its role. @default - none */
  readonly friends?: readonly Subject[];
  /** The container that reads, where the pod has several roles: its role is that of its variables. @default - the first, with the role of the service account */
  readonly container?: string;
  /** Where the token is. @default - where the webhook puts it */
  readonly tokenFile?: string;
  /** A container beside it that must not get anything. @default - none */
  readonly bystander?: string;
  /** Whether the cluster has the pod identity webhook. @default true */
  readonly webhook?: boolean;
  /** The AWS config file that its pods get, and mistakes in it that have to be refused, by what they are. @default - none */
  readonly configFile?: { readonly path: string; readonly mistakes: Readonly<Record<string, (text: string) => string>> };
}

/** What is deployed with one account's credentials. */
export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly string[];
  /** Values of `CfnParameter`s. @default - none */
  readonly parameters?: (issuers: { readonly blue: string }) => Readonly<Record<string, string>>;
}

/** One app of `apps/`, and what has to come of it. */
export interface Scenario {
  readonly name: string;
  /** In `apps/`. */
  readonly program: string;
  /** In the order of their dependencies. */
  readonly deployments: readonly Deployment[];
  readonly readers: readonly Reader[];
  /** Clusters that the roles trust. @default - only blue */
  readonly clusters?: readonly ClusterName[];
  /** Clusters whose providers the accounts have. Red, that no role trusts, is added to every account. @default - blue and `clusters` */
  readonly providers?: readonly ClusterName[];
  /** What the providers take. @default - sts.amazonaws.com and reports.example.com */
  readonly audiences?: readonly string[];
  /** Whether the readers have the same role. @default - each has its own */
  readonly oneRole?: boolean;
  /** How many roles are deployed that no service account of blue may take. @default - none */
  readonly closedRoles?: number;
}

/** The mistakes that a person makes, and the names that an attacker would choose. */
function neighbours([namespace, name]: Subject): Record<string, Subject> {
  return {
    'another service account': [namespace, 'stranger'],
    'a service account whose name is a prefix': [namespace, name.slice(0, -1)],
    'a service account whose name only begins alike': [namespace, `${name}-2`],
    'the same name in another namespace': [`${namespace}-2`, name],
  };
}

const reader = (subject: Subject, account: string, bucket: string, more: Partial<Reader> = {}): Reader => (
  { subject, account, bucket, workload: 'web', strangers: neighbours(subject), ...more }
);

const EU = 'eu-west-1';

export const SCENARIOS: readonly Scenario[] = [
  {
    // as most people have it, so the provider alone refuses other audiences; in all other scenarios the trust policy has to
    name: 'literal issuer',
    program: 'literal-issuer.ts',
    audiences: ['sts.amazonaws.com'],
    deployments: [{ account: '111111111101', region: EU, stacks: ['LiteralIssuer'] }],
    readers: [reader(['literal-issuer', 's3-reader'], '111111111101', 'literal-issuer-data')],
  },
  {
    name: 'token issuer',
    program: 'token-issuer.ts',
    deployments: [{ account: '111111111102', region: EU, stacks: ['TokenIssuerCluster', 'TokenIssuer'] }],
    readers: [reader(['token-issuer', 's3-reader'], '111111111102', 'token-issuer-data')],
  },
  {
    name: 'cross-account',
    program: 'cross-account.ts',
    deployments: [
      { account: '111111111103', region: 'eu-central-1', stacks: ['CrossAccountData'] },
      { account: '111111111104', region: EU, stacks: ['CrossAccountCluster'] },
    ],
    readers: [
      reader(['cross-account', 'exporter'], '111111111103', 'cross-account-data', { workload: 'exporter' }),
      reader(['cross-account', 'frontend'], '111111111104', 'cross-account-cluster', { workload: 'frontend' }),
    ],
  },
  {
    name: 'many clusters',
    program: 'many-clusters.ts',
    clusters: ['blue', 'green'],
    oneRole: true,
    deployments: [{ account: '111111111105', region: EU, stacks: ['ManyClusters'] }],
    readers: ['web', 'batch'].map((name) => reader(['many-clusters', name], '111111111105', 'many-clusters-data', { workload: name })),
  },
  {
    // green is trusted as well, by the other shard: this one has to refuse it, and that one blue
    name: 'shards of a role',
    program: 'shards.ts',
    providers: ['blue', 'green'],
    closedRoles: 1,
    deployments: [{ account: '111111111109', region: EU, stacks: ['Shards'] }],
    readers: [reader(['shards', 'agent'], '111111111109', 'shards-data', { workload: 'agent' })],
  },
  {
    name: 'organization',
    program: 'organization.ts',
    deployments: [{ account: '111111111110', region: EU, stacks: ['OrganizationMember'] }],
    readers: [reader(['organization', 'reader'], '111111111110', 'organization-data')],
  },
  {
    name: 'wildcard subjects',
    program: 'wildcard-subjects.ts',
    deployments: [{ account: '111111111106', region: EU, stacks: ['WildcardSubjects'] }],
    readers: [
      reader(['wildcard-team', 'anybody'], '111111111106', 'wildcard-subjects-data', {
        workload: 'anybody',
        friends: [['wildcard-team', 'somebody-else']],
        strangers: {
          'a service account of another namespace': ['wildcard-apps', 'anybody'],
          'a service account of a namespace that begins alike': ['wildcard-team-2', 'anybody'],
        },
      }),
      reader(['wildcard-apps', 'web-frontend'], '111111111106', 'wildcard-subjects-data', {
        workload: 'web-frontend',
        friends: [['wildcard-apps', 'web-backend']],
        strangers: {
          'a name outside of the pattern': ['wildcard-apps', 'web'],
          'a name that has the pattern inside': ['wildcard-apps', 'my-web-frontend'],
          'the same name in another namespace': ['wildcard-team', 'web-frontend'],
        },
      }),
    ],
  },
  {
    name: 'custom audience',
    program: 'custom-audience.ts',
    deployments: [{ account: '111111111107', region: EU, stacks: ['CustomAudience'] }],
    readers: [reader(['custom-audience', 's3-reader'], '111111111107', 'custom-audience-data', { audience: 'reports.example.com' })],
  },
  {
    name: 'environment-agnostic',
    program: 'environment-agnostic.ts',
    deployments: [{
      account: '111111111108', region: EU, stacks: ['EnvironmentAgnostic'], parameters: ({ blue }) => ({ 'EnvironmentAgnostic:Issuer': blue }),
    }],
    readers: [reader(['environment-agnostic', 's3-reader'], '111111111108', 'environment-agnostic-data')],
  },
  {
    name: 'eksctl',
    program: 'eksctl.ts',
    audiences: ['sts.amazonaws.com'],
    deployments: [{ account: '111111111133', region: EU, stacks: ['Eksctl'] }],
    readers: [
      reader(['eksctl', 's3-reader'], '111111111133', 'eksctl-data'),
      reader(['eksctl', 'job-nightly'], '111111111133', 'eksctl-jobs', {
        workload: 'nightly',
        friends: [['eksctl', 'job-hourly']],
        strangers: {
          'a name outside of the pattern': ['eksctl', 'jobs'],
          'a name that has the pattern inside': ['eksctl', 'a-job-nightly'],
          'the same name in another namespace': ['eksctl-2', 'job-nightly'],
        },
      }),
    ],
  },
  {
    name: 'no webhook',
    program: 'no-webhook.ts',
    deployments: [{ account: '111111111131', region: EU, stacks: ['NoWebhook'] }],
    readers: [reader(['no-webhook', 'lister'], '111111111131', 'no-webhook-data', { webhook: false })],
  },
  {
    name: 'many roles',
    program: 'many-roles.ts',
    deployments: [{ account: '111111111132', region: EU, stacks: ['ManyRoles'] }],
    readers: [
      reader(['many-roles', 'converter'], '111111111132', 'many-roles-incoming', { container: 'reader', bystander: 'proxy' }),
      reader(['many-roles', 'converter'], '111111111132', 'many-roles-results', {
        container: 'uploader', audience: 'reports.example.com', tokenFile: '/var/run/secrets/eks.amazonaws.com/serviceaccount-cb506cd0/token',
      }),
    ],
  },
  {
    // tokens go on working beside EKS Pod Identity; the role of the workload that has arrived, its target and that of an add-on take none of these
    name: 'pod identity',
    program: 'pod-identity.ts',
    closedRoles: 3,
    deployments: [{ account: '111111111141', region: EU, stacks: ['PodIdentity'] }],
    readers: [reader(['pod-identity', 's3-reader'], '111111111141', 'pod-identity-data')],
  },
  {
    // three roles that only other roles may take
    name: 'role chain',
    program: 'role-chain.ts',
    closedRoles: 3,
    deployments: [
      { account: '111111111121', region: EU, stacks: ['RoleChainTools'] },
      { account: '111111111122', region: EU, stacks: ['RoleChainHub'] },
      { account: '111111111123', region: 'eu-central-1', stacks: ['RoleChainData'] },
    ],
    readers: [reader(['role-chain', 'runner'], '111111111123', 'role-chain-data', {
      configFile: {
        path: '/etc/aws-config/config',
        mistakes: {
          'a hop that is skipped': (text) => text.replace('source_profile = admin', 'source_profile = default'),
          'a hop through another role': (text) => text.replace('source_profile = admin', 'source_profile = other'),
          'the role in the middle instead of the last': (text) => text.replace(/role_arn = .*Reader.*/, /role_arn = .*Admin.*/.exec(text)![0]),
        },
      },
    })],
  },
];

/** They share everything that runs, so each needs names of its own: what more than one of them has. */
export function conflicts(scenarios: readonly Scenario[]): string[] {
  const names = scenarios.flatMap(({ deployments, readers }) => [...new Set([
    ...deployments.map(({ account }) => `account ${account}`),
    ...readers.map(({ bucket }) => `bucket ${bucket}`),
    ...readers.map(({ subject: [namespace] }) => `namespace ${namespace}`),
  ])]);
  return names.filter((name, index) => names.indexOf(name) !== index);
}
