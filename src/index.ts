export { OidcIssuer, type OidcIssuerLookupOptions } from './identity/oidc-issuer';
export { ServiceAccountSubject } from './identity/service-account-subject';
export { ClusterOidcProvider, type ClusterOidcProviderProps, type ExistingProviderAttributes, type IClusterOidcProvider } from './iam/cluster-oidc-provider';
export { ServiceAccountPrincipal, type ServiceAccountPrincipalProps } from './iam/service-account-principal';
export { IrsaRole, type IrsaRoleProps } from './iam/irsa-role';
export { TakenOverServiceAccount, type TakenOverServiceAccountProps } from './iam/taken-over-service-account';
export { type PodIdentityOptions } from './iam/pod-identity-options';
export { PodIdentityAssociation } from './iam/pod-identity-association';
export { type PodIdentityAssociationProps } from './iam/pod-identity-association-props';
export { ChainedRole, type ChainedRoleProps } from './iam/chained-role';
export { EksAddon } from './iam/addons/eks-addon';
export {
  AddonConflicts, type EbsCsiAddonOptions, type EfsCsiAddonOptions, type EksAddonOptions, type MountpointS3AddonOptions, type VpcCniAddonOptions,
} from './iam/addons/eks-addon-options';
export { type CommonRoleProps } from './iam/common-role-props';
export { RoleChain } from './iam/role-chain';
export { RoleChainLink } from './iam/role-chain-link';
export { type RoleChainLinkOptions, type RoleChainProps } from './iam/role-chain-options';
export { AwsConfigFile } from './k8s/aws-config-file';
export { AwsConfigMap, type AwsConfigMapProps } from './k8s/aws-config-map';
export { type AwsConfigMountOptions } from './k8s/aws-config-mount';
export { type AssumeRoleProfileOptions, AwsCredentialSource, AwsProfile, type AwsProfileOptions, type WebIdentityProfileOptions } from './k8s/aws-profile';
export { type IrsaRoleOptions, type TokenRoleOptions } from './iam/irsa-role-options';
export { type ClusterRoleOptions } from './iam/cluster-role-options';
export { Controller } from './iam/controllers/controller';
export { ControllerRole, type ControllerRoleProps } from './iam/controllers/controller-role';
export {
  type ClusterAutoscalerOptions, type GatewayApiControllerOptions, type KarpenterOptions, type LoadBalancerControllerOptions,
  type NodeTerminationHandlerOptions, type TargetGroupBindingOptions, type VpcCniOptions,
} from './iam/controllers/compute-options';
export {
  type CertManagerControllerOptions, type CloudWatchObservabilityOptions, type ExternalDnsOptions, type ExternalSecretsOptions,
  type ImageBuilderOptions, type PrometheusOptions,
} from './iam/controllers/service-options';
export {
  type EbsCsiOptions, type EfsCsiNodeOptions, type EfsCsiOptions, type FsxLustreCsiOptions, type FsxOpenZfsCsiOptions, type S3CsiOptions,
  type VeleroOptions,
} from './iam/controllers/storage-options';
export { IrsaRoleShards, type IrsaRoleShardsProps } from './iam/irsa-role-shards';
export { OrganizationOidcProvider, type OrganizationOidcProviderProps } from './iam/organization-oidc-provider';
export { OrganizationRole, type OrganizationRoleOptions } from './iam/organization-role';
export { ApiServerFlags, type ApiServerFlagsOptions } from './issuer/api-server-flags';
export { ClusterConfig } from './issuer/cluster-config';
export { ClusterApiVersion, KubeadmVersion } from './issuer/cluster-tools';
export {
  type CloudFrontFunctionIssuerProps, type CloudFrontIssuerProps, type CommonIssuerProps, type S3IssuerProps, type S3WithCloudFrontIssuerProps,
} from './issuer/issuer-props';
export { IssuerPermissions, type ProviderPermissionsOptions } from './issuer/issuer-permissions';
export { PublicKeys } from './issuer/public-keys';
export { SelfHostedIssuer } from './issuer/self-hosted-issuer';
export { PodIdentityWebhook, type PodIdentityWebhookProps, WebhookFailurePolicy } from './k8s/pod-identity-webhook';
export { type CertManagerOptions, WebhookCertificate } from './k8s/webhook-certificate';
export { CdkTokenResolver } from './k8s/cdk-token-resolver';
export { IrsaServiceAccount, type IrsaServiceAccountProps } from './k8s/irsa-service-account';
export { Manifests } from './k8s/manifests';
export { MetadataProtection, type MetadataProtectionProps } from './k8s/metadata-protection';
export { WebIdentityInjection } from './k8s/web-identity-injection';
export { type WebIdentityInjectionOptions } from './k8s/web-identity-injection-options';
export { EksctlConfig } from './migrate/eksctl-config';
export { EksctlServiceAccounts, type EksctlServiceAccountsProps } from './migrate/eksctl-service-accounts';
export { IrsaChecks } from './validation/irsa-checks';
export { type IrsaChecksOptions } from './validation/irsa-checks-options';
export { type IrsaFinding, IrsaFindingSeverity } from './validation/irsa-finding';
export { IrsaValidationPlugin, type IrsaValidationPluginProps } from './validation/irsa-validation-plugin';
