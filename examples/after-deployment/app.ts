import { App, aws_dynamodb as dynamodb, Stack } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/**
 * A stack for whatever account and region it is deployed to: neither the role's ARN nor the table's name is known at synth.
 *
 *   cdk deploy --outputs-file outputs.json
 *   npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -
 */
class OrdersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const table = new dynamodb.Table(this, 'Orders', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    const provider = new ClusterOidcProvider(this, 'Provider', {
      issuer: OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643'),
    });
    const orders = new IrsaRole(this, 'Role', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('shop', 'orders')],
    });
    table.grantReadWriteData(orders);

    const chart = new Manifests(this, 'Manifests').addChart('orders', { namespace: 'shop' });
    new kplus.Deployment(chart, 'Orders', {
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role: orders }),
      containers: [{
        image: 'public.ecr.aws/docker/library/busybox:1.37',
        envVariables: {
          TABLE: kplus.EnvValue.fromValue(table.tableName),
          AWS_REGION: kplus.EnvValue.fromValue(this.region),
        },
      }],
    });
  }
}

new OrdersStack(new App(), 'Orders');
