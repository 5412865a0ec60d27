import * as fs from 'node:fs';
import * as path from 'node:path';
import { generateApp } from '../../../src/migrate/eksctl/generate/app';
import { type EksctlCluster, isExisting } from '../../../src/migrate/eksctl/model';
import { readClusterFile } from '../../../src/migrate/eksctl/parse-config';

/** A realistic file: 20 service accounts with all that they may have. */
export const CLUSTER_FILE = path.join(__dirname, 'cluster.yaml');

/** Reads a text as the file cluster.yaml. */
export function read(text: string): ReturnType<typeof readClusterFile> {
  return readClusterFile(Buffer.from(text), 'cluster.yaml');
}

/** What is wrong with a text. */
export function problemsOf(text: string): readonly string[] {
  return read(text).problems;
}

/** The realistic file, read. */
export function realCluster(): EksctlCluster {
  return readClusterFile(fs.readFileSync(CLUSTER_FILE), CLUSTER_FILE).cluster!;
}

/** A ClusterConfig with these lines below `serviceAccounts:`, beginning in line 7. */
export function withAccounts(...lines: string[]): string {
  return ['apiVersion: eksctl.io/v1alpha5', 'kind: ClusterConfig', 'metadata: {name: c, region: eu-west-1}', 'iam:', '  withOIDC: true', '  serviceAccounts:', ...lines, ''].join('\n');
}

/** One account with these fields beside its metadata, in line 9 and after. */
export function withFields(...lines: string[]): string {
  return withAccounts('  - metadata: {name: web, namespace: apps}', ...lines.map(line => `    ${line}`));
}

/** A ClusterConfig with these lines below `podIdentityAssociations:`, beginning in line 6. */
export function withAssociations(...lines: string[]): string {
  return ['apiVersion: eksctl.io/v1alpha5', 'kind: ClusterConfig', 'metadata: {name: c, region: eu-west-1}', 'iam:', '  podIdentityAssociations:', ...lines, ''].join('\n');
}

export const POLICY = 'attachPolicyARNs: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]';

/** The roles of a cluster that are made. */
export function madeRoles({ serviceAccounts }: EksctlCluster): number {
  return serviceAccounts.filter(({ role }) => !isExisting(role)).length;
}

/** What the app of the realistic file is made with. */
export const OPTIONS = { file: 'cluster.yaml', issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643', account: '111122223333' };

/** The app of the realistic file, where the type check of the tests sees it. After a change: `npx tsx test/migrate/eksctl/write-generated-app.ts`. */
export const GENERATED_APP = path.join(__dirname, 'generated-app.ts');

/** What is in that file. */
export function generatedApp(): string {
  return `/* eslint-disable */\n${generateApp(realCluster(), OPTIONS)}`;
}
