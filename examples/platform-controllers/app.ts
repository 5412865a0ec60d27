import { App, aws_iam as iam, aws_route53 as route53, aws_s3 as s3, aws_sqs as sqs, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, Controller, ControllerRole, IrsaServiceAccount, Manifests, OidcIssuer } from 'cdk-irsa';
import type { Construct } from 'constructs';

const CLUSTER = 'platform';

/** What a platform team installs on every cluster: each controller with a role of its own, scoped to the cluster, a zone, a bucket, a path. */
class PlatformStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const zone = new route53.PublicHostedZone(this, 'Zone', { zoneName: 'platform.example.com' });
    const backups = new s3.Bucket(this, 'Backups', { enforceSSL: true });
    const nodes = iam.Role.fromRoleName(this, 'Nodes', `KarpenterNodeRole-${CLUSTER}`);
    const interruptions = sqs.Queue.fromQueueArn(this, 'Interruptions', this.formatArn({ service: 'sqs', resource: CLUSTER }));

    const provider = new ClusterOidcProvider(this, 'Provider', {
      issuer: OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643'),
    });
    const controllers = {
      LoadBalancers: Controller.awsLoadBalancerController({ clusterName: CLUSTER, vpcId: 'vpc-0123456789abcdef0', waf: false, shield: false }),
      Karpenter: Controller.karpenter({ clusterName: CLUSTER, nodeRoles: [nodes], interruptionQueue: interruptions }),
      Volumes: Controller.ebsCsi({ clusterName: CLUSTER }),
      Dns: Controller.externalDns({ hostedZones: [zone] }),
      Certificates: Controller.certManager({ hostedZones: [zone] }),
      Secrets: Controller.externalSecrets({ secretNames: [`${CLUSTER}/*`] }),
      Backup: Controller.velero({ buckets: [backups] }),
    };

    const manifests = new Manifests(this, 'Manifests');
    for (const [name, controller] of Object.entries(controllers)) {
      const role = new ControllerRole(this, name, { providers: [provider], controller });
      const [{ namespace, name: serviceAccount }] = role.serviceAccounts;
      // for the charts of the controllers, with serviceAccount.create=false; controllers call the cluster's API
      new IrsaServiceAccount(manifests.addChart(serviceAccount, { namespace }), 'ServiceAccount', { role, automountToken: true });
    }
  }
}

const app = new App();
new PlatformStack(app, 'Platform', { env: { account: '123456789012', region: 'eu-west-1' } });
