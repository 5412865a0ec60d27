import { App, aws_iam as iam, Stack, type StackProps } from 'aws-cdk-lib';
import {
  ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, MetadataProtection, OidcIssuer, ServiceAccountSubject, WebIdentityInjection,
} from 'cdk-irsa';
import { Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** A cluster of one's own, without the pod identity webhook: a pod that does not run as root lists the buckets of the account every night. */
class NoWebhookStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const issuer = OidcIssuer.fromUrl('https://oidc.clusters.example.com/blue');
    const role = new IrsaRole(this, 'BucketLister', {
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer })],
      serviceAccounts: [ServiceAccountSubject.of('inventory', 'bucket-lister')],
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));

    const manifests = new Manifests(this, 'Manifests');
    manifests.warnOfNodeRoleFallback();
    const chart = manifests.addChart('bucket-lister', { namespace: 'inventory' });
    const lister = new kplus.CronJob(chart, 'Lister', {
      schedule: Cron.daily(),
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role }),
      containers: [{
        image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0',
        args: ['s3', 'ls'],
        securityContext: { user: 1000, group: 1000 },
        // the AWS CLI caches below its home
        envVariables: { HOME: kplus.EnvValue.fromValue('/tmp') },
        volumeMounts: [{ path: '/tmp', volume: kplus.Volume.fromEmptyDir(chart, 'Tmp', 'tmp') }],
      }],
    });

    // volume, mounts and variables, as the webhook would add them; sessions named after the pod in CloudTrail
    WebIdentityInjection.into(lister, { region: this.region, sessionNameFromPod: true });

    // whatever goes wrong, no pod of the namespace gets the role of its node
    new MetadataProtection(chart, 'NoNodeRole');
  }
}

const app = new App();
new NoWebhookStack(app, 'NoWebhook', { env: { account: '123456789012', region: 'eu-west-1' } });
