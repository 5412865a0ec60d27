import { Resource } from 'aws-cdk-lib';
import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type AddonData, addons } from './addon-data';
import type {
  CloudWatchObservabilityAddonOptions, EbsCsiAddonOptions, EfsCsiAddonOptions, EksAddonOptions, MountpointS3AddonOptions, VpcCniAddonOptions,
} from './eks-addon-options';
import { ServiceAccountSubject } from '../../identity/service-account-subject';
import { policyStatements } from '../controllers/policy-statements';
import { IrsaRole } from '../irsa-role';
import { assertClusterReachable, clusterNameProblems, podIdentityClusterArn } from '../pod-identity-cluster';
import { addonTwins, associationTwins } from '../pod-identity-twins';

/**
 * An EKS add-on with the role that it needs: the role trusts the add-on's own service account, may do what the add-on does, and is wired into it.
 *
 * Names of service accounts, namespaces and policies are part of each add-on, so none can be typed wrong.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export class EksAddon extends Resource {
  /** The Amazon EBS CSI driver. */
  public static ebsCsi(scope: Construct, id: string, options: EbsCsiAddonOptions): EksAddon {
    return new EksAddon(scope, id, addons.ebsCsi(options), options);
  }

  /** The Amazon EFS CSI driver. */
  public static efsCsi(scope: Construct, id: string, options: EfsCsiAddonOptions): EksAddon {
    const { rootAccess, mountWithIam } = options;
    if (rootAccess && mountWithIam === false) {
      throw new Error(`${scope.node.path}/${id} has rootAccess, which only mounts with IAM ask for, and mountWithIam is off; leave one of them out`);
    }
    return new EksAddon(scope, id, addons.efsCsi(options), options);
  }

  /** The Mountpoint for Amazon S3 CSI driver. */
  public static mountpointS3(scope: Construct, id: string, options: MountpointS3AddonOptions): EksAddon {
    return new EksAddon(scope, id, addons.mountpointS3(options), options);
  }

  /** The Amazon VPC CNI plug-in. */
  public static vpcCni(scope: Construct, id: string, options: VpcCniAddonOptions): EksAddon {
    const { ipv6, vpcId } = options;
    if (ipv6 && vpcId !== undefined) {
      throw new Error(`${scope.node.path}/${id} has the vpcId '${vpcId}', and with IPv6 the plug-in makes no network interfaces that it could limit; leave vpcId out`);
    }
    return new EksAddon(scope, id, addons.vpcCni(options), options);
  }

  /** Amazon CloudWatch Observability: metrics, logs and traces of a cluster. */
  public static cloudWatchObservability(scope: Construct, id: string, options: CloudWatchObservabilityAddonOptions): EksAddon {
    return new EksAddon(scope, id, addons.cloudWatchObservability(options), options);
  }

  /** The role of the add-on. What else it needs can be granted to it. */
  public readonly role: IrsaRole;

  /** By which EKS knows the add-on: `aws-ebs-csi-driver`, say. */
  public readonly addonName: string;

  /** The ARN of the add-on. */
  public readonly addonArn: string;

  private constructor(scope: Construct, id: string, data: AddonData, options: EksAddonOptions) {
    super(scope, id);
    const { clusterName, provider, podIdentity = false } = options;
    if (!provider && !podIdentity) {
      throw new Error(`${this.node.path} has neither a provider nor podIdentity, so that the add-on would take the role of its nodes; pass one of the two`);
    }
    assertClusterReachable(this.node.path, this.stack, clusterName, []);
    this.addonName = data.addonName;
    this.role = this.makeRole(data, options);

    const resource = this.makeAddon(data, options);
    // the add-on is degraded while it may do nothing
    resource.node.addDependency(this.role);
    this.addonArn = resource.attrArn;
    this.node.addValidation({
      validate: () => {
        const twins = addonTwins(resource);
        return [...clusterNameProblems(this.stack, clusterName), ...twins.length > 0 ? twins : associationTwins(resource)];
      },
    });
  }

  private makeRole({ addonName, controllers, annotatedToo }: AddonData, { clusterName, provider, podIdentity }: EksAddonOptions): IrsaRole {
    const accounts = [...controllers.flatMap(({ serviceAccounts }) => serviceAccounts), ...provider ? annotatedToo : []];
    const role = new IrsaRole(this, 'Role', {
      description: `EKS add-on ${addonName}`,
      providers: provider ? [provider] : [],
      podIdentity,
      serviceAccounts: accounts.map(([namespace, name]) => ServiceAccountSubject.of(namespace, name)),
      inlinePolicies: {
        [addonName]: new PolicyDocument({ statements: policyStatements(controllers.flatMap(({ statements }) => statements), this) }),
      },
    });
    role._podIdentity?.addCluster(podIdentityClusterArn(this.stack, clusterName));
    return role;
  }

  private makeAddon({ controllers }: AddonData, options: EksAddonOptions): CfnAddon {
    const { clusterName, provider, podIdentity, configurationValues } = options;
    const { roleArn } = this.role;
    return new CfnAddon(this, 'Resource', {
      addonName: this.addonName,
      clusterName,
      addonVersion: options.addonVersion,
      configurationValues: configurationValues && this.stack.toJsonString(configurationValues),
      resolveConflicts: options.resolveConflicts,
      preserveOnDelete: options.preserveOnDelete,
      serviceAccountRoleArn: provider && roleArn,
      podIdentityAssociations: podIdentity
        ? controllers.flatMap(({ serviceAccounts }) => serviceAccounts).map(([, serviceAccount]) => ({ serviceAccount, roleArn }))
        : undefined,
    });
  }
}
