import type {
  CloudWatchObservabilityAddonOptions, EbsCsiAddonOptions, EfsCsiAddonOptions, MountpointS3AddonOptions, VpcCniAddonOptions,
} from './eks-addon-options';
import { compute } from '../controllers/compute-controllers';
import type { ControllerData } from '../controllers/policy-data';
import { service } from '../controllers/service-controllers';
import { storage } from '../controllers/storage-controllers';

/** What EKS calls an add-on, and who of it needs credentials. */
export interface AddonData {
  /** By which EKS knows it. */
  readonly addonName: string;
  /** What its service accounts may do. */
  readonly controllers: readonly ControllerData[];
  /** Service accounts that EKS annotates with the role of the add-on, beside those of the controllers: they have to be trusted, or their pods get errors. */
  readonly annotatedToo: ReadonlyArray<readonly [namespace: string, name: string]>;
}

/** Add-ons of EKS, by what their users pass. */
export const addons = {
  ebsCsi: ({ clusterName, clusterScoped = false, keys }: EbsCsiAddonOptions): AddonData => ({
    addonName: 'aws-ebs-csi-driver', controllers: [storage.ebsCsi({ clusterName: clusterScoped ? clusterName : undefined, keys })], annotatedToo: [],
  }),

  efsCsi: (options: EfsCsiAddonOptions): AddonData => {
    const { rootAccess = false, mountWithIam = rootAccess } = options;
    const node = storage.efsCsiNode(options);
    return {
      addonName: 'aws-efs-csi-driver',
      controllers: [storage.efsCsi(options), ...mountWithIam ? [node] : []],
      annotatedToo: mountWithIam ? [] : node.serviceAccounts,
    };
  },

  mountpointS3: (options: MountpointS3AddonOptions): AddonData => ({
    addonName: 'aws-mountpoint-s3-csi-driver', controllers: [storage.s3Csi(options)], annotatedToo: [],
  }),

  vpcCni: ({ ipv6 = false, vpcId }: VpcCniAddonOptions): AddonData => ({
    addonName: 'vpc-cni', controllers: [ipv6 ? compute.vpcCniIpv6() : compute.vpcCni({ vpcId })], annotatedToo: [],
  }),

  cloudWatchObservability: ({ clusterName, metricNamespaces }: CloudWatchObservabilityAddonOptions): AddonData => ({
    addonName: 'amazon-cloudwatch-observability', controllers: [service.cloudWatchObservability({ clusterName, metricNamespaces })], annotatedToo: [],
  }),
};
