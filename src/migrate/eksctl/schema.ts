/**
 * The fields of eksctl's ClusterConfig, as far as they are looked at.
 *
 * @see https://github.com/eksctl-io/eksctl/blob/main/pkg/apis/eksctl.io/v1alpha5/assets/schema.json
 */

export const API_VERSION = 'eksctl.io/v1alpha5';
export const KIND = 'ClusterConfig';

export const CLUSTER_FIELDS = [
  'apiVersion', 'kind', 'metadata', 'kubernetesNetworkConfig', 'autoModeConfig', 'remoteNetworkConfig', 'iam', 'iamIdentityMappings', 'identityProviders',
  'accessConfig', 'vpc', 'addons', 'addonsConfig', 'privateCluster', 'nodeGroups', 'managedNodeGroups', 'fargateProfiles', 'availabilityZones', 'localZones',
  'cloudWatch', 'secretsEncryption', 'gitops', 'karpenter', 'outpost', 'zonalShiftConfig', 'capabilities', 'upgradePolicy',
] as const;

export const CLUSTER_METADATA_FIELDS = ['name', 'region', 'version', 'forceUpdateVersion', 'tags', 'annotations'] as const;

export const IAM_FIELDS = [
  'serviceRoleARN', 'serviceRolePermissionsBoundary', 'fargatePodExecutionRoleARN', 'fargatePodExecutionRolePermissionsBoundary', 'withOIDC', 'serviceAccounts',
  'podIdentityAssociations', 'vpcResourceControllerPolicy',
] as const;

export const SERVICE_ACCOUNT_FIELDS = [
  'metadata', 'attachPolicyARNs', 'wellKnownPolicies', 'attachPolicy', 'attachRoleARN', 'permissionsBoundary', 'status', 'roleName', 'roleOnly', 'tags', 'subjectPattern',
] as const;

export const METADATA_FIELDS = ['name', 'namespace', 'labels', 'annotations'] as const;

export const STATUS_FIELDS = ['roleARN', 'stackName', 'tags', 'capabilities'] as const;

export const ASSOCIATION_FIELDS = [
  'namespace', 'serviceAccountName', 'roleARN', 'createServiceAccount', 'roleName', 'permissionsBoundaryARN', 'permissionPolicyARNs', 'permissionPolicy',
  'wellKnownPolicies', 'tags', 'targetRoleARN', 'disableSessionTags',
] as const;

/** What an add-on has when eksctl makes a role for it. */
export const ADDON_ROLE_FIELDS = ['attachPolicy', 'attachPolicyARNs', 'wellKnownPolicies', 'serviceAccountRoleARN', 'podIdentityAssociations', 'useDefaultPodIdentityAssociations'] as const;
