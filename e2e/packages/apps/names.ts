import { App, aws_iam as iam, Duration, Stack } from 'aws-cdk-lib';
import {
  AddonConflicts, ApiServerFlags, AwsConfigFile, AwsConfigMap, AwsProfile, CdkTokenResolver, ChainedRole, ClusterOidcProvider, Controller,
  ControllerRole, EksAddon, EksctlConfig, EksctlServiceAccounts,
  IrsaChecks, IrsaFindingSeverity, IrsaRole, IrsaRoleShards, IrsaServiceAccount, IrsaValidationPlugin, MetadataProtection, IssuerPermissions,
  OidcIssuer, OrganizationOidcProvider,
  PodIdentityAssociation, PodIdentityWebhook, PublicKeys, RoleChain, SelfHostedIssuer, ServiceAccountPrincipal, ServiceAccountSubject,
  TakenOverServiceAccount, WebIdentityInjection,
} from 'cdk-irsa';
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';

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

const chain = new RoleChain(stack, 'Chain', { role: job, region: 'eu-west-1' });
chain.to(new ChainedRole(stack, 'Admin', { roleName: 'admin' }), { profile: 'admin', externalId: 'id-1', duration: Duration.minutes(30) })
  .to(new ChainedRole(stack, 'Deep', { roleName: 'deep' }), { profile: 'deep' });
const tool = new kplus.Pod(chart, 'Tool', {
  serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'Existing', 'job'),
  containers: [{ name: 'main', image: 'tool:1' }],
});
new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(tool, { profile: 'deep', loadConfig: true });
const own = AwsConfigFile.of(AwsProfile.webIdentity('default', { roleArn: 'arn:aws:iam::123456789012:role/job', regionalSts: true }));

const fleet = new IrsaRoleShards(stack, 'Fleet', { providers: [provider], serviceAccounts: [ServiceAccountSubject.of('batch', 'agent')], audience: 'vault' });
const organization = new OrganizationOidcProvider(stack, 'Organization', { issuer, organizationalUnitIds: ['ou-ab12-c3d4e5f6'] });
const reader = organization.addRole('Reader', { serviceAccounts: [ServiceAccountSubject.of('batch', 'reader')], roleName: 'reader' });
const keys = PublicKeys.fromPem('-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqBYTJECFRNMka97kf0Kr+sdH+eZV\nunjHNbhLAnJt/tfExK+nP9geMdtD+QDT/g0Rgo+GgqSTiyDNmn3u5Vcs+w==\n-----END PUBLIC KEY-----\n');
const hosted = SelfHostedIssuer.cloudFrontFunction(stack, 'Hosted', { keys });
job.addToPolicy(IssuerPermissions.forProvider(stack, hosted.issuer));
const dns = new ControllerRole(stack, 'Dns', { providers: [provider], controller: Controller.externalDns() });
Controller.karpenter({ clusterName: 'production', nodeRoles: [job] }).inRegion('eu-central-1').addTo(job);
const mover = new IrsaRole(stack, 'Mover', {
  providers: [],
  podIdentity: true,
  podIdentityClusterArns: ['arn:aws:eks:eu-west-1:123456789012:cluster/staging'],
  serviceAccounts: [ServiceAccountSubject.of('batch', 'mover')],
});
const association = new PodIdentityAssociation(stack, 'Association', { clusterName: 'production', role: mover });
const addon = EksAddon.ebsCsi(stack, 'EbsCsi', {
  clusterName: 'production', podIdentity: true, configurationValues: { controller: { replicaCount: 1 } }, resolveConflicts: AddonConflicts.OVERWRITE,
});
const takenOver = new TakenOverServiceAccount(stack, 'Old', { provider, name: 'old', namespace: 'batch' });
const imported = new EksctlServiceAccounts(stack, 'Eksctl', {
  config: EksctlConfig.fromObject({
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: 'production', region: 'eu-west-1' },
    iam: { withOIDC: true, serviceAccounts: [{ metadata: { name: 'dns', namespace: 'batch' }, wellKnownPolicies: { externalDNS: true }, roleName: 'dns' }] },
  }),
  provider,
});
new PodIdentityWebhook(cluster, 'webhook', { region: 'eu-west-1', replicas: 3 });

const said = new cdk8s.ApiObject(chart, 'Said', { apiVersion: 'v1', kind: 'ConfigMap' });
said.addJsonPatch(
  cdk8s.JsonPatch.add('/data', { own: own.text }),
  cdk8s.JsonPatch.add('/data/shards', String(fleet.roles.length)),
  cdk8s.JsonPatch.add('/data/reader', reader.roleArnIn('222222222222')),
  cdk8s.JsonPatch.add('/data/controller', `${dns.controller.name} ${dns.serviceAccounts[0].claim}`),
  cdk8s.JsonPatch.add('/data/roles', [association.subject.claim, addon.addonName, addon.role.serviceAccounts[0].name, takenOver.subject.claim].join()),
  cdk8s.JsonPatch.add('/data/imported', imported.serviceAccountOf('batch', 'dns').subject.claim),
  cdk8s.JsonPatch.add('/data/profile', chain.links[1].sourceProfile),
  cdk8s.JsonPatch.add('/data/flags', ApiServerFlags.forIssuer(OidcIssuer.fromUrl('https://oidc.example.com')).kubeadm().yaml),
);

const tested = new App({ autoSynth: false, outdir: `${process.env.CDK_OUTDIR}/tested` });
new iam.Role(new Stack(tested, 'Tested'), 'Open', { assumedBy: new iam.WebIdentityPrincipal('arn:aws:iam::123456789012:oidc-provider/oidc.example.com') });
const checks = IrsaChecks.of(tested, { manifests: [] });
const errors = checks.findings.filter(({ severity }) => severity === IrsaFindingSeverity.ERROR);
new App({ autoSynth: false, outdir: `${process.env.CDK_OUTDIR}/validated`, policyValidationBeta1: [new IrsaValidationPlugin({ strict: true })] });

app.synth();
console.log(cluster.synthYaml());
console.log(`errors: ${errors.map(({ rule }) => rule).join(' ')}`);
try {
  ServiceAccountSubject.of('default', 'S3_Reader');
} catch (error) {
  console.log(`refused: ${(error as Error).message}`);
}
