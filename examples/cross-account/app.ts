import { App, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import { Cron } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const CLUSTER_ACCOUNT = { account: '111111111111', region: 'eu-west-1' };
const DATA_ACCOUNT = { account: '222222222222', region: 'eu-central-1' };

// one issuer for both accounts: each that has roles needs an OIDC provider of its own for it
const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');

/** The account of the data: provider, bucket and role; the cluster is elsewhere. */
class DataStack extends Stack {
  public readonly exporter: IrsaRole;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const bucket = new s3.Bucket(this, 'Exports', { enforceSSL: true });
    this.exporter = new IrsaRole(this, 'Exporter', {
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer })],
      serviceAccounts: [ServiceAccountSubject.of('data', 'exporter')],
    });
    bucket.grantReadWrite(this.exporter);
  }
}

interface ClusterStackProps extends StackProps {
  /** A role of the other account that a service account of this cluster assumes. */
  readonly exporter: IrsaRole;
}

/** The account of the cluster: a role of its own, and the manifests of both roles. */
class ClusterStack extends Stack {
  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, props);
    const cache = new s3.Bucket(this, 'Cache', { enforceSSL: true });
    const web = new IrsaRole(this, 'Web', {
      providers: [new ClusterOidcProvider(this, 'Provider', { issuer })],
      serviceAccounts: [ServiceAccountSubject.of('web', 'frontend')],
    });
    cache.grantRead(web);

    const manifests = new Manifests(this, 'Manifests');
    const frontend = manifests.addChart('frontend', { namespace: 'web' });
    new IrsaServiceAccount(frontend, 'ServiceAccount', { role: web });

    const data = manifests.addChart('exporter', { namespace: 'data' });
    new kplus.CronJob(data, 'Export', {
      schedule: Cron.daily(),
      serviceAccount: new IrsaServiceAccount(data, 'ServiceAccount', { role: props.exporter }),
      containers: [{ image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0', args: ['sts', 'get-caller-identity'] }],
    });
  }
}

const app = new App();
const data = new DataStack(app, 'Data', { env: DATA_ACCOUNT });
new ClusterStack(app, 'Cluster', { env: CLUSTER_ACCOUNT, exporter: data.exporter });
