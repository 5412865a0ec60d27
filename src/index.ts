export { OidcIssuer, type OidcIssuerLookupOptions } from './identity/oidc-issuer';
export { ServiceAccountSubject } from './identity/service-account-subject';
export { ClusterOidcProvider, type ClusterOidcProviderProps, type ExistingProviderAttributes, type IClusterOidcProvider } from './iam/cluster-oidc-provider';
export { ServiceAccountPrincipal, type ServiceAccountPrincipalProps } from './iam/service-account-principal';
export { IrsaRole, type IrsaRoleProps } from './iam/irsa-role';
export { type IrsaRoleOptions } from './iam/irsa-role-options';
export { CdkTokenResolver } from './k8s/cdk-token-resolver';
export { IrsaServiceAccount, type IrsaServiceAccountProps } from './k8s/irsa-service-account';
export { Manifests } from './k8s/manifests';
