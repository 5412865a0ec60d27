/* eslint-disable */
// The service accounts of the cluster production: written by npx cdk-irsa import eksctl cluster.yaml
// How it takes over from eksctl:
//
// 1. Deploy: npx cdk deploy --outputs-file outputs.json
//    It makes new roles beside those of eksctl, under other names, and touches nothing of eksctl. The OIDC provider
//    is eksctl's own, and stays until `eksctl delete cluster`. What was behind wellKnownPolicies is narrower than
//    eksctl's statements: read it below, before the next step.
//
// 2. Switch: kubectl get serviceaccounts -A -o yaml > before.yaml
//    npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -
//    It writes the new roles into the annotations of the service accounts. Pods take them when they start: restart
//    their workloads, one namespace after the other (kubectl rollout restart deployment -n NAMESPACE), and look
//    whether they work. The way back is the annotation in before.yaml, and a restart: the old roles are still there.
//
// 3. Remove the old roles, once nothing uses them (aws iam get-role --query Role.RoleLastUsed). Each has a stack of
//    its own. `eksctl delete iamserviceaccount` is not for this: it deletes the service accounts as well. And take
//    iam.serviceAccounts out of the file of eksctl, or it makes them again.
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-default-s3-reader
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-backend-apps-cache-access
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-ci-image-builder
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-kube-system-cluster-autoscaler
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-kube-system-aws-load-balancer-controller
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-kube-system-external-dns
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-cert-manager-cert-manager
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-kube-system-ebs-csi-controller-sa
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-kube-system-efs-csi-controller-sa
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-network-dns
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-backend-apps-queue-worker
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-backend-apps-exporter
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-ci-deployer
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-logging-fluent-bit
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-crossplane-system-crossplane
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-ci-runner-default
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-velero-velero
//
// 4. EKS Pod Identity: a service account has one association, so that of eksctl has to go right before npx cdk deploy
//    makes ours. Pods that run keep their credentials for a while; those that start in between have none. Ids are in
//    aws eks list-pod-identity-associations --region eu-west-1 --cluster-name production
//    aws eks delete-pod-identity-association --region eu-west-1 --cluster-name production --association-id a-… (reports/writer)
//    aws eks delete-pod-identity-association --region eu-west-1 --cluster-name production --association-id a-… (reports/reader)
//
// Roles that were there before eksctl stay what they are: those of backend-apps/legacy, billing/billing.
//
// Not taken over:
// - the add-on "aws-ebs-csi-driver" has wellKnownPolicies: its role stays with eksctl

