import { type Duration, Token } from 'aws-cdk-lib';
import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { expirationSeconds } from './webhook-annotations';
import { WebhookCertificate } from './webhook-certificate';
import { CERTIFICATES_DIR, WEBHOOK_PORT, type WebhookConfig, webhookObjects } from './webhook-objects';
import { DEFAULT_AUDIENCE, validateAudience } from '../identity/audience';
import { isNamespaceName, isServiceAccountName } from '../identity/kubernetes-names';
import { ANNOTATION_PREFIX } from '../identity/webhook-contract';

/** The image that is run unless another is asked for. */
const DEFAULT_IMAGE = 'public.ecr.aws/eks/amazon-eks-pod-identity-webhook:v0.6.17';

/** Whose pods the webhook needs to start: if they needed the webhook, a cluster that was switched off would stay so. */
const NEEDED_TO_START = ['kube-system', 'cert-manager'];

/** What happens to a new pod when the webhook does not answer. */
export enum WebhookFailurePolicy {
  /** It starts as it is: without credentials, or with those of its node. */
  IGNORE = 'Ignore',
  /** It is not created. Nor is any other pod of the cluster, but for those in excluded namespaces. */
  FAIL = 'Fail',
}

/** Properties of a `PodIdentityWebhook`. */
export interface PodIdentityWebhookProps {
  /**
   * Namespace of the webhook. Pods in it are not changed: they get no credentials. One of the cluster's own, such as kube-system, needs `createNamespace: false`.
   *
   * @default pod-identity-webhook
   */
  readonly namespace?: string;

  /**
   * Whether the namespace is in the manifest too, with Pod Security `restricted`.
   *
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * The image.
   *
   * @default - `public.ecr.aws/eks/amazon-eks-pod-identity-webhook`, in the version that this package was made for
   */
  readonly image?: string;

  /**
   * How many pods, spread over nodes and zones.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * The TLS certificate of the webhook.
   *
   * @default - WebhookCertificate.certManager()
   */
  readonly certificate?: WebhookCertificate;

  /**
   * What happens to a new pod when the webhook does not answer.
   *
   * @default WebhookFailurePolicy.IGNORE
   */
  readonly failurePolicy?: WebhookFailurePolicy;

  /**
   * Namespaces whose pods are not changed, besides the webhook's own. With `WebhookFailurePolicy.FAIL` also kube-system and cert-manager, whatever is said here: without their pods
   * the webhook could not start again. Nor could it without those of the network (CNI): add their namespace, such as calico-system.
   *
   * @default - none but those
   */
  readonly excludedNamespaces?: string[];

  /**
   * The audience of tokens where a service account does not say another.
   *
   * @default - `sts.amazonaws.com`, in every partition
   */
  readonly audience?: string;

  /**
   * What annotations begin with. `IrsaServiceAccount` writes those of the default. The label that has the webhook leave a pod alone is `eks.amazonaws.com/skip-pod-identity-webhook` all the same.
   *
   * @default eks.amazonaws.com
   */
  readonly annotationPrefix?: string;

  /**
   * The region that pods get as `AWS_REGION` and `AWS_DEFAULT_REGION`, unless they have one.
   *
   * @default - none: pods have to say it themselves
   */
  readonly region?: string;

  /**
   * Whether SDKs call the STS endpoint of their region instead of the global one.
   *
   * @default - true with a `region`; else false, since SDKs need to know a region for it
   */
  readonly regionalSts?: boolean;

  /**
   * How long tokens are valid where a service account or pod does not say otherwise: 10 minutes to 24 hours, in whole seconds.
   *
   * @default Duration.hours(24)
   */
  readonly tokenExpiration?: Duration;
}

/**
 * The pod identity webhook for clusters that lack it: gives pods of annotated service accounts their token and the variables that SDKs look for.
 *
 * A chart of cdk8s with everything it needs; EKS runs the webhook itself.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export class PodIdentityWebhook extends Chart {
  /**
   * @param scope a cdk8s app, such as `new Manifests(this, 'Manifests').app`
   * @param id names the file
   * @param props all have defaults
   */
  constructor(scope: Construct, id: string, props: PodIdentityWebhookProps = {}) {
    super(scope, id);
    // not the chart's namespace: cdk8s would give it to what has none
    const objects = webhookObjects(configOf(props)).map(({ id: objectId, object }) => new ApiObject(this, objectId, object));
    objects.slice(1).forEach((object, index) => object.addDependency(objects[index]));
  }
}

