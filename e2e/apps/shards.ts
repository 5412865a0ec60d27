// A role for one service account on more clusters than fit into a trust policy: a shard for blue and three others, another for the rest.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRoleShards, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'Shards', {
  env: { account: '111111111109', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'shards-data', removalPolicy: RemovalPolicy.DESTROY });
const others = [1, 2, 3, 4].map(n => `https://oidc.eks.eu-west-1.amazonaws.com/id/${n}BAC8B107DC1292E426FDF456E6A9B64`);
const [blue, ...rest] = [process.env.BLUE_ISSUER!, ...others, process.env.GREEN_ISSUER!].map((url, n) => (
  new ClusterOidcProvider(stack, `Cluster${n}`, { issuer: OidcIssuer.fromUrl(url), audiences: ['sts.amazonaws.com', 'reports.example.com'] })
));
const shards = new IrsaRoleShards(stack, 'Reader', { providers: [blue, ...rest], serviceAccounts: [ServiceAccountSubject.of('shards', 'agent')] });
bucket.grantRead(shards);

const chart = new Manifests(stack, 'Manifests').addChart('blue', { namespace: 'shards' });
new kplus.Deployment(chart, 'agent', {
  metadata: { name: 'agent' },
  serviceAccount: new IrsaServiceAccount(chart, 'agent-account', { role: shards.roleFor(blue) }),
  containers: [{ image: 'agent:1' }],
});
