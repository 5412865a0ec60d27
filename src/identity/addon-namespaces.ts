/**
 * Where EKS puts add-ons with credentials of their own, unless `NamespaceConfig` says otherwise. Of others a template does not say it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export const ADDON_NAMESPACES: ReadonlyMap<string, string> = new Map([
  ...['aws-ebs-csi-driver', 'aws-efs-csi-driver', 'aws-fsx-csi-driver', 'aws-mountpoint-s3-csi-driver', 'vpc-cni'].map(name => [name, 'kube-system'] as const),
  ['amazon-cloudwatch-observability', 'amazon-cloudwatch'],
  ['aws-privateca-connector-for-kubernetes', 'aws-privateca-issuer'],
]);
