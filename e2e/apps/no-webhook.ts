// A cluster without the pod identity webhook: the manifests bring volume, mounts and variables themselves.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, MetadataProtection, OidcIssuer, ServiceAccountSubject, WebIdentityInjection,
} from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'NoWebhook', {
  env: { account: '111111111131', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'no-webhook-data', removalPolicy: RemovalPolicy.DESTROY });
const provider = new ClusterOidcProvider(stack, 'Provider', {
  issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
  audiences: ['sts.amazonaws.com', 'reports.example.com'],
});
const role = new IrsaRole(stack, 'Lister', {
  providers: [provider],
  serviceAccounts: [ServiceAccountSubject.of('no-webhook', 'lister')],
});
bucket.grantRead(role);

const manifests = new Manifests(stack, 'Manifests');
manifests.warnOfNodeRoleFallback();
const chart = manifests.addChart('lister', { namespace: 'no-webhook' });
const web = new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role }),
  containers: [{ image: 'web:1', securityContext: { user: 1000, group: 1000 } }],
});
WebIdentityInjection.into(web, { region: stack.region, sessionNameFromPod: true, fsGroup: 1000 });
new MetadataProtection(chart, 'NoNodeRole', { pods: web });
