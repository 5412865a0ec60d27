import { App, aws_sqs as sqs, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, IrsaValidationPlugin, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import type { Construct } from 'constructs';

/** Role and service account of a worker whose Deployment is plain YAML, in the repository that Argo CD or Flux reads. */
class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const orders = sqs.Queue.fromQueueArn(this, 'Orders', `arn:aws:sqs:${this.region}:${this.account}:orders`);

    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');
    const provider = ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer });

    const worker = new IrsaRole(this, 'Worker', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('orders', 'worker')],
    });
    orders.grantConsumeMessages(worker);

    const chart = new Manifests(this, 'Manifests').addChart('worker', { namespace: 'orders' });
    new IrsaServiceAccount(chart, 'ServiceAccount', { role: worker });
  }
}

// a Deployment that names another service account, or is in another namespace, fails `cdk synth`, and not the pod
const app = new App({ policyValidationBeta1: [new IrsaValidationPlugin({ manifests: ['manifests'], strict: true })] });
new OrdersStack(app, 'Orders', { env: { account: '123456789012', region: 'eu-west-1' } });
