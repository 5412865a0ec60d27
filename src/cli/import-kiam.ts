import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Answer } from './commands/shell';
import { appFiles, assertNothingLost, type EditedManifest, type KiamFiles, kiamInputs } from './kiam-files';
import type { ManifestInput } from './manifest-input';
import { podTemplatesOf } from './pod-template-option';
import { readText } from './read-text';
import { writeFilesAtomically } from '../k8s/atomic-files';
import type { ManifestText } from '../k8s/inject/manifest-text';
import { importKiam, type ImportKiamOptions, type KiamImport } from '../migrate/kiam/import-kiam';

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
  const { inputs, notes } = kiamInputs(paths, options.outputDir);
  const texts = inputs.map(({ path: name }) => ({ name, text: readText(name) }));
  const settings = settingsOf(options);
  const result = importKiam(texts, settings);
  const app = options.outputDir === undefined || result.app === undefined ? NOTHING : appFiles(result.app, options.outputDir, version);
  const manifests = manifestFilesOf(result, inputs, texts, options);
  if (!options.write) {
    assertNothingLost(manifests, () => importKiam(texts, { ...settings, keepAnnotations: !options.keep }).edited);
  }
  const files = [...app.files, ...manifests.map(({ file, content }) => ({ file, content }))];
  writeFilesAtomically(files);
  return {
    text: [...result.summary, ...files.map(({ file }) => file), ...conclusion(result, options)].map(line => `${line}\n`).join(''),
    code: result.problems.length > 0 ? 2 : 0,
    remarks: [...result.problems.map(problem => `stays as it is: ${problem}`), ...[...result.notes, ...notes, ...app.notes].map(note => `note: ${note}`)],
  };
}

const NOTHING: KiamFiles = { files: [], notes: [] };

function settingsOf(options: ImportKiamCommandOptions): ImportKiamOptions {
  return {
    issuer: options.issuer,
    baseRoleArn: options.baseRoleArn,
    region: options.region,
    namespace: options.namespace,
    podTemplates: podTemplatesOf(options.podTemplate ?? []),
    accountDetails: (options.accountDetails ?? []).map(name => ({ name, bytes: fs.readFileSync(name) })),
    partialMatches: options.disableStrictNamespaceRegexp,
    allowedRegexps: options.namespaceRestrictionFormat === 'regexp',
    keepAnnotations: options.keep,
  };
}

function conclusion({ app, edited }: KiamImport, { write, outputDir }: ImportKiamCommandOptions): string[] {
  if (app === undefined && edited.length === 0) {
    return ['no pods can be moved'];
  }
  return write || outputDir !== undefined ? [] : ['nothing is written; pass --output-dir for the app and the manifests, --write to change the manifests where they are'];
}

function manifestFilesOf(
  { edited }: KiamImport, inputs: readonly ManifestInput[], texts: readonly ManifestText[], { write, outputDir }: ImportKiamCommandOptions,
): EditedManifest[] {
  return (write || outputDir !== undefined ? edited : []).map(({ name, text }) => ({
    name,
    before: texts.find(each => each.name === name)!.text,
    // not in the place of a link
    file: write ? fs.realpathSync(name) : path.join(outputDir!, 'manifests', inputs.find(input => input.path === name)!.relative),
    content: text,
  }));
}
