// One role for the same service accounts in two clusters.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'ManyClusters', {
  env: { account: '111111111105', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'many-clusters-data', removalPolicy: RemovalPolicy.DESTROY });
const providers = ['BLUE_ISSUER', 'GREEN_ISSUER'].map((variable) => (
  new ClusterOidcProvider(stack, variable, { issuer: OidcIssuer.fromUrl(process.env[variable]!), audiences: ['sts.amazonaws.com', 'reports.example.com'] })
));
const web = ServiceAccountSubject.of('many-clusters', 'web');
const batch = ServiceAccountSubject.of('many-clusters', 'batch');
const reader = new IrsaRole(stack, 'Reader', { providers, serviceAccounts: [web, batch] });
bucket.grantRead(reader);

const chart = new Manifests(stack, 'Manifests').addChart('apps', { namespace: 'many-clusters' });
for (const subject of [web, batch]) {
  new kplus.Deployment(chart, subject.name, {
    metadata: { name: subject.name },
    serviceAccount: new IrsaServiceAccount(chart, `${subject.name}-account`, { role: reader, subject }),
    containers: [{ image: 'web:1' }],
  });
}
