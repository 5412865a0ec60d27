import type { ApiObjectProps } from 'cdk8s';
import { SKIP_LABEL } from '../identity/webhook-contract';

/** What the webhook's objects are made from: everything decided. */
export interface WebhookConfig {
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly image: string;
  readonly replicas: number;
  /** What the webhook is started with. */
  readonly flags: readonly string[];
  readonly failurePolicy: string;
  readonly excludedNamespaces: readonly string[];
  /** Issuer of cert-manager; `undefined` for one that is made here, or for a secret of others. */
  readonly issuer?: { readonly name: string; readonly kind: string };
  /** A secret that others make. */
  readonly secret?: { readonly name: string; readonly caBundle: string };
}

/** Everything is called so. */
export const WEBHOOK_NAME = 'pod-identity-webhook';

/** Not 443: who may not become root may not listen there. */
export const WEBHOOK_PORT = 8443;

export const CERTIFICATES_DIR = '/etc/webhook/certs';

const SELECTOR = { 'app.kubernetes.io/name': WEBHOOK_NAME };
const AUTHORITY = `${WEBHOOK_NAME}-authority`;
const SELF_SIGNED = `${WEBHOOK_NAME}-self-signed`;
const RBAC = 'rbac.authorization.k8s.io';

/** A Kubernetes object, with the id that it has in its chart. */
export interface WebhookObject {
  readonly id: string;
  readonly object: ApiObjectProps & { readonly [key: string]: unknown };
}

/** All objects, in the order in which they are applied. */
export function webhookObjects(config: WebhookConfig): WebhookObject[] {
  return [
    ...config.createNamespace ? [namespace(config)] : [],
    ...permissions(config),
    ...config.secret ? [] : certificates(config),
    service(config),
    deployment(config),
    disruptionBudget(config),
    // last: from now on the API server asks
    webhookConfiguration(config),
  ];
}

function named({ namespace: own }: WebhookConfig, name = WEBHOOK_NAME): ApiObjectProps['metadata'] {
  return { name, namespace: own, labels: SELECTOR };
}

function namespace({ namespace: name }: WebhookConfig): WebhookObject {
  const labels = { ...SELECTOR, 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { id: 'Namespace', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } } };
}

/** To know every service account, and nothing else: it watches them, and asks again for one that it has not seen. */
function permissions(config: WebhookConfig): WebhookObject[] {
  const metadata = { name: WEBHOOK_NAME, labels: SELECTOR };
  return [
    { id: 'ServiceAccount', object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named(config), automountServiceAccountToken: false } },
    {
      id: 'ClusterRole',
      object: {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata,
        rules: [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['list', 'watch'] }],
      },
    },
    {
      id: 'ClusterRoleBinding',
      object: {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: WEBHOOK_NAME },
        subjects: [{ kind: 'ServiceAccount', name: WEBHOOK_NAME, namespace: config.namespace }],
      },
    },
  ];
}

/** By an authority of its own that lasts for years: were the certificate its own authority, pods and API server would disagree at each renewal. */
function certificates(config: WebhookConfig): WebhookObject[] {
  const host = `${WEBHOOK_NAME}.${config.namespace}.svc`;
  const certificate = (id: string, name: string, spec: object): WebhookObject => ({
    id,
    object: {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: named(config, name),
      spec: { privateKey: { algorithm: 'ECDSA', size: 256 }, ...spec },
    },
  });
  const issuer = (id: string, name: string, spec: object): WebhookObject => ({
    id,
    object: { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: named(config, name), spec },
  });
  const authority = [
    issuer('SelfSigned', SELF_SIGNED, { selfSigned: {} }),
    certificate('AuthorityCertificate', AUTHORITY, {
      isCA: true,
      commonName: AUTHORITY,
      secretName: AUTHORITY,
      duration: '87600h0m0s',
      issuerRef: { name: SELF_SIGNED, kind: 'Issuer', group: 'cert-manager.io' },
    }),
    issuer('Authority', AUTHORITY, { ca: { secretName: AUTHORITY } }),
  ];
  return [
    ...config.issuer ? [] : authority,
    certificate('Certificate', WEBHOOK_NAME, {
      secretName: secretName(config),
      dnsNames: [host, `${WEBHOOK_NAME}.${config.namespace}`],
      duration: '2160h0m0s',
      renewBefore: '720h0m0s',
      issuerRef: { ...config.issuer ?? { name: AUTHORITY, kind: 'Issuer' }, group: 'cert-manager.io' },
    }),
  ];
}

