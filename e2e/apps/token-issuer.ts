// The cluster is made by the same app, so that its issuer is a token; the role is in another stack.
import { App, aws_eks as eks, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const app = new App();
const env = { account: '111111111102', region: 'eu-west-1' };
const clusterStack = new Stack(app, 'TokenIssuerCluster', { env, synthesizer: new BootstraplessSynthesizer() });
const cluster = new eks.CfnCluster(clusterStack, 'Cluster', {
  name: 'blue',
  roleArn: 'arn:aws:iam::111111111102:role/eks',
  resourcesVpcConfig: { subnetIds: ['subnet-11111111', 'subnet-22222222'] },
});
const provider = new ClusterOidcProvider(clusterStack, 'Provider', {
  issuer: OidcIssuer.fromUrl(cluster.attrOpenIdConnectIssuerUrl),
  audiences: ['sts.amazonaws.com', 'reports.example.com'],
});

const stack = new Stack(app, 'TokenIssuer', { env, synthesizer: new BootstraplessSynthesizer() });
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'token-issuer-data', removalPolicy: RemovalPolicy.DESTROY });
const reader = new IrsaRole(stack, 'Reader', {
  providers: [provider],
  serviceAccounts: [ServiceAccountSubject.of('token-issuer', 's3-reader')],
});
bucket.grantRead(reader);

const chart = new Manifests(stack, 'Manifests').addChart('s3-reader', { namespace: 'token-issuer' });
new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader }),
  containers: [{ image: 'web:1' }],
});
