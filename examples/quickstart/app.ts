import { App, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** An existing cluster; pods of the service account default/s3-reader read a bucket. */
class QuickstartStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const bucket = new s3.Bucket(this, 'Reports', { bucketName: 'cdk-irsa-quickstart-reports', enforceSSL: true });

    // aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');
    const provider = new ClusterOidcProvider(this, 'Provider', { issuer });

    const reader = new IrsaRole(this, 'Reader', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('default', 's3-reader')],
    });
    bucket.grantRead(reader);

    const chart = new Manifests(this, 'Manifests').addChart('s3-reader', { namespace: 'default' });
    const serviceAccount = new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader });
    new kplus.Deployment(chart, 'Web', {
      serviceAccount,
      containers: [{
        image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
        args: ['s3', 'ls', `s3://${bucket.bucketName}`],
      }],
    });
  }
}

const app = new App();
new QuickstartStack(app, 'Quickstart', { env: { account: '123456789012', region: 'eu-west-1' } });
