import * as fs from 'node:fs';
import * as path from 'node:path';
import { nameOf, readText } from './read-text';
import { validateIssuerUrl } from '../identity/issuer-url';
import { writeFilesAtomically } from '../k8s/atomic-files';
import { generateApp, summary } from '../migrate/eksctl/generate/app';
import { clusterProjectFiles } from '../migrate/eksctl/generate/project-files';
import { readClusterFile } from '../migrate/eksctl/parse-config';

/** Options of `cdk-irsa import eksctl`. */
export interface ImportEksctlOptions {
  readonly outputDir?: string;
  readonly issuer?: string;
  readonly account?: string;
}

/** What is said: either that something is wrong, or the app. */
export interface ImportedEksctl {
  /** What goes to standard output: the app, or the files that were written. */
  readonly text: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Reads a ClusterConfig and writes an app for it. */
export function importEksctl(file: string, { outputDir, issuer, account }: ImportEksctlOptions, version: string): ImportedEksctl {
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new Error(`--account '${account}' is not an account: 12 digits are expected`);
  }
  if (issuer !== undefined) {
    validateIssuerUrl(issuer);
  }
  const { cluster, problems } = readClusterFile(Buffer.from(readText(file)), nameOf(file));
  if (!cluster) {
    return { text: '', problems, notes: [] };
  }
  const options = { file: path.basename(nameOf(file)), issuer, account };
  const notes = [summary(cluster), ...cluster.leftOut];
  if (outputDir === undefined) {
    return { text: generateApp(cluster, options), problems: [], notes };
  }
  const files = clusterProjectFiles(cluster, options, version).map(({ name, content }) => ({ file: path.join(outputDir, name), content }));
  const existing = files.find(candidate => fs.existsSync(candidate.file));
  if (existing) {
    throw new Error(`${existing.file} exists already, and may have been changed; choose another --output-dir, or remove it`);
  }
  writeFilesAtomically(files);
  return { text: files.map(written => `${written.file}\n`).join(''), problems: [], notes };
}
