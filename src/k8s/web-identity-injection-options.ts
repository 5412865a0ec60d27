import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** How pods get their credentials. */
export interface WebIdentityInjectionOptions {
  /**
   * The role of the pods, for service accounts that are made elsewhere.
   *
   * Has to trust the pods' service account.
   *
   * @default - that of the pod's service account, as the manifests of the same cdk8s app annotate it; pods whose service account has none stay as they are
   */
  readonly role?: IRole;

  /**
   * Roles of single containers, by the names of these; init containers too. The others have the role of the pod.
   *
   * Each has to trust the pods' service account. Roles with an audience of their own get a token of their own, in their containers only.
   *
   * @default - all containers have the role of the pod
   */
  readonly containerRoles?: { [containerName: string]: IRole };

  /**
   * The audience of tokens for roles of which only the ARN is known, where the service account has no annotation for it.
   *
   * @default 'sts.amazonaws.com'
   */
  readonly audience?: string;

  /**
   * How long a token is valid before kubelet renews it: 10 minutes to 24 hours, in whole seconds. Annotations of pod and service account win.
   *
   * @default - 24 hours, as in the webhook
   */
  readonly tokenExpiration?: Duration;

  /**
   * Region for containers that set none: `AWS_REGION` and `AWS_DEFAULT_REGION`. Most SDKs do not start without one; EKS's webhook sets that of the cluster, only in pods that it
   * gives a role itself.
   *
   * @default - none
   */
  readonly region?: string;

  /**
   * Whether SDKs call the STS endpoint of their region. An annotation of the service account wins.
   *
   * @default - if `region` is set
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
   */
  readonly regionalSts?: boolean;

  /**
   * Group of the pods' volumes, unless they have one: lets containers that don't run as root read their token where kubelet is older than 1.19. It changes the owner of
   * all volumes of the pod, so leave it out where you can.
   *
   * @default - none
   */
  readonly fsGroup?: number;

  /**
   * Whether sessions are named after their pods (`AWS_ROLE_SESSION_NAME`), so that CloudTrail tells them apart.
   *
   * @default false
   */
  readonly sessionNameFromPod?: boolean;

  /**
   * Where custom resources have their pod templates, by kind or `group/kind`: `{ Rollout: 'spec.template' }`; `*` stands for every item of a list.
   *
   * @default - the kinds of Kubernetes itself
   */
  readonly podTemplates?: { [kind: string]: string };
}
