// Tokens with an audience of one's own: the provider, the trust policy and the annotation have to say the same.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'CustomAudience', {
  env: { account: '111111111107', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'custom-audience-data', removalPolicy: RemovalPolicy.DESTROY });
const provider = new ClusterOidcProvider(stack, 'Provider', {
  issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
  audiences: ['sts.amazonaws.com', 'reports.example.com'],
});
const reader = new IrsaRole(stack, 'Reader', {
  providers: [provider],
  serviceAccounts: [ServiceAccountSubject.of('custom-audience', 's3-reader')],
  audience: 'reports.example.com',
});
bucket.grantRead(reader);

const chart = new Manifests(stack, 'Manifests').addChart('s3-reader', { namespace: 'custom-audience' });
new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader }),
  containers: [{ image: 'web:1' }],
});
