import { App, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import type { Construct } from 'constructs';

/**
 * A chart of somebody else, on a cluster without the pod identity webhook: its pods get their credentials on the way from Helm to the cluster.
 *
 *   npx cdk deploy
 *   kubectl apply -R -f cdk.out/manifests/HelmInject
 *   helm template registry ./registry --set serviceAccount.create=false --set serviceAccount.name=registry \
 *     | npx cdk-irsa inject - --service-accounts cdk.out --namespace registry --region eu-west-1 --strict \
 *     | kubectl apply -n registry -f -
 *
 * Without Helm at hand: `rendered-chart.yaml` is what the first part of the pipe prints.
 */
class HelmInjectStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const layers = new s3.Bucket(this, 'Layers', { bucketName: 'cdk-irsa-helm-inject-layers', enforceSSL: true });
    const issuer = OidcIssuer.fromUrl('https://oidc.clusters.example.com/green');
    const registry = new IrsaRole(this, 'Registry', {
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer })],
      serviceAccounts: [ServiceAccountSubject.of('registry', 'registry')],
    });
    layers.grantReadWrite(registry);

    const chart = new Manifests(this, 'Manifests').addChart('registry', { namespace: 'registry' });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role: registry });
  }
}

const app = new App();
new HelmInjectStack(app, 'HelmInject', { env: { account: '123456789012', region: 'eu-west-1' } });
