import { App, aws_iam as iam, Stack, type StackProps } from 'aws-cdk-lib';
import {
  ClusterOidcProvider, IrsaRole, type IrsaRoleOptions, IrsaServiceAccount, Manifests, OidcIssuer, OrganizationOidcProvider, ServiceAccountSubject,
} from 'cdk-irsa';
import { Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const MANAGEMENT_ACCOUNT = '111111111111';
const MEMBER_ACCOUNTS = { payments: '222222222222', analytics: '333333333333' };

// where the webhook puts the token: a container that names another role than its service account has to say this as well
const TOKEN_FILE = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';

/** An inventory of all accounts is taken from one cluster: a role of the same name in each, which that cluster's collector assumes. */
class InventoryStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64');
    const collector: IrsaRoleOptions = {
      serviceAccounts: [ServiceAccountSubject.of('inventory', 'collector')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('job-function/ViewOnlyAccess')],
    };

    const organization = new OrganizationOidcProvider(this, 'Cluster', {
      issuer,
      organizationalUnitIds: ['ou-ab12-c3d4e5f6'],
      existingProviderIn: [MEMBER_ACCOUNTS.payments], // the cluster's own account: eksctl made one there
    });
    const member = organization.addRole('Collector', collector);

    // a StackSet leaves the management account out
    const provider = new ClusterOidcProvider(this, 'Provider', { issuer });
    const management = new IrsaRole(this, 'Collector', { ...collector, providers: [provider] });

    const chart = new Manifests(this, 'Manifests').addChart('inventory', { namespace: 'inventory' });
    const serviceAccount = new IrsaServiceAccount(chart, 'ServiceAccount', { role: management });
    const job = (name: string, envVariables?: Record<string, kplus.EnvValue>) => new kplus.CronJob(chart, name, {
      schedule: Cron.daily(),
      serviceAccount,
      containers: [{ image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0', args: ['resourcegroupstaggingapi', 'get-resources'], envVariables }],
    });
    job('management');
    for (const [name, account] of Object.entries(MEMBER_ACCOUNTS)) {
      job(name, {
        AWS_ROLE_ARN: kplus.EnvValue.fromValue(member.roleArnIn(account)),
        AWS_WEB_IDENTITY_TOKEN_FILE: kplus.EnvValue.fromValue(TOKEN_FILE),
      });
    }
  }
}

new InventoryStack(new App(), 'Inventory', { env: { account: MANAGEMENT_ACCOUNT, region: 'eu-west-1' } });
