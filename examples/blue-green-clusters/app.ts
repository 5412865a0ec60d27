import { App, aws_cloudwatch as cloudwatch, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaRoleShards, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

// a blue and a green cluster in each of three regions, all in one account
const ISSUERS = {
  'ireland-blue': 'https://oidc.eks.eu-west-1.amazonaws.com/id/1BAC8B107DC1292E426FDF456E6A9B64',
  'ireland-green': 'https://oidc.eks.eu-west-1.amazonaws.com/id/2BAC8B107DC1292E426FDF456E6A9B64',
  'virginia-blue': 'https://oidc.eks.us-east-1.amazonaws.com/id/3BAC8B107DC1292E426FDF456E6A9B64',
  'virginia-green': 'https://oidc.eks.us-east-1.amazonaws.com/id/4BAC8B107DC1292E426FDF456E6A9B64',
  'sydney-blue': 'https://oidc.eks.ap-southeast-2.amazonaws.com/id/5BAC8B107DC1292E426FDF456E6A9B64',
  'sydney-green': 'https://oidc.eks.ap-southeast-2.amazonaws.com/id/6BAC8B107DC1292E426FDF456E6A9B64',
};

class FleetStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const clusters = new Map(Object.entries(ISSUERS).map(([name, url]) => [
      name, new ClusterOidcProvider(this, name, { issuer: OidcIssuer.fromUrl(url) }),
    ]));

    // runs on either cluster of a pair: one role for both, and one manifest, which is moved by applying it to the other cluster
    const shop = new IrsaRole(this, 'Shop', {
      providers: [clusters.get('ireland-blue')!, clusters.get('ireland-green')!],
      serviceAccounts: [ServiceAccountSubject.of('shop', 'web')],
    });
    new s3.Bucket(this, 'Orders', { enforceSSL: true }).grantReadWrite(shop);

    // runs on every cluster, and a trust policy has room for four: two roles, which may do the same
    const agents = new IrsaRoleShards(this, 'Agent', {
      providers: [...clusters.values()],
      serviceAccounts: [ServiceAccountSubject.of('monitoring', 'agent')],
    });
    cloudwatch.Metric.grantPutMetricData(agents);

    const manifests = new Manifests(this, 'Manifests');
    const web = manifests.addChart('shop', { namespace: 'shop' });
    new kplus.Deployment(web, 'Web', {
      serviceAccount: new IrsaServiceAccount(web, 'ServiceAccount', { role: shop }),
      containers: [{ image: 'public.ecr.aws/nginx/nginx:1.29' }],
    });
    clusters.forEach((cluster, name) => {
      const chart = manifests.addChart(`agent-${name}`, { namespace: 'monitoring' });
      new kplus.DaemonSet(chart, 'Agent', {
        serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: agents.roleFor(cluster) }),
        containers: [{ image: 'public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300062.0' }],
      });
    });
  }
}

new FleetStack(new App(), 'Fleet', { env: { account: '123456789012', region: 'eu-west-1' } });
