import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Aws, Duration } from 'aws-cdk-lib';
import { App, Testing } from 'cdk8s';
import { ENV, type Manifest, manifestsIn, newApp, newStack, synth, temporaryFolder } from './helpers';
import { Manifests, PodIdentityWebhook, type PodIdentityWebhookProps, WebhookCertificate, WebhookFailurePolicy } from '../../src';
import { SKIP_LABEL } from '../../src/identity/webhook-contract';
import { copiesOf, ecPair, expectNone, messageOf, secretsOf } from '../issuer/helpers';

interface KubernetesObject extends Manifest {
  readonly spec: Record<string, unknown>;
}

function objects(props?: PodIdentityWebhookProps): KubernetesObject[] {
  return new PodIdentityWebhook(new App(), 'webhook', props).toJson() as KubernetesObject[];
}

function only(kind: string, props?: PodIdentityWebhookProps): KubernetesObject {
  const [found, ...others] = objects(props).filter(object => object.kind === kind);
  expect([found === undefined, others.length]).toEqual([false, 0]);
  return found;
}

interface Pod {
  readonly containers: { readonly image: string; readonly args: string[]; readonly [key: string]: unknown }[];
  readonly [key: string]: unknown;
}

function podOf(props?: PodIdentityWebhookProps): Pod {
  return (only('Deployment', props).spec as { template: { spec: Pod } }).template.spec;
}

function argsOf(props?: PodIdentityWebhookProps): string[] {
  return podOf(props).containers[0].args;
}

interface Webhook {
  readonly failurePolicy: string;
  readonly clientConfig: { readonly caBundle?: string; readonly service: object };
  readonly namespaceSelector: { readonly matchExpressions: { readonly values: string[] }[] };
  readonly objectSelector: object;
  readonly [key: string]: unknown;
}

function webhookOf(props?: PodIdentityWebhookProps): Webhook {
  return (only('MutatingWebhookConfiguration', props).webhooks as Webhook[])[0];
}

