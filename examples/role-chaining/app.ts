import { App, aws_iam as iam, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AwsConfigFile, AwsConfigMap, ChainedRole, ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, RoleChain,
  ServiceAccountSubject,
} from 'cdk-irsa';
import { Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const TOOLS = { account: '123456789012', region: 'eu-west-1' };
const ACCOUNT_A = { account: '345678901234', region: 'eu-west-1' };
const ACCOUNT_B = { account: '567890123456', region: 'eu-central-1' };

/** The account of the cluster: a playbook runs there, with the role of its pod. */
class ToolsStack extends Stack {
  public readonly chain: RoleChain;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');
    const role = new IrsaRole(this, 'PodRole', {
      roleName: 'svc-eks-podrole',
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer })],
      serviceAccounts: [ServiceAccountSubject.of('ansible', 'runner')],
    });
    this.chain = new RoleChain(this, 'Chain', { role });

    const chart = new Manifests(this, 'Manifests').addChart('ansible', { namespace: 'ansible' });
    const playbook = new kplus.CronJob(chart, 'Playbook', {
      schedule: Cron.daily(),
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role }),
      containers: [{
        image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
        command: ['sh', '-ec', 'for profile in account-a-admin account-b-admin account-b-specialized; do aws sts get-caller-identity --profile $profile; done'],
      }],
    });
    new AwsConfigMap(chart, 'AwsConfig', { file: AwsConfigFile.fromRoleChain(this.chain) }).mountInto(playbook);
  }
}

/** An account in which the playbook administers systems. */
class AccountStack extends Stack {
  public readonly admin: ChainedRole;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.admin = new ChainedRole(this, 'Admin', {
      roleName: 'Administrator-role',
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('job-function/SystemAdministrator')],
    });
  }
}

/** Where reports are, which only a role of that account reads. */
class ReportsStack extends AccountStack {
  public readonly reader: ChainedRole;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.reader = new ChainedRole(this, 'ReportsReader', { roleName: 'special-s3-access' });
    new s3.Bucket(this, 'Reports', { enforceSSL: true }).grantRead(this.reader);
  }
}

const app = new App();
const accountA = new AccountStack(app, 'AccountA', { env: ACCOUNT_A });
const accountB = new ReportsStack(app, 'AccountB', { env: ACCOUNT_B });
const { chain } = new ToolsStack(app, 'Tools', { env: TOOLS });

// the pod's role may become an administrator of both accounts, and the administrator of account B may read reports
chain.to(accountA.admin, { profile: 'account-a-admin' });
chain.to(accountB.admin, { profile: 'account-b-admin' })
  .to(accountB.reader, { profile: 'account-b-specialized' });
