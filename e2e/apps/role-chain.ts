// A pod's role leads to roles in two other accounts, one behind the other: the program in the pod only knows a profile.
import { App, aws_s3 as s3, BootstraplessSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AwsConfigFile, AwsConfigMap, ChainedRole, ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, RoleChain,
  ServiceAccountSubject,
} from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const app = new App();
const stackIn = (id: string, account: string, region: string) => new Stack(app, id, {
  env: { account, region }, synthesizer: new BootstraplessSynthesizer(),
});

// on purpose before the stack whose role they trust
const data = stackIn('RoleChainData', '111111111123', 'eu-central-1');
const hub = stackIn('RoleChainHub', '111111111122', 'eu-west-1');
const tools = stackIn('RoleChainTools', '111111111121', 'eu-west-1');

const pod = new IrsaRole(tools, 'Pod', {
  providers: [new ClusterOidcProvider(tools, 'Provider', {
    issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
    audiences: ['sts.amazonaws.com', 'reports.example.com'],
  })],
  serviceAccounts: [ServiceAccountSubject.of('role-chain', 'runner')],
});
const admin = new ChainedRole(hub, 'Admin');
const other = new ChainedRole(hub, 'Other');
const reader = new ChainedRole(data, 'Reader');
new s3.Bucket(data, 'Data', { bucketName: 'role-chain-data', removalPolicy: RemovalPolicy.DESTROY }).grantRead(reader);

const chain = new RoleChain(tools, 'Chain', { role: pod });
chain.to(other, { profile: 'other' });
chain.to(admin, { profile: 'admin' }).to(reader, { profile: 'reader' });

const chart = new Manifests(tools, 'Manifests').addChart('apps', { namespace: 'role-chain' });
const web = new kplus.Deployment(chart, 'web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'account', { role: pod }),
  containers: [{ image: 'web:1' }],
});
new AwsConfigMap(chart, 'config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(web, { profile: 'reader' });