function secretName({ secret }: WebhookConfig): string {
  return secret?.name ?? `${WEBHOOK_NAME}-cert`;
}

function service(config: WebhookConfig): WebhookObject {
  const ports = [{ name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' }];
  return { id: 'Service', object: { apiVersion: 'v1', kind: 'Service', metadata: named(config), spec: { selector: SELECTOR, ports } } };
}

function disruptionBudget(config: WebhookConfig): WebhookObject {
  return {
    id: 'DisruptionBudget',
    object: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: named(config),
      spec: { maxUnavailable: 1, selector: { matchLabels: SELECTOR } },
    },
  };
}

function deployment(config: WebhookConfig): WebhookObject {
  return {
    id: 'Deployment',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: named(config),
      spec: {
        replicas: config.replicas,
        selector: { matchLabels: SELECTOR },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels: SELECTOR }, spec: podSpec(config) },
      },
    },
  };
}

function podSpec(config: WebhookConfig): object {
  return {
    serviceAccountName: WEBHOOK_NAME,
    automountServiceAccountToken: true,
    // without it pods have no AWS credentials
    priorityClassName: 'system-cluster-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    securityContext: { runAsNonRoot: true, runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(topologyKey => ({
      topologyKey, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: SELECTOR },
    })),
    containers: [container(config)],
    volumes: [{ name: 'cert', secret: { secretName: secretName(config) } }],
  };
}

function container({ image, flags }: WebhookConfig): object {
  const health = { httpGet: { path: '/healthz', port: 'https', scheme: 'HTTPS' } };
  return {
    name: 'webhook',
    image,
    command: ['/webhook'],
    args: flags,
    ports: [{ name: 'https', containerPort: WEBHOOK_PORT, protocol: 'TCP' }],
    readinessProbe: health,
    livenessProbe: { ...health, initialDelaySeconds: 10 },
    resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'cert', mountPath: CERTIFICATES_DIR, readOnly: true }],
  };
}

function webhookConfiguration(config: WebhookConfig): WebhookObject {
  const { namespace: own, secret } = config;
  return {
    id: 'WebhookConfiguration',
    object: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: {
        name: WEBHOOK_NAME,
        labels: SELECTOR,
        ...secret ? {} : { annotations: { 'cert-manager.io/inject-ca-from': `${own}/${WEBHOOK_NAME}` } },
      },
      webhooks: [{
        name: `${WEBHOOK_NAME}.amazonaws.com`,
        // what the webhook itself speaks
        admissionReviewVersions: ['v1beta1'],
        sideEffects: 'None',
        failurePolicy: config.failurePolicy,
        // containers that another webhook adds later get their credentials too
        reinvocationPolicy: 'IfNeeded',
        timeoutSeconds: 5,
        clientConfig: { ...secret ? { caBundle: secret.caBundle } : {}, service: { name: WEBHOOK_NAME, namespace: own, path: '/mutate', port: 443 } },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: 'Namespaced' }],
        // its own pods could not start without it
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [own, ...config.excludedNamespaces] }],
        },
        // the webhook's program does not know this label, so that its prefix changes nothing
        objectSelector: { matchExpressions: [{ key: SKIP_LABEL, operator: 'DoesNotExist' }] },
      }],
    },
  };
}
