// Neither account nor region is known at synth, nor the issuer: the manifests are rendered after the deployment.
import { App, aws_s3 as s3, BootstraplessSynthesizer, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'EnvironmentAgnostic', { synthesizer: new BootstraplessSynthesizer() });
const url = new CfnParameter(stack, 'Issuer').valueAsString;
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'environment-agnostic-data', removalPolicy: RemovalPolicy.DESTROY });
const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl(url), audiences: ['sts.amazonaws.com', 'reports.example.com'] });
const reader = new IrsaRole(stack, 'Reader', {
  providers: [provider],
  serviceAccounts: [ServiceAccountSubject.of('environment-agnostic', 's3-reader')],
});
bucket.grantRead(reader);

const chart = new Manifests(stack, 'Manifests').addChart('s3-reader', { namespace: 'environment-agnostic' });
new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader }),
  containers: [{ image: 'web:1', envVariables: { BUCKET: kplus.EnvValue.fromValue(bucket.bucketName) } }],
});
