import { App, aws_eks as eks, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import {
  ChainedRole, ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, PodIdentityAssociation, ServiceAccountSubject,
} from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const CLUSTER = 'production';

/** Another account, with what a job archives into. */
class ArchiveStack extends Stack {
  public readonly archivist = new ChainedRole(this, 'Archivist');

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    new s3.Bucket(this, 'Archive', { enforceSSL: true }).grantPut(this.archivist);
  }
}

interface WorkloadsProps extends StackProps {
  readonly archivist: ChainedRole;
}

/** Three workloads of one cluster, each as far on its way to EKS Pod Identity as the others are not. */
class WorkloadsStack extends Stack {
  private readonly reports = new s3.Bucket(this, 'Reports', { bucketName: 'cdk-irsa-pod-identity-reports', enforceSSL: true });
  private readonly manifests = new Manifests(this, 'Manifests');

  constructor(scope: Construct, id: string, props: WorkloadsProps) {
    super(scope, id, props);
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');
    const provider = ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer });
    // once a cluster; clusters in Auto Mode have it
    new eks.CfnAddon(this, 'Agent', { clusterName: CLUSTER, addonName: 'eks-pod-identity-agent' });

    this.onTheWay(provider);
    this.arrived();
    this.intoAnotherAccount(props.archivist);
  }

  /** Both ways are open. Pods that start from now on have the association; to go back, remove it: the annotation is still there. */
  private onTheWay(provider: ReturnType<typeof ClusterOidcProvider.fromIssuer>): void {
    const web = new IrsaRole(this, 'Web', { providers: [provider], podIdentity: true, serviceAccounts: [ServiceAccountSubject.of('apps', 'web')] });
    this.reports.grantRead(web);
    new PodIdentityAssociation(this, 'WebAssociation', { clusterName: CLUSTER, role: web });

    const chart = this.manifests.addChart('web', { namespace: 'apps' });
    this.runs(chart, 'Web', new IrsaServiceAccount(chart, 'ServiceAccount', { role: web }));
  }

  /** No provider, no annotation: the service account is a plain one. */
  private arrived(): void {
    const api = new IrsaRole(this, 'Api', { providers: [], podIdentity: true, serviceAccounts: [ServiceAccountSubject.of('apps', 'api')] });
    this.reports.grantReadWrite(api);
    const { subject } = new PodIdentityAssociation(this, 'ApiAssociation', { clusterName: CLUSTER, role: api });

    const chart = this.manifests.addChart('api', { namespace: subject.namespace });
    this.runs(chart, 'Api', new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: subject.name } }));
  }

  /** The pod has the role of another account: EKS assumes the one with the credentials of the other. */
  private intoAnotherAccount(archivist: ChainedRole): void {
    const job = new IrsaRole(this, 'Job', { providers: [], podIdentity: true, serviceAccounts: [ServiceAccountSubject.of('jobs', 'archive')] });
    const { subject } = new PodIdentityAssociation(this, 'JobAssociation', { clusterName: CLUSTER, role: job, targetRole: archivist });

    const chart = this.manifests.addChart('archive', { namespace: subject.namespace });
    this.runs(chart, 'Archive', new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: subject.name } }));
  }

  private runs(chart: Construct, id: string, serviceAccount: kplus.ServiceAccount): void {
    new kplus.Deployment(chart, id, {
      serviceAccount,
      containers: [{ image: 'public.ecr.aws/aws-cli/aws-cli:2.31.0', args: ['sts', 'get-caller-identity'] }],
    });
  }
}

const app = new App();
const { archivist } = new ArchiveStack(app, 'Archive', { env: { account: '345678901234', region: 'eu-west-1' } });
new WorkloadsStack(app, 'Workloads', { env: { account: '123456789012', region: 'eu-west-1' }, archivist });
