// The issuer's URL is known: everything is final at `cdk synth`.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'LiteralIssuer', {
  env: { account: '111111111101', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'literal-issuer-data', removalPolicy: RemovalPolicy.DESTROY });
const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!) });
const reader = new IrsaRole(stack, 'Reader', {
  providers: [provider],
  serviceAccounts: [ServiceAccountSubject.of('literal-issuer', 's3-reader')],
});
bucket.grantRead(reader);

const chart = new Manifests(stack, 'Manifests').addChart('s3-reader', { namespace: 'literal-issuer' });
new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader }),
  containers: [{ image: 'web:1' }],
});
