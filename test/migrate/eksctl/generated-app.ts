/* eslint-disable */
// The service accounts of the cluster production: written by npx cdk-irsa import eksctl cluster.yaml
// How it takes over from eksctl:
//
// 1. Deploy: npx cdk deploy --outputs-file outputs.json
//    It makes new roles beside those of eksctl, under other names, and touches nothing of eksctl. The OIDC provider
//    is eksctl's own, and stays until `eksctl delete cluster`. What Controller allows is narrower than wellKnownPolicies
//    of eksctl: read it in the template, before the next step.
//    The associations of EKS Pod Identity are in this app, too: right before this, delete those of eksctl (the last step).
//
// 2. Switch: kubectl get serviceaccounts -A -o yaml > before.yaml
//    npx cdk-irsa render cdk.out --outputs outputs.json | kubectl apply -f -
//    It writes the new roles into the annotations of the service accounts. Pods take them when they start: restart
//    their workloads, one namespace after the other (kubectl rollout restart deployment -n NAMESPACE), and look
//    whether they work. The way back is the annotation in before.yaml, automountServiceAccountToken if it was changed, and a restart:
//    the old roles are still there. Pods keep their token for the API of the cluster, as with eksctl: where they do
//    not need it, take automountToken out, in a step of its own.
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
//    The way back, as long as the old roles are there: their ARN in the new association, and a restart
//    aws eks update-pod-identity-association --region eu-west-1 --cluster-name production --association-id a-… --role-arn …
//    And take iam.podIdentityAssociations out of the file of eksctl, or it makes them again.
//    Once nothing uses the old roles, remove them: each has a stack of its own.
//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-podidentityrole-reports-writer
//
// Roles that were there before eksctl stay what they are: those of backend-apps/legacy, billing/billing.
//
// Not taken over:
// - the add-on "aws-ebs-csi-driver" has wellKnownPolicies: its role stays with eksctl

