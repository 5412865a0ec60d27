import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Answer } from './commands/shell';
import { type ManifestInput, manifestsAt } from './manifest-input';
import { podTemplatesOf } from './pod-template-option';
import { readText } from './read-text';
import { type FileContent, writeFilesAtomically } from '../k8s/atomic-files';
import { importKiam, type KiamImport } from '../migrate/kiam/import-kiam';
import { projectFiles } from '../migrate/project-files';

/** Options of `cdk-irsa import kiam`. */
export interface ImportKiamCommandOptions {
  readonly issuer: string;
  readonly baseRoleArn?: string;
  readonly region?: string;
  readonly namespace?: string;
  readonly accountDetails?: readonly string[];
  readonly podTemplate?: readonly string[];
  readonly disableStrictNamespaceRegexp?: boolean;
  readonly namespaceRestrictionFormat?: string;
  readonly keep?: boolean;
  readonly outputDir?: string;
  readonly write?: boolean;
}

/** What the command says besides its answer. */
export interface ImportAnswer extends Answer {
  /** For standard error, each in a line. */
  readonly remarks: readonly string[];
}

/** Moves the pods in manifests from kiam to roles for service accounts. Writes nothing unless it is told where. */
export function importKiamFrom(paths: readonly string[], options: ImportKiamCommandOptions, version: string): ImportAnswer {
  const inputs = inputsAt(paths);
  const result = importKiam(inputs.map(({ path: name }) => ({ name, text: readText(name) })), {
    issuer: options.issuer,
    baseRoleArn: options.baseRoleArn,
    region: options.region,
    namespace: options.namespace,
    podTemplates: podTemplatesOf(options.podTemplate ?? []),
    accountDetails: (options.accountDetails ?? []).map(name => ({ name, bytes: fs.readFileSync(name) })),
    partialMatches: options.disableStrictNamespaceRegexp,
    allowedRegexps: options.namespaceRestrictionFormat === 'regexp',
    keepAnnotations: options.keep,
  });
  const files = [...appFilesOf(result, options, version), ...manifestFilesOf(result, inputs, options)];
  writeFilesAtomically(files);
  return {
    text: [...result.summary, ...files.map(({ file }) => file), ...conclusion(result, options)].map(line => `${line}\n`).join(''),
    code: result.problems.length > 0 ? 2 : 0,
    remarks: [...result.problems.map(problem => `stays as it is: ${problem}`), ...result.notes.map(note => `note: ${note}`)],
  };
}

/** Each file once, whatever names it. */
function inputsAt(paths: readonly string[]): ManifestInput[] {
  return [...new Map(paths.flatMap(manifestsAt).map(input => [fs.realpathSync(input.path), input])).values()];
}

function conclusion({ app, edited }: KiamImport, { write, outputDir }: ImportKiamCommandOptions): string[] {
  if (app === undefined && edited.length === 0) {
    return ['no pods can be moved'];
  }
  return write || outputDir !== undefined ? [] : ['nothing is written; pass --output-dir for the app and the manifests, --write to change the manifests where they are'];
}

function appFilesOf({ app }: KiamImport, { outputDir }: ImportKiamCommandOptions, version: string): FileContent[] {
  const files = outputDir === undefined || app === undefined
    ? []
    : projectFiles('kiam-migration', app, version).map(({ name, content }) => ({ file: path.join(outputDir, name), content }));
  files.forEach(assertNotChanged);
  return files;
}

function manifestFilesOf({ edited }: KiamImport, inputs: readonly ManifestInput[], { write, outputDir }: ImportKiamCommandOptions): FileContent[] {
  if (write) {
    // not in the place of a link
    return edited.map(({ name, text }) => ({ file: fs.realpathSync(name), content: text }));
  }
  if (outputDir === undefined) {
    return [];
  }
  const manifests = edited.map(({ name, text }) => ({ name, file: path.join(outputDir, 'manifests', relativeOf(name, inputs)), content: text }));
  manifests.forEach(({ name, file }, index) => assertOwnFile(name, file, manifests.slice(0, index)));
  return manifests.map(({ file, content }) => ({ file, content }));
}

function relativeOf(name: string, inputs: readonly ManifestInput[]): string {
  return inputs.find(input => input.path === name)!.relative;
}

/** An app that people have worked on is not replaced. */
function assertNotChanged({ file, content }: FileContent): void {
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') !== content) {
    throw new Error(`${file} is there already, and says something else; name another --output-dir, or leave it out to change manifests only`);
  }
}

function assertOwnFile(name: string, file: string, others: ReadonlyArray<{ readonly name: string; readonly file: string }>): void {
  const other = others.find(each => each.file === file);
  if (other) {
    throw new Error(`${other.name} and ${name} would both be written to ${file}; import them from a folder above both, or with --write`);
  }
  if (fs.existsSync(file) && fs.realpathSync(file) === fs.realpathSync(name)) {
    throw new Error(`${file} would be replaced; that is what --write is for, else choose another --output-dir`);
  }
}
