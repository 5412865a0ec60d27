import { X509Certificate } from 'node:crypto';
import { Token } from 'aws-cdk-lib';
import { isKeyLike } from '../identity/key-like';
import { isServiceAccountName } from '../identity/kubernetes-names';

/** Which issuer of cert-manager signs the webhook's certificate. */
export interface CertManagerOptions {
  /**
   * Name of an `Issuer` in the webhook's namespace, or of a `ClusterIssuer`.
   *
   * @default - an authority of its own is made, in the webhook's namespace
   */
  readonly issuerName?: string;

  /**
   * `Issuer` or `ClusterIssuer`.
   *
   * @default Issuer
   */
  readonly issuerKind?: string;
}

/** Where the webhook has its TLS certificate from, by which the API server knows it. */
export class WebhookCertificate {
  /**
   * Made and renewed by cert-manager, which has to run in the cluster with its CA injector.
   *
   * @see https://cert-manager.io/docs/concepts/ca-injector/
   */
  public static certManager(options: CertManagerOptions = {}): WebhookCertificate {
    const { issuerName, issuerKind = 'Issuer' } = options;
    if (!['Issuer', 'ClusterIssuer'].includes(issuerKind)) {
      throw new Error(`issuerKind is '${issuerKind}', and cert-manager has Issuer and ClusterIssuer`);
    }
    if (issuerName === undefined && options.issuerKind !== undefined) {
      throw new Error(`issuerKind is '${issuerKind}', and issuerName is missing; pass the name of the issuer, or neither for an authority that is made`);
    }
    if (issuerName !== undefined) {
      validateName('issuerName', issuerName);
    }
    return new WebhookCertificate({ issuer: issuerName === undefined ? undefined : { name: issuerName, kind: issuerKind } });
  }

  /**
   * In a secret of the webhook's namespace, which somebody else makes and renews: `tls.crt` and `tls.key` for the name `pod-identity-webhook.NAMESPACE.svc`.
   *
   * @param secretName name of the secret
   * @param authority certificate of the authority that signed it, in PEM; several while it is renewed
   */
  public static fromSecret(secretName: string, authority: string): WebhookCertificate {
    validateName('secretName', secretName);
    assertCertificates(authority);
    return new WebhookCertificate({ secretName, authority });
  }

  /** @internal the issuer of cert-manager that signs; `undefined` for one of its own */
  public readonly _issuer?: { readonly name: string; readonly kind: string };

  /** @internal a secret that others make; `undefined` where cert-manager does */
  public readonly _secret?: { readonly name: string; readonly caBundle: string };

  private constructor(from: { issuer?: { name: string; kind: string }; secretName?: string; authority?: string }) {
    this._issuer = from.issuer;
    this._secret = from.secretName === undefined || from.authority === undefined
      ? undefined
      : { name: from.secretName, caBundle: Buffer.from(from.authority).toString('base64') };
  }
}

/** Most objects are named by the rule for service accounts. The value is not in the message: a key that was passed in its place must not be. */
function validateName(what: string, name: string): void {
  if (!Token.isUnresolved(name) && (!isServiceAccountName(name) || isKeyLike(name))) {
    throw new Error(`${what} is not the name of a Kubernetes object (${name.length} characters, not shown since it may be a key): `
      + '1 to 253 lower-case letters, digits, dashes and dots are expected, such as webhook-tls');
  }
}

/** It goes into the manifest as it is: a file that has the key too must not. */
function assertCertificates(pem: string): void {
  if (/PRIVATE\s+KEY/i.test(pem)) {
    throw new Error('authority has a private key, which has no place in a manifest; pass the certificate alone');
  }
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const rest = blocks.reduce((text, block) => text.replace(block, ''), pem);
  if (blocks.length === 0 || rest.trim() !== '') {
    throw new Error('authority is not a certificate in PEM: nothing but blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE----- is expected');
  }
  blocks.forEach((block, index) => {
    try {
      void new X509Certificate(block);
    } catch {
      throw new Error(`certificate ${index + 1} of authority is damaged`);
    }
  });
}
