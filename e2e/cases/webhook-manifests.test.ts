/** Does a real API server take the manifests of the webhook, with cert-manager's schema, and its pods under restricted Pod Security? */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { before, describe, test } from 'node:test';
import { App } from 'cdk8s';
import { kubectl, unique, world } from './context';
import { PodIdentityWebhook, WebhookCertificate } from '../../src';
import { list } from '../parts/kubectl';

describe('the webhook', () => {
  const authority = fs.readFileSync(world.blue.key.certificateFile, 'utf8');

  interface Manifest {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
    readonly spec?: { readonly template: { readonly metadata: object; readonly spec: Record<string, unknown> } };
  }

  const variants: Readonly<Record<string, WebhookCertificate>> = {
    'with an authority of its own': WebhookCertificate.certManager(),
    'with an issuer that there is': WebhookCertificate.certManager({ issuerName: 'internal', issuerKind: 'ClusterIssuer' }),
    'with a secret': WebhookCertificate.fromSecret('webhook-tls', authority),
  };

  for (const [title, certificate] of Object.entries(variants)) {
    describe(title, () => {
      const namespace = unique('webhook');
      let manifests: Manifest[];

      before(async () => {
        manifests = new PodIdentityWebhook(new App(), 'webhook', { namespace, certificate, region: 'eu-west-1' }).toJson() as Manifest[];
        const { labels } = manifests.find(({ kind }) => kind === 'Namespace')!.metadata;
        await kubectl.createNamespace(namespace, labels);
        await kubectl.createServiceAccount(namespace, 'pod-identity-webhook');
      });

      test('the API server accepts every object, and knows every field', async () => {
        const { accepted, message } = await kubectl.dryRun(list(manifests));
        assert.equal(accepted, true, message);
        assert.equal(message.match(/\(server dry run\)$/gm)?.length, manifests.length, message);
        await kubectl.run(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], list(manifests));
      });

      test('restricted Pod Security lets its pods in, and refuses them with one right more', async () => {
        const { template } = manifests.find(({ kind }) => kind === 'Deployment')!.spec!;
        const metadata = { ...template.metadata, name: 'webhook', namespace };
        const pod = (spec: object): string => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
        const allowed = await kubectl.dryRun(pod(template.spec));
        const refused = await kubectl.dryRun(pod({ ...template.spec, hostNetwork: true }));

        assert.equal(allowed.accepted, true, allowed.message);
        assert.equal(refused.accepted, false);
        assert.match(refused.message, /violates PodSecurity "restricted:latest": host namespaces/);
      });
    });
  }

  test('fails with a field that nobody knows: the server does check', async () => {
    const namespace = unique('webhook');
    await kubectl.createNamespace(namespace);
    const [certificate] = (new PodIdentityWebhook(new App(), 'webhook', { namespace }).toJson() as Manifest[]).filter(({ kind }) => kind === 'Certificate');
    const apply = (manifest: object): Promise<string> => kubectl.run(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], JSON.stringify(manifest));

    await apply(certificate);
    await assert.rejects(apply({ ...certificate, spec: { ...certificate.spec, secretNames: 'a' } }), /unknown field "spec\.secretNames"/);
  });
});
