// The cluster is in one account, the data in another: role and provider are where the data is, the manifests elsewhere.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const app = new App();
const issuer = OidcIssuer.fromUrl(process.env.BLUE_ISSUER!);

function readerIn(stack: Stack, bucketName: string, serviceAccount: string): IrsaRole {
  const bucket = new s3.Bucket(stack, 'Data', { bucketName, removalPolicy: RemovalPolicy.DESTROY });
  const role = new IrsaRole(stack, 'Reader', {
    providers: [new ClusterOidcProvider(stack, 'Provider', { issuer, audiences: ['sts.amazonaws.com', 'reports.example.com'] })],
    serviceAccounts: [ServiceAccountSubject.of('cross-account', serviceAccount)],
  });
  bucket.grantRead(role);
  return role;
}

const data = new Stack(app, 'CrossAccountData', {
  env: { account: '111111111103', region: 'eu-central-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const cluster = new Stack(app, 'CrossAccountCluster', {
  env: { account: '111111111104', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const exporter = readerIn(data, 'cross-account-data', 'exporter');
const frontend = readerIn(cluster, 'cross-account-cluster', 'frontend');

const chart = new Manifests(cluster, 'Manifests').addChart('apps', { namespace: 'cross-account' });
for (const [name, role] of Object.entries({ exporter, frontend })) {
  new kplus.Deployment(chart, name, {
    metadata: { name },
    serviceAccount: new IrsaServiceAccount(chart, `${name}-account`, { role }),
    containers: [{ image: 'web:1' }],
  });
}