function configOf(props: PodIdentityWebhookProps): WebhookConfig {
  const {
    namespace = 'pod-identity-webhook', createNamespace = true, image = DEFAULT_IMAGE, replicas = 2, certificate = WebhookCertificate.certManager(),
    failurePolicy = WebhookFailurePolicy.IGNORE, annotationPrefix = ANNOTATION_PREFIX,
  } = props;
  const excludedNamespaces = [...new Set([...failurePolicy === WebhookFailurePolicy.FAIL ? NEEDED_TO_START : [], ...props.excludedNamespaces ?? []])];
  [namespace, ...excludedNamespaces].forEach(validateNamespace);
  validateCreation(namespace, createNamespace);
  validateImage(image);
  if (!Token.isUnresolved(replicas) && (!Number.isInteger(replicas) || replicas < 1)) {
    throw new Error(`replicas is ${replicas}, and a whole number from 1 is expected`);
  }
  return {
    namespace,
    createNamespace,
    image,
    replicas,
    failurePolicy,
    excludedNamespaces,
    flags: flagsOf(props, annotationPrefix),
    issuer: certificate._issuer,
    secret: certificate._secret,
  };
}

function flagsOf(props: PodIdentityWebhookProps, prefix: string): string[] {
  const { audience = DEFAULT_AUDIENCE, region, regionalSts = region !== undefined, tokenExpiration } = props;
  validateAudience(audience);
  validatePrefix(prefix);
  validateRegion(region);
  return [
    // the certificate comes from a file: the API for certificates does not sign for the webhook any more
    '--in-cluster=false',
    `--port=${WEBHOOK_PORT}`,
    `--tls-cert=${CERTIFICATES_DIR}/tls.crt`,
    `--tls-key=${CERTIFICATES_DIR}/tls.key`,
    `--annotation-prefix=${prefix}`,
    `--token-audience=${audience}`,
    ...region === undefined ? [] : [`--aws-default-region=${region}`],
    `--sts-regional-endpoint=${regionalSts}`,
    ...tokenExpiration === undefined ? [] : [`--token-expiration=${expirationSeconds(tokenExpiration)}`],
  ];
}

function validateNamespace(namespace: string): void {
  if (!Token.isUnresolved(namespace) && !isNamespaceName(namespace)) {
    throw new Error(`'${namespace}' is not the name of a namespace: 1 to 63 lower-case letters, digits and dashes are expected`);
  }
}

/** With Pod Security `restricted`, what runs the cluster would not start again in them. */
function validateCreation(namespace: string, createNamespace: boolean): void {
  if (createNamespace && !Token.isUnresolved(namespace) && (namespace === 'default' || namespace.startsWith('kube-'))) {
    throw new Error(`the namespace '${namespace}' is the cluster's own, and the manifest would restrict what may run in it; pass createNamespace: false, or another namespace. Pods in it get no credentials`);
  }
}

/** One that says no version is another one tomorrow. */
function validateImage(image: string): void {
  if (!Token.isUnresolved(image) && !/^\S+(?:@sha256:[0-9a-f]{64}|:(?!latest$)[\w][\w.-]{0,127})$/.test(image)) {
    throw new Error(`the image '${image}' has no version: a tag other than latest, or a digest (@sha256:…), is expected`);
  }
}

function validatePrefix(prefix: string): void {
  if (!isServiceAccountName(prefix)) {
    throw new Error(`annotationPrefix is '${prefix}', and a DNS name such as ${ANNOTATION_PREFIX} is expected, without the slash`);
  }
}

function validateRegion(region: string | undefined): void {
  if (region !== undefined && !Token.isUnresolved(region) && !/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) {
    throw new Error(`'${region}' is not a region such as eu-west-1`);
  }
}
