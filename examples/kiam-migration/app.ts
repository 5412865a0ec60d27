// Roles for service accounts in the place of those that kiam gives to pods; written by cdk-irsa import kiam. How to go on:
// 1. What names the old roles from outside (policies of buckets, keys and queues; roles that trust them) has to name the new ones, too.
// 2. cdk deploy: the new roles are there beside the old ones, and nothing changes for pods.
// 3. kubectl apply the service accounts in cdk.out/manifests, then the manifests that were changed: new pods have the new roles.
// 4. When no pod needs kiam any more: import kiam once more without --keep, apply that, remove kiam, remove the old roles.
import { App, aws_iam as iam, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import type { Construct } from 'constructs';

const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');

/** Roles of account 123456789012. */
class KiamMigrationStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    // if the account has it already (aws iam list-open-id-connect-providers): ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer })
    const provider = new ClusterOidcProvider(this, 'Provider', { issuer });
    const manifests = new Manifests(this, 'Manifests');
    const reportsChart = manifests.addChart('reports', { namespace: 'reports' });

    // CronJob nightly in reports, until now arn:aws:iam::123456789012:role/kiam/reports-writer
    // its manifest is annotated with arn:aws:iam::123456789012:role/reports-nightly-1b5dbbfc
    new IrsaRole(this, 'ReportsNightly', {
      roleName: 'reports-nightly-1b5dbbfc',
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('reports', 'nightly')],
      inlinePolicies: {
        write: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Write',
              Effect: 'Allow',
              Action: 's3:PutObject',
              Resource: 'arn:aws:s3:::kiam-migration-reports/report.csv',
            },
          ],
        }),
      },
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(this, 'ReportsNightlyTeamBoundary', 'arn:aws:iam::123456789012:policy/team-boundary'),
    });

    // Deployment web in reports, until now arn:aws:iam::123456789012:role/reports-reader
    const reportsWeb = new IrsaRole(this, 'ReportsWeb', {
      roleName: 'reports-web-4f859d58',
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('reports', 'web')],
      managedPolicies: [
        iam.ManagedPolicy.fromManagedPolicyArn(this, 'ReportsWebReportsRead', 'arn:aws:iam::123456789012:policy/reports-read'),
      ],
    });
    new IrsaServiceAccount(reportsChart, 'web', { role: reportsWeb, automountToken: true });
  }
}

const app = new App();
new KiamMigrationStack(app, 'KiamMigration', { env: { account: '123456789012', region: 'eu-west-1' } });
