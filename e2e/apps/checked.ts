// One stack with account and region, one without; the checks are part of `cdk synth`, for manifests of others as well.
import { App, BootstraplessSynthesizer, type Environment, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, IrsaValidationPlugin, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const { APP_ACCOUNT: account, APP_NAMESPACE: namespace = '', APP_MANIFESTS: manifests } = process.env;
const app = new App({ policyValidationBeta1: [new IrsaValidationPlugin({ manifests: manifests === undefined ? [] : [manifests], strict: true })] });

function addReader(id: string, name: string, provider: 'new' | 'existing', env?: Environment): void {
  const stack = new Stack(app, id, { env, synthesizer: new BootstraplessSynthesizer() });
  const issuer = OidcIssuer.fromUrl(process.env.BLUE_ISSUER!);
  const role = new IrsaRole(stack, 'Reader', {
    providers: [provider === 'new' ? new ClusterOidcProvider(stack, 'Provider', { issuer }) : ClusterOidcProvider.fromIssuer(stack, 'Provider', { issuer })],
    serviceAccounts: [ServiceAccountSubject.of(namespace, name)],
  });
  const chart = new Manifests(stack, 'Manifests').addChart(name, { namespace });
  const serviceAccount = new IrsaServiceAccount(chart, 'ServiceAccount', { role });
  new kplus.Deployment(chart, 'Workload', { metadata: { name }, serviceAccount, containers: [{ image: 'web:1' }] });
}

addReader('Checked', 'known', 'new', { account, region: 'eu-west-1' });
addReader('CheckedLater', 'later', 'existing');
