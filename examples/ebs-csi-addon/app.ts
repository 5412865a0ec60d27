import { App, aws_kms as kms, aws_s3 as s3, Stack, type StackProps } from 'aws-cdk-lib';
import { ClusterOidcProvider, EksAddon, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject } from 'cdk-irsa';
import { ApiObject, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const CLUSTER = 'production';

/** An existing cluster gets the driver of EBS volumes, and a database that keeps its data on one, encrypted with a key of ours. */
class StorageStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');
    const provider = ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer });
    const key = new kms.Key(this, 'Volumes', { alias: 'volumes', enableKeyRotation: true });

    // role, policy and trust for kube-system/ebs-csi-controller-sa, and the add-on that has them
    EksAddon.ebsCsi(this, 'EbsCsi', { clusterName: CLUSTER, provider, encryptionKeys: [key] });
    // the same by EKS Pod Identity
    EksAddon.cloudWatchObservability(this, 'Observability', { clusterName: CLUSTER, podIdentity: true });

    const backups = new s3.Bucket(this, 'Backups', { enforceSSL: true });
    const database = new IrsaRole(this, 'Database', { providers: [provider], serviceAccounts: [ServiceAccountSubject.of('data', 'database')] });
    backups.grantPut(database);
    this.database(database);
  }

  private database(role: IrsaRole): void {
    const chart = new Manifests(this, 'Manifests').addChart('database', { namespace: 'data' });
    const storageClass = new ApiObject(chart, 'Encrypted', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'encrypted' },
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true', kmsKeyId: 'alias/volumes' },
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    const claim = new kplus.PersistentVolumeClaim(chart, 'Data', {
      metadata: { name: 'data' },
      storageClassName: storageClass.name,
      accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
      storage: Size.gibibytes(20),
    });
    new kplus.Deployment(chart, 'Database', {
      serviceAccount: new IrsaServiceAccount(chart, 'ServiceAccount', { role }),
      replicas: 1,
      strategy: kplus.DeploymentStrategy.recreate(),
      containers: [{
        image: 'public.ecr.aws/docker/library/postgres:17',
        volumeMounts: [{ path: '/var/lib/postgresql/data', volume: kplus.Volume.fromPersistentVolumeClaim(chart, 'Volume', claim) }],
      }],
    });
  }
}

const app = new App();
new StorageStack(app, 'Storage', { env: { account: '123456789012', region: 'eu-west-1' } });
