import { App, aws_iam as iam, Duration, Stack } from 'aws-cdk-lib';
import {
  CdkTokenResolver, ClusterOidcProvider, IrsaServiceAccount, MetadataProtection, OidcIssuer, ServiceAccountPrincipal, ServiceAccountSubject,
  WebIdentityInjection,
} from 'cdk-irsa';
import * as cdk8s from 'cdk8s';

/** Public names that the quickstart does not use. Prints the manifests of a cdk8s app, and how a name that is none is refused. */
const app = new App();
const stack = new Stack(app, 'Names', { env: { account: '123456789012', region: 'eu-west-1' } });

// nobody looks it up here: the issuer that stands in for it until the CDK CLI has asked
const issuer = OidcIssuer.fromLookup(stack, { clusterName: 'production' });
const provider = ClusterOidcProvider.fromIssuer(stack, 'Existing', { issuer, audiences: ['sts.amazonaws.com', 'vault'] });
const job = new iam.Role(stack, 'Job', {
  assumedBy: new ServiceAccountPrincipal({
    providers: [provider],
    serviceAccounts: [ServiceAccountSubject.of('batch', 'job'), ServiceAccountSubject.matching('team-*', 'runner')],
    audience: 'vault',
  }),
  roleName: 'job',
});

const cluster = new cdk8s.App({ resolvers: [new CdkTokenResolver()] });
const chart = new cdk8s.Chart(cluster, 'batch', { namespace: 'batch' });
new IrsaServiceAccount(chart, 'ServiceAccount', {
  role: job,
  subject: ServiceAccountSubject.of('batch', 'job'),
  audience: 'vault',
  tokenExpiration: Duration.hours(2),
  regionalSts: true,
});

const batch = new cdk8s.ApiObject(chart, 'Batch', { apiVersion: 'batch/v1', kind: 'Job' });
WebIdentityInjection.into(batch, { containerRoles: { main: job }, region: stack.region, sessionNameFromPod: true });
batch.addJsonPatch(cdk8s.JsonPatch.add('/spec', { template: { spec: { serviceAccountName: 'job', containers: [{ name: 'main', image: 'job:1' }] } } }));
new MetadataProtection(chart, 'NoNodeRole');

app.synth();
console.log(cluster.synthYaml());
try {
  ServiceAccountSubject.of('default', 'S3_Reader');
} catch (error) {
  console.log(`refused: ${(error as Error).message}`);
}
