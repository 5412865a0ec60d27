import * as path from 'node:path';
import { App, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, EksctlConfig, EksctlServiceAccounts, OidcIssuer } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** The service accounts of a cluster that eksctl made, from the file that eksctl has: the cluster stays with eksctl, the roles come here. */
class ServiceAccountsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    // eksctl made the provider: an account has one for an issuer
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64');
    const provider = ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer });

    const accounts = new EksctlServiceAccounts(this, 'Production', {
      config: EksctlConfig.fromFile(path.join(__dirname, 'cluster.yaml')),
      provider,
      roleNames: false, // as long as eksctl's own roles have these names
    });

    // from here on it is an app like any other: grants, and workloads beside their service accounts
    const invoices = new s3.Bucket(this, 'Invoices', { bucketName: 'cdk-irsa-eksctl-import-invoices', enforceSSL: true });
    invoices.grantPut(accounts.roleOf('backend-apps', 'queue-worker'));
    for (const name of ['queue-worker', 's3-reader']) {
      new kplus.Deployment(accounts.chartOf('backend-apps'), name, {
        serviceAccount: accounts.serviceAccountOf('backend-apps', name),
        containers: [{ image: `${name}:1` }],
      });
    }
  }
}

new ServiceAccountsStack(new App(), 'ProductionServiceAccounts', { env: { account: '123456789012', region: 'eu-west-1' } });
