// One pod, two containers, two roles: each container has a token of its own, and none for the other's role.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, Manifests, OidcIssuer, ServiceAccountSubject, WebIdentityInjection } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'ManyRoles', {
  env: { account: '111111111132', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const [incoming, results] = ['many-roles-incoming', 'many-roles-results'].map((bucketName) =>
  new s3.Bucket(stack, bucketName, { bucketName, removalPolicy: RemovalPolicy.DESTROY }));
const common = {
  providers: [new ClusterOidcProvider(stack, 'Provider', {
    issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
    audiences: ['sts.amazonaws.com', 'reports.example.com'],
  })],
  serviceAccounts: [ServiceAccountSubject.of('many-roles', 'converter')],
};
const reader = new IrsaRole(stack, 'Reader', common);
const uploader = new IrsaRole(stack, 'Uploader', { ...common, audience: 'reports.example.com' });
incoming.grantRead(reader);
results.grantRead(uploader);

const chart = new Manifests(stack, 'Manifests').addChart('converter', { namespace: 'many-roles' });
const web = new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: 'converter' } }),
  containers: ['reader', 'uploader', 'proxy'].map((name, index) => ({ name, image: 'web:1', portNumber: 8080 + index })),
});
WebIdentityInjection.into(web, { containerRoles: { reader, uploader }, region: stack.region });
