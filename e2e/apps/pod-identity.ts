// A workload on its way to EKS Pod Identity, with tokens and an association; one that has arrived; and an add-on.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ChainedRole, ClusterOidcProvider, EksAddon, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, PodIdentityAssociation, ServiceAccountSubject,
} from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const clusterName = 'production';
const stack = new Stack(new App(), 'PodIdentity', {
  env: { account: '111111111141', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'pod-identity-data', removalPolicy: RemovalPolicy.DESTROY });
const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!) });
const reader = new IrsaRole(stack, 'Reader', {
  providers: [provider],
  podIdentity: true,
  serviceAccounts: [ServiceAccountSubject.of('pod-identity', 's3-reader')],
});
bucket.grantRead(reader);
new PodIdentityAssociation(stack, 'Association', { clusterName, role: reader });

const arrived = new IrsaRole(stack, 'Arrived', {
  providers: [], podIdentity: true, serviceAccounts: [ServiceAccountSubject.of('pod-identity', 'arrived')],
});
new PodIdentityAssociation(stack, 'ArrivedAssociation', { clusterName, role: arrived, targetRole: new ChainedRole(stack, 'Target') });
EksAddon.ebsCsi(stack, 'EbsCsi', { clusterName, podIdentity: true });

const chart = new Manifests(stack, 'Manifests').addChart('s3-reader', { namespace: 'pod-identity' });
new kplus.Deployment(chart, 'Web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: reader }),
  containers: [{ image: 'web:1' }],
});