const KEY = ecPair();
const AUTHORITY = (() => {
  const file = path.join(temporaryFolder(), 'ca.key');
  fs.writeFileSync(file, KEY.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return execFileSync('openssl', ['req', '-x509', '-new', '-key', file, '-days', '2', '-subj', '/CN=authority'], { encoding: 'utf8' });
})();

describe('the chart', () => {
  test('has what the webhook needs, the webhook configuration last', () => {
    expect(objects().map(({ kind, metadata: { name, namespace } }) => `${kind} ${namespace ?? ''}/${name}`)).toEqual([
      'Namespace /pod-identity-webhook',
      'ServiceAccount pod-identity-webhook/pod-identity-webhook',
      'ClusterRole /pod-identity-webhook',
      'ClusterRoleBinding /pod-identity-webhook',
      'Issuer pod-identity-webhook/pod-identity-webhook-self-signed',
      'Certificate pod-identity-webhook/pod-identity-webhook-authority',
      'Issuer pod-identity-webhook/pod-identity-webhook-authority',
      'Certificate pod-identity-webhook/pod-identity-webhook',
      'Service pod-identity-webhook/pod-identity-webhook',
      'Deployment pod-identity-webhook/pod-identity-webhook',
      'PodDisruptionBudget pod-identity-webhook/pod-identity-webhook',
      'MutatingWebhookConfiguration /pod-identity-webhook',
    ]);
  });

  test('objects of the cluster have no namespace', () => {
    const ofTheCluster = ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'MutatingWebhookConfiguration'];
    expect(objects().filter(({ metadata }) => metadata.namespace === undefined).map(({ kind }) => kind)).toEqual(ofTheCluster);
  });

  test('is written by cdk synth beside the template', () => {
    const app = newApp();
    new PodIdentityWebhook(new Manifests(newStack(app), 'Manifests').app, 'webhook', { region: ENV.region });
    expect(manifestsIn(synth(app)).map(({ kind }) => kind)).toEqual(objects().map(({ kind }) => kind));
  });

  test('another namespace is the namespace of everything', () => {
    const text = JSON.stringify(objects({ namespace: 'identity' }));
    expect(objects({ namespace: 'identity' }).map(({ metadata }) => metadata.namespace).filter(Boolean)).toEqual(Array(8).fill('identity'));
    expect(text).not.toMatch(/"namespace":"pod-identity-webhook"|pod-identity-webhook\.pod-identity-webhook|pod-identity-webhook\/pod-identity-webhook/);
    expect(text).toContain('"pod-identity-webhook.identity.svc"');
    expect(only('ClusterRoleBinding', { namespace: 'identity' }).subjects).toEqual([{ kind: 'ServiceAccount', name: 'pod-identity-webhook', namespace: 'identity' }]);
    expect(only('MutatingWebhookConfiguration', { namespace: 'identity' }).metadata.annotations).toEqual({ 'cert-manager.io/inject-ca-from': 'identity/pod-identity-webhook' });
  });

  test('a namespace that exists is left alone', () => {
    expect(objects({ createNamespace: false, namespace: 'kube-system' }).map(({ kind }) => kind)).not.toContain('Namespace');
  });

  test.each(['kube-system', 'kube-public', 'kube-node-lease', 'default'])('fails when it would make %s, and restrict what runs the cluster', namespace => {
    expect(() => objects({ namespace })).toThrow(`the namespace '${namespace}' is the cluster's own, and the manifest would restrict what may run in it; pass createNamespace: false`);
    expect(objects({ namespace, createNamespace: false })).toHaveLength(11);
  });

  test('a namespace that only looks like one of the cluster is made', () => {
    expect(only('Namespace', { namespace: 'kubernetes-identity' }).metadata.name).toBe('kubernetes-identity');
  });

  test('its own namespace refuses pods with more rights', () => {
    expect(only('Namespace').metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  });

  test('may see service accounts, and nothing else', () => {
    expect(only('ClusterRole').rules).toEqual([{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['list', 'watch'] }]);
    expect(objects().filter(({ kind }) => kind === 'Role')).toEqual([]);
  });
});

describe('the pod', () => {
  test('has no rights on its node', () => {
    expect(podOf()).toMatchObject({
      serviceAccountName: 'pod-identity-webhook',
      securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(podOf().containers).toEqual([expect.objectContaining({
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    })]);
    expect(podOf()).not.toHaveProperty('hostNetwork');
  });

  test('is there twice, spread over nodes and zones, and one of them stays', () => {
    const { replicas, strategy } = only('Deployment').spec as { replicas: number; strategy: unknown };
    const topologies = (podOf().topologySpreadConstraints as { topologyKey: string }[]).map(({ topologyKey }) => topologyKey);

    expect([replicas, strategy]).toEqual([2, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }]);
    expect(topologies).toEqual(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
    expect(only('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
  });

  test('selectors of everything find it', () => {
    const { selector, template } = only('Deployment').spec as { selector: { matchLabels: object }; template: { metadata: { labels: object } } };
    const labels = template.metadata.labels;

    expect(selector.matchLabels).toEqual(labels);
    expect(only('Service').spec.selector).toEqual(labels);
    expect((only('PodDisruptionBudget').spec.selector as { matchLabels: object }).matchLabels).toEqual(labels);
  });

  test('is reached at the port that it listens at', () => {
    const [container] = podOf().containers;
    expect(container.ports).toEqual([{ name: 'https', containerPort: 8443, protocol: 'TCP' }]);
    expect(container.args).toContain('--port=8443');
    expect(container.readinessProbe).toEqual({ httpGet: { path: '/healthz', port: 'https', scheme: 'HTTPS' } });
    expect(only('Service').spec.ports).toEqual([{ name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' }]);
    expect(webhookOf().clientConfig.service).toEqual({ name: 'pod-identity-webhook', namespace: 'pod-identity-webhook', path: '/mutate', port: 443 });
  });

  test('image and number are what is asked for', () => {
    const digest = `registry.example.com:5000/webhook@sha256:${'a'.repeat(64)}`;
    expect(podOf({ image: digest }).containers[0].image).toBe(digest);
    expect(podOf().containers[0].image).toMatch(/^public\.ecr\.aws\/eks\/amazon-eks-pod-identity-webhook:v\d+\.\d+\.\d+$/);
    expect(only('Deployment', { replicas: 3 }).spec.replicas).toBe(3);
  });
});

describe('the flags', () => {
  const FIRST = ['--in-cluster=false', '--port=8443', '--tls-cert=/etc/webhook/certs/tls.crt', '--tls-key=/etc/webhook/certs/tls.key'];

  test('say every default', () => {
    expect(argsOf()).toEqual([...FIRST, '--annotation-prefix=eks.amazonaws.com', '--token-audience=sts.amazonaws.com', '--sts-regional-endpoint=false']);
  });

  test('say what is asked for', () => {
    expect(argsOf({ audience: 'my-audience', annotationPrefix: 'irsa.example.com', region: 'cn-north-1', regionalSts: false, tokenExpiration: Duration.hours(1) })).toEqual([
      ...FIRST, '--annotation-prefix=irsa.example.com', '--token-audience=my-audience', '--aws-default-region=cn-north-1', '--sts-regional-endpoint=false', '--token-expiration=3600',
    ]);
  });

  test('with a region, its STS', () => {
    expect(argsOf({ region: 'us-gov-west-1' })).toEqual(expect.arrayContaining(['--aws-default-region=us-gov-west-1', '--sts-regional-endpoint=true']));
  });

  test('a region that is known only at deployment becomes a placeholder', () => {
    const app = newApp();
    new PodIdentityWebhook(new Manifests(newStack(app, 'Stack', { env: {} }), 'Manifests').app, 'webhook', { region: Aws.REGION });
    const text = JSON.stringify(manifestsIn(synth(app)));
    expect(text).toMatch(/--aws-default-region=\$\{cdk-irsa:[^}]+\}/);
    expect(text).not.toContain('Token[');
  });
});

describe('the webhook configuration', () => {
  test('is asked for new pods, but not for those in its own namespace, and not for those that are marked', () => {
    expect(webhookOf()).toEqual({
      name: 'pod-identity-webhook.amazonaws.com',
      admissionReviewVersions: ['v1beta1'],
      sideEffects: 'None',
      failurePolicy: 'Ignore',
      reinvocationPolicy: 'IfNeeded',
      timeoutSeconds: 5,
      clientConfig: { service: expect.anything() as unknown },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: 'Namespaced' }],
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['pod-identity-webhook'] }] },
      objectSelector: { matchExpressions: [{ key: 'eks.amazonaws.com/skip-pod-identity-webhook', operator: 'DoesNotExist' }] },
    });
  });

  test.each<[PodIdentityWebhookProps, string, string[]]>([
    [{ failurePolicy: WebhookFailurePolicy.FAIL }, 'Fail', ['pod-identity-webhook', 'kube-system', 'cert-manager']],
    // was [] once: a cluster whose network or DNS needs the webhook, which needs them, never starts again
    [{ failurePolicy: WebhookFailurePolicy.FAIL, excludedNamespaces: [] }, 'Fail', ['pod-identity-webhook', 'kube-system', 'cert-manager']],
    [{ failurePolicy: WebhookFailurePolicy.FAIL, excludedNamespaces: ['calico-system', 'kube-system'] }, 'Fail',
      ['pod-identity-webhook', 'kube-system', 'cert-manager', 'calico-system']],
    [{ excludedNamespaces: [] }, 'Ignore', ['pod-identity-webhook']],
    [{ excludedNamespaces: ['a', 'b'], namespace: 'own' }, 'Ignore', ['own', 'a', 'b']],
  ])('with %j', (props, failurePolicy, namespaces) => {
    expect(webhookOf(props).failurePolicy).toBe(failurePolicy);
    expect(webhookOf(props).namespaceSelector.matchExpressions[0].values).toEqual(namespaces);
  });

  // the label is in this object alone: the webhook's own manifest has it so, whatever its program is told, and so do `inject` and `check`
  test('another prefix does not change the mark', () => {
    expect(webhookOf({ annotationPrefix: 'irsa.example.com' }).objectSelector).toEqual({ matchExpressions: [{ key: SKIP_LABEL, operator: 'DoesNotExist' }] });
  });
});

describe('the certificate', () => {
  test('by cert-manager, from an authority of its own that outlasts it', () => {
    const [authority, own] = objects().filter(({ kind }) => kind === 'Certificate').map(({ spec }) => spec);

    expect(authority).toMatchObject({ isCA: true, duration: '87600h0m0s', issuerRef: { name: 'pod-identity-webhook-self-signed', kind: 'Issuer' } });
    expect(own).toMatchObject({
      dnsNames: expect.arrayContaining(['pod-identity-webhook.pod-identity-webhook.svc']) as unknown,
      issuerRef: { name: 'pod-identity-webhook-authority', kind: 'Issuer', group: 'cert-manager.io' },
    });
    expect(podOf().volumes).toEqual([{ name: 'cert', secret: { secretName: own.secretName } }]);
  });

  test('by an issuer that there is', () => {
    const made = objects({ certificate: WebhookCertificate.certManager({ issuerName: 'internal', issuerKind: 'ClusterIssuer' }) });

    expect(made.filter(({ apiVersion }) => apiVersion === 'cert-manager.io/v1').map(({ kind, spec }) => [kind, spec.issuerRef]))
      .toEqual([['Certificate', { name: 'internal', kind: 'ClusterIssuer', group: 'cert-manager.io' }]]);
  });

  test('from a secret: nothing of cert-manager', () => {
    const props = { certificate: WebhookCertificate.fromSecret('webhook-tls', AUTHORITY) };

    expect(JSON.stringify(objects(props))).not.toContain('cert-manager.io');
    expect(podOf(props).volumes).toEqual([{ name: 'cert', secret: { secretName: 'webhook-tls' } }]);
    expect(Buffer.from(webhookOf(props).clientConfig.caBundle!, 'base64').toString()).toBe(AUTHORITY);
  });

  test('from a secret whose authority is being renewed', () => {
    expect(() => WebhookCertificate.fromSecret('webhook-tls', `${AUTHORITY}\n${AUTHORITY}`)).not.toThrow();
  });

  test.each<[string, () => unknown, string]>([
    ['the secret has no name', () => WebhookCertificate.fromSecret('', AUTHORITY), 'secretName is not the name of a Kubernetes object (0 characters'],
    ['the secret has capitals', () => WebhookCertificate.fromSecret('Webhook', AUTHORITY), 'secretName is not the name of a Kubernetes object (7 characters, not shown since it may be a key)'],
    ['the secret has a label that ends with a dash', () => WebhookCertificate.fromSecret('a-.b', AUTHORITY), 'secretName is not the name'],
    ['the secret has 254 characters', () => WebhookCertificate.fromSecret('a'.repeat(254), AUTHORITY), 'secretName is not the name of a Kubernetes object (254 characters'],
    ['the issuer has no name', () => WebhookCertificate.certManager({ issuerName: '' }), 'issuerName is not the name of a Kubernetes object (0 characters'],
    ['the issuer has a kind alone', () => WebhookCertificate.certManager({ issuerKind: 'ClusterIssuer' }), "issuerKind is 'ClusterIssuer', and issuerName is missing; pass the name of the issuer, or neither"],
    ['the authority is empty', () => WebhookCertificate.fromSecret('a', ''), 'authority is not a certificate in PEM'],
    ['the authority has something else', () => WebhookCertificate.fromSecret('a', `${AUTHORITY}more`), 'authority is not a certificate in PEM'],
    ['the authority is damaged', () => WebhookCertificate.fromSecret('a', AUTHORITY + AUTHORITY.replace(/^MII/m, 'AAA')), 'certificate 2 of authority is damaged'],
    ['the kind of the issuer is unknown', () => WebhookCertificate.certManager({ issuerKind: 'Secret' }), "issuerKind is 'Secret', and cert-manager has Issuer and ClusterIssuer"],
  ])('fails when %s', (_what, make, message) => {
    expect(make).toThrow(message);
  });

  test.each(['a', 'webhook-tls', 'webhook.tls.v1', 'a'.repeat(253)])("takes the secret '%s'", name => {
    expect(podOf({ certificate: WebhookCertificate.fromSecret(name, AUTHORITY) }).volumes).toEqual([{ name: 'cert', secret: { secretName: name } }]);
  });

  // the arguments of a function that takes key and certificate are easily mixed up
  test.each(copiesOf(KEY))('fails with a key where a name should be, which is not echoed: %s', (_what, text) => {
    for (const make of [() => WebhookCertificate.fromSecret(text, AUTHORITY), () => WebhookCertificate.certManager({ issuerName: text })]) {
      const message = messageOf(make);
      expect(message).toContain('Name is not the name of a Kubernetes object');
      expectNone(message, [...secretsOf(KEY), text]);
    }
  });

  test('fails with a key beside the certificate, which is not echoed', () => {
    const message = messageOf(() => WebhookCertificate.fromSecret('a', AUTHORITY + String(KEY.privateKey.export({ type: 'pkcs8', format: 'pem' }))));
    expect(message).toContain('authority has a private key, which has no place in a manifest');
    expectNone(message, secretsOf(KEY));
  });
});

describe('fails when', () => {
  test.each<[string, PodIdentityWebhookProps, string]>([
    ['the namespace is none', { namespace: 'A' }, "'A' is not the name of a namespace"],
    ['an excluded namespace is none', { excludedNamespaces: ['kube-*'] }, "'kube-*' is not the name of a namespace"],
    ['the image has no version', { image: 'amazon/webhook' }, "the image 'amazon/webhook' has no version"],
    ['the image is the latest', { image: 'amazon/webhook:latest' }, 'has no version'],
    ['the port of a registry is no version', { image: 'registry:5000/webhook' }, 'has no version'],
    ['there is no pod', { replicas: 0 }, 'replicas is 0'],
    ['there is half a pod', { replicas: 1.5 }, 'replicas is 1.5'],
    ['the audience has a blank', { audience: 'a b' }, "'a b' is not an audience"],
    ['the prefix has a slash', { annotationPrefix: 'eks.amazonaws.com/' }, "annotationPrefix is 'eks.amazonaws.com/'"],
    ['the region is none', { region: 'Ireland' }, "'Ireland' is not a region such as eu-west-1"],
    ['tokens live too short', { tokenExpiration: Duration.minutes(9) }, 'tokenExpiration is 540 seconds'],
    ['tokens live too long', { tokenExpiration: Duration.hours(25) }, 'tokenExpiration is 90000 seconds'],
  ])('%s', (_what, props, message) => {
    expect(() => objects(props)).toThrow(message);
  });
});

test('cdk8s itself takes the chart', () => {
  expect(Testing.synth(new PodIdentityWebhook(Testing.app(), 'webhook'))).toHaveLength(12);
});
