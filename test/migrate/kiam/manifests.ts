import { importKiam, type ImportKiamOptions, type KiamImport } from '../../../src/migrate/kiam/import-kiam';

export const ISSUER = 'https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';
export const BASE = 'arn:aws:iam::123456789012:role/';

/** A Deployment whose pods have a role from kiam, and what else its pod spec says. */
export function deployment(name: string, role?: string, spec = ''): string {
  const metadata = role === undefined ? '' : `
    metadata:
      annotations:
        iam.amazonaws.com/role: ${role}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: apps}
spec:
  template:${metadata}
    spec:
      containers: []
${spec === '' ? '' : `      ${spec}\n`}`;
}

export function serviceAccount(name: string, metadata = ''): string {
  return `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: apps${metadata}}\n`;
}

export function namespace(annotations: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: apps, annotations: {${annotations}}}\n`;
}

/** Imports documents of one file. */
export function imported(documents: readonly string[], options: Partial<ImportKiamOptions> = {}): KiamImport {
  return importKiam([{ name: 'a.yaml', text: documents.join('---\n') }], { issuer: ISSUER, baseRoleArn: BASE, ...options });
}

/** The documents of the file after that; as they were if nothing changed. */
export function documentsAfter(documents: readonly string[], options: Partial<ImportKiamOptions> = {}): string[] {
  return (imported(documents, options).edited[0]?.text ?? documents.join('---\n')).split('---\n');
}