import { App, aws_iam as iam, Duration, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, PodIdentityAssociation, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

class ServiceAccounts extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const issuer = OidcIssuer.fromUrl('https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643');
    // eksctl made the provider, and an account has one for an issuer. Without eksctl: new ClusterOidcProvider(this, 'Provider', { issuer })
    const provider = ClusterOidcProvider.fromIssuer(this, 'Provider', { issuer });
    const manifests = new Manifests(this, 'Manifests');
    const exporterPolicy = iam.ManagedPolicy.fromManagedPolicyArn(this, 'ExporterPolicy', 'arn:aws:iam::111122223333:policy/teams/exporter');
    const boundaryPolicy = iam.ManagedPolicy.fromManagedPolicyArn(this, 'BoundaryPolicy', 'arn:aws:iam::111122223333:policy/boundary');

    // default/s3-reader
    const defaultS3ReaderRole = new IrsaRole(this, 'default.s3-reader', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('default', 's3-reader')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3ReadOnlyAccess')],
    });
    tag(defaultS3ReaderRole, { environment: 'production', team: 'platform' });
    const defaultChart = manifests.addChart('default', { namespace: 'default' });
    new IrsaServiceAccount(defaultChart, 'ServiceAccount.s3-reader', { role: defaultS3ReaderRole });

    // backend-apps/cache-access
    const backendAppsCacheAccessRole = new IrsaRole(this, 'backend-apps.cache-access', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('backend-apps', 'cache-access')],
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonDynamoDBReadOnlyAccess'),
        iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonElastiCacheFullAccess'),
      ],
    });
    tag(backendAppsCacheAccessRole, { environment: 'production', team: 'shop', 'cost-centre': '4711' });
    const backendAppsChart = manifests.addChart('backend-apps', { namespace: 'backend-apps' });
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.cache-access', {
      role: backendAppsCacheAccessRole,
      metadata: {
        labels: { 'aws-usage': 'application', 'app.kubernetes.io/part-of': 'shop' },
        annotations: { 'example.com/owner': 'shop\'s team: `${HOME}` "quoted" \\ back' },
      },
      regionalSts: true,
      tokenExpiration: Duration.seconds(3600),
    });

    // ci/image-builder
    const ciImageBuilderRole = new IrsaRole(this, 'ci.image-builder', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('ci', 'image-builder')],
      inlinePolicies: {
        imageBuilder: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            { Sid: 'ImageBuilderLogin', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
            {
              Sid: 'ImageBuilderRepositories',
              Effect: 'Allow',
              Action: [
                'ecr:BatchCheckLayerAvailability',
                'ecr:BatchGetImage',
                'ecr:CompleteLayerUpload',
                'ecr:DescribeImages',
                'ecr:DescribeImageScanFindings',
                'ecr:DescribeRepositories',
                'ecr:GetDownloadUrlForLayer',
                'ecr:GetLifecyclePolicy',
                'ecr:GetLifecyclePolicyPreview',
                'ecr:GetRepositoryPolicy',
                'ecr:InitiateLayerUpload',
                'ecr:ListImages',
                'ecr:ListTagsForResource',
                'ecr:PutImage',
                'ecr:UploadLayerPart',
              ],
              Resource: [`arn:aws:ecr:eu-west-1:${this.account}:repository/*`],
            },
          ],
        }),
      },
    });
    tag(ciImageBuilderRole, { environment: 'production', team: 'platform' });
    const ciChart = manifests.addChart('ci', { namespace: 'ci' });
    new IrsaServiceAccount(ciChart, 'ServiceAccount.image-builder', { role: ciImageBuilderRole });

    // kube-system/cluster-autoscaler
    const kubeSystemClusterAutoscalerRole = new IrsaRole(this, 'kube-system.cluster-autoscaler', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'cluster-autoscaler')],
      inlinePolicies: {
        autoScaler: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'AutoscalerDescribe',
              Effect: 'Allow',
              Action: [
                'autoscaling:DescribeAutoScalingGroups',
                'autoscaling:DescribeAutoScalingInstances',
                'autoscaling:DescribeLaunchConfigurations',
                'autoscaling:DescribeScalingActivities',
                'autoscaling:DescribeTags',
                'ec2:DescribeImages',
                'ec2:DescribeInstanceTypes',
                'ec2:DescribeLaunchTemplateVersions',
                'ec2:GetInstanceTypesFromInstanceRequirements',
              ],
              Resource: ['*'],
            },
            {
              Sid: 'AutoscalerNodeGroups',
              Effect: 'Allow',
              Action: ['eks:DescribeNodegroup'],
              Resource: [`arn:aws:eks:eu-west-1:${this.account}:nodegroup/production/*/*`],
            },
            {
              Sid: 'AutoscalerScale',
              Effect: 'Allow',
              Action: ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
              Resource: [`arn:aws:autoscaling:eu-west-1:${this.account}:autoScalingGroup:*:autoScalingGroupName/*`],
              Condition: {
                StringEquals: {
                  'aws:ResourceTag/k8s.io/cluster-autoscaler/enabled': 'true',
                  'aws:ResourceTag/k8s.io/cluster-autoscaler/production': 'owned',
                },
              },
            },
          ],
        }),
      },
    });
    tag(kubeSystemClusterAutoscalerRole, { environment: 'production', team: 'platform' });
    const kubeSystemChart = manifests.addChart('kube-system', { namespace: 'kube-system' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.cluster-autoscaler', {
      role: kubeSystemClusterAutoscalerRole,
    });

    // kube-system/aws-load-balancer-controller
    const kubeSystemAwsLoadBalancerControllerRole = new IrsaRole(this, 'kube-system.aws-load-balancer-controller', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'aws-load-balancer-controller')],
      inlinePolicies: {
        awsLoadBalancerController: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'LbcServiceLinkedRole',
              Effect: 'Allow',
              Action: ['iam:CreateServiceLinkedRole'],
              Resource: [
                `arn:aws:iam::${this.account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`,
              ],
              Condition: { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
            },
            {
              Sid: 'LbcDescribe',
              Effect: 'Allow',
              Action: [
                'ec2:DescribeAccountAttributes',
                'ec2:DescribeAddresses',
                'ec2:DescribeAvailabilityZones',
                'ec2:DescribeCoipPools',
                'ec2:DescribeInstances',
                'ec2:DescribeInternetGateways',
                'ec2:DescribeIpamPools',
                'ec2:DescribeNetworkInterfaces',
                'ec2:DescribeRouteTables',
                'ec2:DescribeSecurityGroups',
                'ec2:DescribeSubnets',
                'ec2:DescribeTags',
                'ec2:DescribeVpcPeeringConnections',
                'ec2:DescribeVpcs',
                'elasticloadbalancing:DescribeCapacityReservation',
                'elasticloadbalancing:DescribeListenerAttributes',
                'elasticloadbalancing:DescribeListenerCertificates',
                'elasticloadbalancing:DescribeListeners',
                'elasticloadbalancing:DescribeLoadBalancerAttributes',
                'elasticloadbalancing:DescribeLoadBalancers',
                'elasticloadbalancing:DescribeRules',
                'elasticloadbalancing:DescribeSSLPolicies',
                'elasticloadbalancing:DescribeTags',
                'elasticloadbalancing:DescribeTargetGroupAttributes',
                'elasticloadbalancing:DescribeTargetGroups',
                'elasticloadbalancing:DescribeTargetHealth',
                'elasticloadbalancing:DescribeTrustStores',
              ],
              Resource: ['*'],
            },
            {
              Sid: 'LbcReadPools',
              Effect: 'Allow',
              Action: ['ec2:GetCoipPoolUsage', 'ec2:GetSecurityGroupsForVpc'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:coip-pool/*`, `arn:aws:ec2:eu-west-1:${this.account}:vpc/*`],
            },
            {
              Sid: 'LbcIngressRules',
              Effect: 'Allow',
              Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:security-group/*`],
            },
            {
              Sid: 'LbcCreateSecurityGroups',
              Effect: 'Allow',
              Action: ['ec2:CreateSecurityGroup'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:security-group/*`],
              Condition: { StringEquals: { 'aws:RequestTag/elbv2.k8s.aws/cluster': 'production' } },
            },
            {
              Sid: 'LbcCreateSecurityGroupsIn',
              Effect: 'Allow',
              Action: ['ec2:CreateSecurityGroup'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:vpc/*`],
            },
            {
              Sid: 'LbcTagNewSecurityGroups',
              Effect: 'Allow',
              Action: ['ec2:CreateTags'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:security-group/*`],
              Condition: {
                StringEquals: {
                  'aws:RequestTag/elbv2.k8s.aws/cluster': 'production',
                  'ec2:CreateAction': 'CreateSecurityGroup',
                },
              },
            },
            {
              Sid: 'LbcTagSecurityGroups',
              Effect: 'Allow',
              Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:security-group/*`],
              Condition: {
                StringEquals: { 'aws:ResourceTag/elbv2.k8s.aws/cluster': 'production' },
                Null: { 'aws:RequestTag/elbv2.k8s.aws/cluster': 'true' },
              },
            },
            {
              Sid: 'LbcDeleteSecurityGroups',
              Effect: 'Allow',
              Action: ['ec2:DeleteSecurityGroup'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:security-group/*`],
              Condition: { StringEquals: { 'aws:ResourceTag/elbv2.k8s.aws/cluster': 'production' } },
            },
            {
              Sid: 'LbcCreate',
              Effect: 'Allow',
              Action: ['elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:CreateTargetGroup'],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/net/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:targetgroup/*/*`,
              ],
              Condition: { StringEquals: { 'aws:RequestTag/elbv2.k8s.aws/cluster': 'production' } },
            },
            {
              Sid: 'LbcTagNew',
              Effect: 'Allow',
              Action: ['elasticloadbalancing:AddTags'],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/net/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:targetgroup/*/*`,
              ],
              Condition: {
                StringEquals: {
                  'aws:RequestTag/elbv2.k8s.aws/cluster': 'production',
                  'elasticloadbalancing:CreateAction': ['CreateLoadBalancer', 'CreateTargetGroup'],
                },
              },
            },
            {
              Sid: 'LbcTag',
              Effect: 'Allow',
              Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/net/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:targetgroup/*/*`,
              ],
              Condition: {
                StringEquals: { 'aws:ResourceTag/elbv2.k8s.aws/cluster': 'production' },
                Null: { 'aws:RequestTag/elbv2.k8s.aws/cluster': 'true' },
              },
            },
            {
              Sid: 'LbcChange',
              Effect: 'Allow',
              Action: [
                'elasticloadbalancing:DeleteLoadBalancer',
                'elasticloadbalancing:DeleteTargetGroup',
                'elasticloadbalancing:ModifyCapacityReservation',
                'elasticloadbalancing:ModifyIpPools',
                'elasticloadbalancing:ModifyLoadBalancerAttributes',
                'elasticloadbalancing:ModifyTargetGroup',
                'elasticloadbalancing:ModifyTargetGroupAttributes',
                'elasticloadbalancing:SetIpAddressType',
                'elasticloadbalancing:SetSecurityGroups',
                'elasticloadbalancing:SetSubnets',
              ],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/net/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:targetgroup/*/*`,
              ],
              Condition: { StringEquals: { 'aws:ResourceTag/elbv2.k8s.aws/cluster': 'production' } },
            },
            {
              Sid: 'LbcTargets',
              Effect: 'Allow',
              Action: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
              Resource: [`arn:aws:elasticloadbalancing:eu-west-1:${this.account}:targetgroup/*/*`],
            },
            {
              Sid: 'LbcCreateListeners',
              Effect: 'Allow',
              Action: ['elasticloadbalancing:CreateListener'],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/net/*/*`,
              ],
            },
            {
              Sid: 'LbcListeners',
              Effect: 'Allow',
              Action: [
                'elasticloadbalancing:AddListenerCertificates',
                'elasticloadbalancing:CreateRule',
                'elasticloadbalancing:DeleteListener',
                'elasticloadbalancing:ModifyListener',
                'elasticloadbalancing:ModifyListenerAttributes',
                'elasticloadbalancing:RemoveListenerCertificates',
              ],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener/app/*/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener/net/*/*/*`,
              ],
            },
            {
              Sid: 'LbcRules',
              Effect: 'Allow',
              Action: [
                'elasticloadbalancing:DeleteRule',
                'elasticloadbalancing:ModifyRule',
                'elasticloadbalancing:SetRulePriorities',
              ],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener-rule/app/*/*/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener-rule/net/*/*/*/*`,
              ],
            },
            {
              Sid: 'LbcTagListeners',
              Effect: 'Allow',
              Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
              Resource: [
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener/app/*/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener/net/*/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener-rule/app/*/*/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:listener-rule/net/*/*/*/*`,
              ],
            },
            {
              Sid: 'LbcListCertificates',
              Effect: 'Allow',
              Action: ['acm:ListCertificates', 'iam:ListServerCertificates'],
              Resource: ['*'],
            },
            {
              Sid: 'LbcCertificates',
              Effect: 'Allow',
              Action: ['acm:DescribeCertificate'],
              Resource: [`arn:aws:acm:eu-west-1:${this.account}:certificate/*`],
            },
            {
              Sid: 'LbcServerCertificates',
              Effect: 'Allow',
              Action: ['iam:GetServerCertificate'],
              Resource: [`arn:aws:iam::${this.account}:server-certificate/*`],
            },
            {
              Sid: 'LbcUserPools',
              Effect: 'Allow',
              Action: ['cognito-idp:DescribeUserPoolClient'],
              Resource: [`arn:aws:cognito-idp:eu-west-1:${this.account}:userpool/*`],
            },
            { Sid: 'LbcSetWebAcl', Effect: 'Allow', Action: ['elasticloadbalancing:SetWebAcl'], Resource: ['*'] },
            {
              Sid: 'LbcWebAcls',
              Effect: 'Allow',
              Action: ['wafv2:AssociateWebACL', 'wafv2:DisassociateWebACL', 'wafv2:GetWebACL', 'wafv2:GetWebACLForResource'],
              Resource: [
                `arn:aws:wafv2:eu-west-1:${this.account}:regional/webacl/*/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
              ],
            },
            {
              Sid: 'LbcClassicWebAcls',
              Effect: 'Allow',
              Action: [
                'waf-regional:AssociateWebACL',
                'waf-regional:DisassociateWebACL',
                'waf-regional:GetWebACL',
                'waf-regional:GetWebACLForResource',
              ],
              Resource: [
                `arn:aws:waf-regional:eu-west-1:${this.account}:webacl/*`,
                `arn:aws:elasticloadbalancing:eu-west-1:${this.account}:loadbalancer/app/*/*`,
              ],
            },
            {
              Sid: 'LbcShield',
              Effect: 'Allow',
              Action: ['shield:CreateProtection', 'shield:GetSubscriptionState'],
              Resource: ['*'],
            },
            {
              Sid: 'LbcProtections',
              Effect: 'Allow',
              Action: ['shield:DeleteProtection', 'shield:DescribeProtection'],
              Resource: [`arn:aws:shield::${this.account}:protection/*`],
            },
          ],
        }),
      },
    });
    tag(kubeSystemAwsLoadBalancerControllerRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.aws-load-balancer-controller', {
      role: kubeSystemAwsLoadBalancerControllerRole,
    });

    // kube-system/external-dns
    const kubeSystemExternalDnsRole = new IrsaRole(this, 'kube-system.external-dns', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'external-dns')],
      inlinePolicies: {
        externalDNS: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'ExternalDnsRecords',
              Effect: 'Allow',
              Action: ['route53:ChangeResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'ExternalDnsListRecords',
              Effect: 'Allow',
              Action: ['route53:ListResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'ExternalDnsTags',
              Effect: 'Allow',
              Action: ['route53:ListTagsForResource', 'route53:ListTagsForResources'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            { Sid: 'ExternalDnsListZones', Effect: 'Allow', Action: ['route53:ListHostedZones'], Resource: ['*'] },
          ],
        }),
      },
    });
    tag(kubeSystemExternalDnsRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.external-dns', { role: kubeSystemExternalDnsRole });

    // cert-manager/cert-manager
    const certManagerCertManagerRole = new IrsaRole(this, 'cert-manager.cert-manager', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('cert-manager', 'cert-manager')],
      inlinePolicies: {
        certManager: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'CertManagerRecords',
              Effect: 'Allow',
              Action: ['route53:ChangeResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
              Condition: {
                'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'] },
                'ForAllValues:StringLike': {
                  'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
                },
                Null: { 'route53:ChangeResourceRecordSetsRecordTypes': 'false' },
              },
            },
            {
              Sid: 'CertManagerListRecords',
              Effect: 'Allow',
              Action: ['route53:ListResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'CertManagerChanges',
              Effect: 'Allow',
              Action: ['route53:GetChange'],
              Resource: ['arn:aws:route53:::change/*'],
            },
            { Sid: 'CertManagerListZones', Effect: 'Allow', Action: ['route53:ListHostedZonesByName'], Resource: ['*'] },
          ],
        }),
      },
    });
    tag(certManagerCertManagerRole, { environment: 'production', team: 'platform' });
    const certManagerChart = manifests.addChart('cert-manager', { namespace: 'cert-manager' });
    new IrsaServiceAccount(certManagerChart, 'ServiceAccount.cert-manager', { role: certManagerCertManagerRole });

    // kube-system/ebs-csi-controller-sa
    const kubeSystemEbsCsiControllerSaRole = new IrsaRole(this, 'kube-system.ebs-csi-controller-sa', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'ebs-csi-controller-sa')],
      inlinePolicies: {
        ebsCSIController: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'EbsCsiDescribe',
              Effect: 'Allow',
              Action: [
                'ec2:DescribeAvailabilityZones',
                'ec2:DescribeInstances',
                'ec2:DescribeInstanceTypes',
                'ec2:DescribeSnapshots',
                'ec2:DescribeTags',
                'ec2:DescribeVolumes',
                'ec2:DescribeVolumesModifications',
                'ec2:DescribeVolumeStatus',
              ],
              Resource: ['*'],
            },
            {
              Sid: 'EbsCsiCreateVolumes',
              Effect: 'Allow',
              Action: ['ec2:CopyVolumes', 'ec2:CreateVolume'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:volume/*`],
              Condition: { StringEquals: { 'aws:RequestTag/ebs.csi.aws.com/cluster': 'true' } },
            },
            {
              Sid: 'EbsCsiCreateSnapshots',
              Effect: 'Allow',
              Action: ['ec2:CreateSnapshot'],
              Resource: ['arn:aws:ec2:eu-west-1::snapshot/*'],
              Condition: { StringEquals: { 'aws:RequestTag/ebs.csi.aws.com/cluster': 'true' } },
            },
            {
              Sid: 'EbsCsiVolumes',
              Effect: 'Allow',
              Action: [
                'ec2:AttachVolume',
                'ec2:DeleteVolume',
                'ec2:DetachVolume',
                'ec2:ModifyVolume',
                'ec2:CopyVolumes',
                'ec2:CreateSnapshot',
              ],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:volume/*`],
              Condition: { StringEquals: { 'ec2:ResourceTag/ebs.csi.aws.com/cluster': 'true' } },
            },
            {
              Sid: 'EbsCsiSnapshots',
              Effect: 'Allow',
              Action: ['ec2:CreateVolume', 'ec2:DeleteSnapshot', 'ec2:EnableFastSnapshotRestores', 'ec2:LockSnapshot'],
              Resource: ['arn:aws:ec2:eu-west-1::snapshot/*'],
              Condition: { StringEquals: { 'ec2:ResourceTag/ebs.csi.aws.com/cluster': 'true' } },
            },
            {
              Sid: 'EbsCsiMigratedVolumes',
              Effect: 'Allow',
              Action: ['ec2:AttachVolume', 'ec2:DeleteVolume', 'ec2:DetachVolume', 'ec2:ModifyVolume', 'ec2:CopyVolumes'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:volume/*`],
              Condition: { StringLike: { 'ec2:ResourceTag/kubernetes.io/created-for/pvc/name': '*' } },
            },
            {
              Sid: 'EbsCsiInstances',
              Effect: 'Allow',
              Action: ['ec2:AttachVolume', 'ec2:DetachVolume'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:instance/*`],
            },
            {
              Sid: 'EbsCsiTagNew',
              Effect: 'Allow',
              Action: ['ec2:CreateTags'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:volume/*`, 'arn:aws:ec2:eu-west-1::snapshot/*'],
              Condition: { StringEquals: { 'ec2:CreateAction': ['CopyVolumes', 'CreateSnapshot', 'CreateVolume'] } },
            },
            {
              Sid: 'EbsCsiTagVolumes',
              Effect: 'Allow',
              Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
              Resource: [`arn:aws:ec2:eu-west-1:${this.account}:volume/*`],
              Condition: {
                StringEquals: { 'ec2:ResourceTag/ebs.csi.aws.com/cluster': 'true' },
                'ForAllValues:StringNotEquals': {
                  'aws:TagKeys': [
                    'ebs.csi.aws.com/cluster',
                    'ebs.csi.aws.com/cluster-name',
                    'kubernetes.io/created-for/pvc/name',
                  ],
                },
                Null: { 'aws:TagKeys': 'false' },
              },
            },
          ],
        }),
      },
    });
    tag(kubeSystemEbsCsiControllerSaRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.ebs-csi-controller-sa', {
      role: kubeSystemEbsCsiControllerSaRole,
    });

    // kube-system/efs-csi-controller-sa
    const kubeSystemEfsCsiControllerSaRole = new IrsaRole(this, 'kube-system.efs-csi-controller-sa', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'efs-csi-controller-sa')],
      inlinePolicies: {
        efsCSIController: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            { Sid: 'EfsCsiZones', Effect: 'Allow', Action: ['ec2:DescribeAvailabilityZones'], Resource: ['*'] },
            {
              Sid: 'EfsCsiDescribe',
              Effect: 'Allow',
              Action: [
                'elasticfilesystem:DescribeAccessPoints',
                'elasticfilesystem:DescribeFileSystems',
                'elasticfilesystem:DescribeMountTargets',
              ],
              Resource: [
                `arn:aws:elasticfilesystem:eu-west-1:${this.account}:file-system/*`,
                `arn:aws:elasticfilesystem:eu-west-1:${this.account}:access-point/*`,
              ],
            },
            {
              Sid: 'EfsCsiCreate',
              Effect: 'Allow',
              Action: ['elasticfilesystem:CreateAccessPoint'],
              Resource: [`arn:aws:elasticfilesystem:eu-west-1:${this.account}:file-system/*`],
              Condition: { StringEquals: { 'aws:RequestTag/efs.csi.aws.com/cluster': 'true' } },
            },
            {
              Sid: 'EfsCsiTagNew',
              Effect: 'Allow',
              Action: ['elasticfilesystem:TagResource'],
              Resource: [
                `arn:aws:elasticfilesystem:eu-west-1:${this.account}:file-system/*`,
                `arn:aws:elasticfilesystem:eu-west-1:${this.account}:access-point/*`,
              ],
              Condition: {
                StringEquals: {
                  'aws:RequestTag/efs.csi.aws.com/cluster': 'true',
                  'elasticfilesystem:CreateAction': 'CreateAccessPoint',
                },
              },
            },
            {
              Sid: 'EfsCsiDelete',
              Effect: 'Allow',
              Action: ['elasticfilesystem:DeleteAccessPoint'],
              Resource: [`arn:aws:elasticfilesystem:eu-west-1:${this.account}:access-point/*`],
              Condition: { StringEquals: { 'aws:ResourceTag/efs.csi.aws.com/cluster': 'true' } },
            },
          ],
        }),
      },
    });
    tag(kubeSystemEfsCsiControllerSaRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.efs-csi-controller-sa', {
      role: kubeSystemEfsCsiControllerSaRole,
    });

    // network/dns
    const networkDnsRole = new IrsaRole(this, 'network.dns', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('network', 'dns')],
      inlinePolicies: {
        externalDNS: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'ExternalDnsRecords',
              Effect: 'Allow',
              Action: ['route53:ChangeResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'ExternalDnsListRecords',
              Effect: 'Allow',
              Action: ['route53:ListResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'ExternalDnsTags',
              Effect: 'Allow',
              Action: ['route53:ListTagsForResource', 'route53:ListTagsForResources'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            { Sid: 'ExternalDnsListZones', Effect: 'Allow', Action: ['route53:ListHostedZones'], Resource: ['*'] },
          ],
        }),
        certManager: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'CertManagerRecords',
              Effect: 'Allow',
              Action: ['route53:ChangeResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
              Condition: {
                'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'] },
                'ForAllValues:StringLike': {
                  'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
                },
                Null: { 'route53:ChangeResourceRecordSetsRecordTypes': 'false' },
              },
            },
            {
              Sid: 'CertManagerListRecords',
              Effect: 'Allow',
              Action: ['route53:ListResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'CertManagerChanges',
              Effect: 'Allow',
              Action: ['route53:GetChange'],
              Resource: ['arn:aws:route53:::change/*'],
            },
            { Sid: 'CertManagerListZones', Effect: 'Allow', Action: ['route53:ListHostedZonesByName'], Resource: ['*'] },
          ],
        }),
      },
    });
    tag(networkDnsRole, { environment: 'production', team: 'platform' });
    const networkChart = manifests.addChart('network', { namespace: 'network' });
    new IrsaServiceAccount(networkChart, 'ServiceAccount.dns', { role: networkDnsRole });

    // backend-apps/queue-worker
    const backendAppsQueueWorkerRole = new IrsaRole(this, 'backend-apps.queue-worker', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('backend-apps', 'queue-worker')],
      inlinePolicies: {
        attachPolicy: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Receive',
              Effect: 'Allow',
              Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
              Resource: 'arn:aws:sqs:eu-west-1:111122223333:orders',
              Condition: { StringEquals: { 'aws:ResourceTag/owner': '${aws:PrincipalTag/owner}' } },
            },
            { Effect: 'Deny', NotAction: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:*' },
          ],
        }),
      },
    });
    tag(backendAppsQueueWorkerRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.queue-worker', { role: backendAppsQueueWorkerRole });

    // backend-apps/exporter
    const backendAppsExporterRole = new IrsaRole(this, 'backend-apps.exporter', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('backend-apps', 'exporter')],
      managedPolicies: [exporterPolicy],
      inlinePolicies: {
        attachPolicy: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::exports/*' }],
        }),
        imageBuilder: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            { Sid: 'ImageBuilderLogin', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
            {
              Sid: 'ImageBuilderRepositories',
              Effect: 'Allow',
              Action: [
                'ecr:BatchCheckLayerAvailability',
                'ecr:BatchGetImage',
                'ecr:CompleteLayerUpload',
                'ecr:DescribeImages',
                'ecr:DescribeImageScanFindings',
                'ecr:DescribeRepositories',
                'ecr:GetDownloadUrlForLayer',
                'ecr:GetLifecyclePolicy',
                'ecr:GetLifecyclePolicyPreview',
                'ecr:GetRepositoryPolicy',
                'ecr:InitiateLayerUpload',
                'ecr:ListImages',
                'ecr:ListTagsForResource',
                'ecr:PutImage',
                'ecr:UploadLayerPart',
              ],
              Resource: [`arn:aws:ecr:eu-west-1:${this.account}:repository/*`],
            },
          ],
        }),
      },
    });
    tag(backendAppsExporterRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.exporter', { role: backendAppsExporterRole });

    // backend-apps/legacy
    const backendAppsLegacyRole = iam.Role.fromRoleArn(this, 'backend-apps.legacy', 'arn:aws:iam::111122223333:role/service/legacy');
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.legacy', {
      role: backendAppsLegacyRole,
      subject: ServiceAccountSubject.of('backend-apps', 'legacy'),
    });

    // billing/billing
    const billingBillingRole = iam.Role.fromRoleArn(this, 'billing.billing', 'arn:aws:iam::444455556666:role/billing');
    const billingChart = manifests.addChart('billing', { namespace: 'billing' });
    new IrsaServiceAccount(billingChart, 'ServiceAccount.billing', {
      role: billingBillingRole,
      subject: ServiceAccountSubject.of('billing', 'billing'),
      metadata: { labels: { team: 'finance' } },
    });

    // ci/deployer
    // eksctl's role is called production-deployer, and an account has a name once: this one gets another
    const ciDeployerRole = new IrsaRole(this, 'ci.deployer', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('ci', 'deployer')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess')],
      permissionsBoundary: boundaryPolicy,
    });
    tag(ciDeployerRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(ciChart, 'ServiceAccount.deployer', { role: ciDeployerRole });

    // logging/fluent-bit
    // eksctl's role is called production-fluent-bit, and an account has a name once: this one gets another
    const loggingFluentBitRole = new IrsaRole(this, 'logging.fluent-bit', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('logging', 'fluent-bit')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('CloudWatchAgentServerPolicy')],
    });
    tag(loggingFluentBitRole, { environment: 'production', team: 'platform' });

    // crossplane-system/crossplane
    const crossplaneSystemCrossplaneRole = new IrsaRole(this, 'crossplane-system.crossplane', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.matching('crossplane-system', 'provider-aws-*')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
    });
    tag(crossplaneSystemCrossplaneRole, { environment: 'production', team: 'platform' });

    // ci/runner-default
    const ciRunnerDefaultRole = new IrsaRole(this, 'ci.runner-default', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.matching('ci', 'runner-?*')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEC2ContainerRegistryReadOnly')],
    });
    tag(ciRunnerDefaultRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(ciChart, 'ServiceAccount.runner-default', {
      role: ciRunnerDefaultRole,
      subject: ServiceAccountSubject.of('ci', 'runner-default'),
    });

    // velero/velero
    const veleroVeleroRole = new IrsaRole(this, 'velero.velero', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('velero', 'velero')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
    });
    tag(veleroVeleroRole, { environment: 'production', team: 'platform' });
    const veleroChart = manifests.addChart('velero', { namespace: 'velero' });
    new IrsaServiceAccount(veleroChart, 'ServiceAccount.velero', { role: veleroVeleroRole });

    // backend/apps-cache-access
    const backendAppsCacheAccessRole2 = new IrsaRole(this, 'backend.apps-cache-access', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('backend', 'apps-cache-access')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonElastiCacheReadOnlyAccess')],
    });
    tag(backendAppsCacheAccessRole2, { environment: 'production', team: 'platform' });
    const backendChart = manifests.addChart('backend', { namespace: 'backend' });
    new IrsaServiceAccount(backendChart, 'ServiceAccount.apps-cache-access', { role: backendAppsCacheAccessRole2 });

    // reports/writer, by EKS Pod Identity
    // eksctl's role is called production-reports-writer, and an account has a name once: this one gets another
    const reportsWriterPodRole = new IrsaRole(this, 'PodIdentityRole.reports.writer', {
      providers: [],
      serviceAccounts: [ServiceAccountSubject.of('reports', 'writer')],
      podIdentity: true,
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
      inlinePolicies: {
        attachPolicy: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: '*' }],
        }),
        externalDNS: iam.PolicyDocument.fromJson({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'ExternalDnsRecords',
              Effect: 'Allow',
              Action: ['route53:ChangeResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'ExternalDnsListRecords',
              Effect: 'Allow',
              Action: ['route53:ListResourceRecordSets'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            {
              Sid: 'ExternalDnsTags',
              Effect: 'Allow',
              Action: ['route53:ListTagsForResource', 'route53:ListTagsForResources'],
              Resource: ['arn:aws:route53:::hostedzone/*'],
            },
            { Sid: 'ExternalDnsListZones', Effect: 'Allow', Action: ['route53:ListHostedZones'], Resource: ['*'] },
          ],
        }),
      },
      permissionsBoundary: boundaryPolicy,
    });
    tag(reportsWriterPodRole, { environment: 'production', team: 'reports' });
    const reportsWriterAssociation = new PodIdentityAssociation(this, 'PodIdentity.reports.writer', {
      clusterName: 'production',
      role: reportsWriterPodRole,
    });
    tag(reportsWriterAssociation, { environment: 'production', team: 'reports' });
    const reportsChart = manifests.addChart('reports', { namespace: 'reports' });
    new kplus.ServiceAccount(reportsChart, 'ServiceAccount.writer', {
      metadata: { name: 'writer', namespace: 'reports' },
    });

    // reports/reader, by EKS Pod Identity
    const reportsReaderPodRole = iam.Role.fromRoleArn(this, 'PodIdentityRole.reports.reader', 'arn:aws:iam::111122223333:role/reports-reader');
    const reportsReaderAssociation = new PodIdentityAssociation(this, 'PodIdentity.reports.reader', {
      clusterName: 'production',
      role: reportsReaderPodRole,
      subject: ServiceAccountSubject.of('reports', 'reader'),
      targetRole: iam.Role.fromRoleArn(this, 'PodIdentityTarget.reports.reader', 'arn:aws:iam::444455556666:role/reports-target'),
      sessionTags: false,
    });
    tag(reportsReaderAssociation, { environment: 'production', team: 'platform' });
  }
}

function tag(construct: Construct, tags: Record<string, string>): void {
  for (const [key, value] of Object.entries(tags)) {
    Tags.of(construct).add(key, value);
  }
}

new ServiceAccounts(new App(), 'production-service-accounts', {
  env: { account: '111122223333', region: 'eu-west-1' },
  description: 'roles for service accounts of the cluster production',
});
