import { ebsCsi, type EbsCsiScope } from '../controllers/ebs-csi';
import { efsCsi, efsCsiNode, type EfsCsiScope } from '../controllers/efs-csi';
import { cloudWatchObservability, type CloudWatchObservabilityScope } from '../controllers/observability';
import type { ControllerData } from '../controllers/policy-data';
import { s3Csi, type S3CsiScope } from '../controllers/s3-csi';
import { vpcCni, vpcCniIpv6 } from '../controllers/vpc-cni';

/** What EKS calls an add-on, and who of it needs credentials. */
export interface AddonData {
  /** By which EKS knows it. */
  readonly addonName: string;
  /** What its service accounts may do. */
  readonly controllers: readonly ControllerData[];
  /** Service accounts that EKS annotates with the role of the add-on, beside those of the controllers: they have to be trusted, or their pods get errors. */
  readonly annotatedToo: ReadonlyArray<readonly [namespace: string, name: string]>;
}

/** The driver of EBS volumes. */
export function ebsCsiAddon(scope: EbsCsiScope): AddonData {
  return { addonName: 'aws-ebs-csi-driver', controllers: [ebsCsi(scope)], annotatedToo: [] };
}

/** The driver of EFS volumes; with permissions for its pods on the nodes too, where they mount with IAM. */
export function efsCsiAddon(scope: EfsCsiScope, mountWithIam: boolean): AddonData {
  const node = efsCsiNode(scope);
  return {
    addonName: 'aws-efs-csi-driver',
    controllers: [efsCsi(scope), ...mountWithIam ? [node] : []],
    annotatedToo: mountWithIam ? [] : node.serviceAccounts,
  };
}

/** Mountpoint for Amazon S3. */
export function mountpointS3Addon(scope: S3CsiScope): AddonData {
  return { addonName: 'aws-mountpoint-s3-csi-driver', controllers: [s3Csi(scope)], annotatedToo: [] };
}

/** Networking of pods. */
export function vpcCniAddon(ipv6: boolean, vpcId: string | undefined): AddonData {
  return { addonName: 'vpc-cni', controllers: [ipv6 ? vpcCniIpv6() : vpcCni({ vpcId })], annotatedToo: [] };
}

/** The CloudWatch agent. */
export function cloudWatchObservabilityAddon(scope: CloudWatchObservabilityScope): AddonData {
  return { addonName: 'amazon-cloudwatch-observability', controllers: [cloudWatchObservability(scope)], annotatedToo: [] };
}