import { App, aws_iam as iam, Duration, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { ClusterOidcProvider, Controller, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, PodIdentityAssociation, ServiceAccountSubject } from 'cdk-irsa';
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
    new IrsaServiceAccount(defaultChart, 'ServiceAccount.s3-reader', {
      role: defaultS3ReaderRole,
      automountToken: true,
    });

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
      automountToken: true,
      regionalSts: true,
      tokenExpiration: Duration.seconds(3600),
    });

    // ci/image-builder
    const ciImageBuilderRole = new IrsaRole(this, 'ci.image-builder', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('ci', 'image-builder')],
      inlinePolicies: { imageBuilder: Controller.imageBuilder().policyDocument(this) },
    });
    tag(ciImageBuilderRole, { environment: 'production', team: 'platform' });
    const ciChart = manifests.addChart('ci', { namespace: 'ci' });
    new IrsaServiceAccount(ciChart, 'ServiceAccount.image-builder', { role: ciImageBuilderRole, automountToken: true });

    // kube-system/cluster-autoscaler
    const kubeSystemClusterAutoscalerRole = new IrsaRole(this, 'kube-system.cluster-autoscaler', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'cluster-autoscaler')],
      inlinePolicies: { autoScaler: Controller.clusterAutoscaler({ clusterName: 'production' }).policyDocument(this) },
    });
    tag(kubeSystemClusterAutoscalerRole, { environment: 'production', team: 'platform' });
    const kubeSystemChart = manifests.addChart('kube-system', { namespace: 'kube-system' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.cluster-autoscaler', {
      role: kubeSystemClusterAutoscalerRole,
      automountToken: true,
    });

    // kube-system/aws-load-balancer-controller
    const kubeSystemAwsLoadBalancerControllerRole = new IrsaRole(this, 'kube-system.aws-load-balancer-controller', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'aws-load-balancer-controller')],
      inlinePolicies: {
        awsLoadBalancerController: Controller.awsLoadBalancerController({ clusterName: 'production' }).policyDocument(this),
      },
    });
    tag(kubeSystemAwsLoadBalancerControllerRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.aws-load-balancer-controller', {
      role: kubeSystemAwsLoadBalancerControllerRole,
      automountToken: true,
    });

    // kube-system/external-dns
    const kubeSystemExternalDnsRole = new IrsaRole(this, 'kube-system.external-dns', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'external-dns')],
      inlinePolicies: { externalDNS: Controller.externalDns().policyDocument(this) },
    });
    tag(kubeSystemExternalDnsRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.external-dns', {
      role: kubeSystemExternalDnsRole,
      automountToken: true,
    });

    // cert-manager/cert-manager
    const certManagerCertManagerRole = new IrsaRole(this, 'cert-manager.cert-manager', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('cert-manager', 'cert-manager')],
      inlinePolicies: { certManager: Controller.certManager().policyDocument(this) },
    });
    tag(certManagerCertManagerRole, { environment: 'production', team: 'platform' });
    const certManagerChart = manifests.addChart('cert-manager', { namespace: 'cert-manager' });
    new IrsaServiceAccount(certManagerChart, 'ServiceAccount.cert-manager', {
      role: certManagerCertManagerRole,
      automountToken: true,
    });

    // kube-system/ebs-csi-controller-sa
    const kubeSystemEbsCsiControllerSaRole = new IrsaRole(this, 'kube-system.ebs-csi-controller-sa', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'ebs-csi-controller-sa')],
      inlinePolicies: { ebsCSIController: Controller.ebsCsi().policyDocument(this) },
    });
    tag(kubeSystemEbsCsiControllerSaRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.ebs-csi-controller-sa', {
      role: kubeSystemEbsCsiControllerSaRole,
      automountToken: true,
    });

    // kube-system/efs-csi-controller-sa
    const kubeSystemEfsCsiControllerSaRole = new IrsaRole(this, 'kube-system.efs-csi-controller-sa', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('kube-system', 'efs-csi-controller-sa')],
      inlinePolicies: { efsCSIController: Controller.efsCsi().policyDocument(this) },
    });
    tag(kubeSystemEfsCsiControllerSaRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(kubeSystemChart, 'ServiceAccount.efs-csi-controller-sa', {
      role: kubeSystemEfsCsiControllerSaRole,
      automountToken: true,
    });

    // network/dns
    const networkDnsRole = new IrsaRole(this, 'network.dns', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('network', 'dns')],
      inlinePolicies: {
        externalDNS: Controller.externalDns().policyDocument(this),
        certManager: Controller.certManager().policyDocument(this),
      },
    });
    tag(networkDnsRole, { environment: 'production', team: 'platform' });
    const networkChart = manifests.addChart('network', { namespace: 'network' });
    new IrsaServiceAccount(networkChart, 'ServiceAccount.dns', { role: networkDnsRole, automountToken: true });

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
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.queue-worker', {
      role: backendAppsQueueWorkerRole,
      automountToken: true,
    });

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
        imageBuilder: Controller.imageBuilder().policyDocument(this),
      },
    });
    tag(backendAppsExporterRole, { environment: 'production', team: 'platform' });
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.exporter', {
      role: backendAppsExporterRole,
      automountToken: true,
    });

    // backend-apps/legacy
    const backendAppsLegacyRole = iam.Role.fromRoleArn(this, 'backend-apps.legacy', 'arn:aws:iam::111122223333:role/service/legacy');
    new IrsaServiceAccount(backendAppsChart, 'ServiceAccount.legacy', {
      role: backendAppsLegacyRole,
      subject: ServiceAccountSubject.of('backend-apps', 'legacy'),
      automountToken: true,
    });

    // billing/billing
    const billingBillingRole = iam.Role.fromRoleArn(this, 'billing.billing', 'arn:aws:iam::444455556666:role/billing');
    const billingChart = manifests.addChart('billing', { namespace: 'billing' });
    new IrsaServiceAccount(billingChart, 'ServiceAccount.billing', {
      role: billingBillingRole,
      subject: ServiceAccountSubject.of('billing', 'billing'),
      metadata: { labels: { team: 'finance' } },
      automountToken: true,
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
    new IrsaServiceAccount(ciChart, 'ServiceAccount.deployer', { role: ciDeployerRole, automountToken: true });

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
      automountToken: true,
    });

    // velero/velero
    const veleroVeleroRole = new IrsaRole(this, 'velero.velero', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('velero', 'velero')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonS3FullAccess')],
    });
    tag(veleroVeleroRole, { environment: 'production', team: 'platform' });
    const veleroChart = manifests.addChart('velero', { namespace: 'velero' });
    new IrsaServiceAccount(veleroChart, 'ServiceAccount.velero', { role: veleroVeleroRole, automountToken: true });

    // backend/apps-cache-access
    const backendAppsCacheAccessRole2 = new IrsaRole(this, 'backend.apps-cache-access', {
      providers: [provider],
      serviceAccounts: [ServiceAccountSubject.of('backend', 'apps-cache-access')],
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonElastiCacheReadOnlyAccess')],
    });
    tag(backendAppsCacheAccessRole2, { environment: 'production', team: 'platform' });
    const backendChart = manifests.addChart('backend', { namespace: 'backend' });
    new IrsaServiceAccount(backendChart, 'ServiceAccount.apps-cache-access', {
      role: backendAppsCacheAccessRole2,
      automountToken: true,
    });

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
        externalDNS: Controller.externalDns().policyDocument(this),
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
      automountToken: true,
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
