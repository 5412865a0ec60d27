// A whole namespace, and names by a pattern: said aloud, in two roles of their own.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const stack = new Stack(new App(), 'WildcardSubjects', {
  env: { account: '111111111106', region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'wildcard-subjects-data', removalPolicy: RemovalPolicy.DESTROY });
const providers = [new ClusterOidcProvider(stack, 'Provider', {
  issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
  audiences: ['sts.amazonaws.com', 'reports.example.com'],
})];
const team = new IrsaRole(stack, 'Team', { providers, serviceAccounts: [ServiceAccountSubject.anyInNamespace('wildcard-team')] });
const web = new IrsaRole(stack, 'Web', { providers, serviceAccounts: [ServiceAccountSubject.matching('wildcard-apps', 'web-*')] });
[team, web].forEach((role) => bucket.grantRead(role));

const manifests = new Manifests(stack, 'Manifests');
for (const [role, subject] of [
  [team, ServiceAccountSubject.of('wildcard-team', 'anybody')],
  [web, ServiceAccountSubject.of('wildcard-apps', 'web-frontend')],
] as const) {
  const chart = manifests.addChart(subject.name, { namespace: subject.namespace });
  new kplus.Deployment(chart, 'Deployment', {
    metadata: { name: subject.name },
    serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role, subject }),
    containers: [{ image: 'web:1' }],
  });
}
