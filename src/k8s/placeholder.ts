/**
 * Placeholders: what stands in a manifest for a value that only CloudFormation knows.
 *
 * `cdk synth` writes `${cdk-irsa:NAME}`, and puts the value into an output of the stack that has it, as a line `NAME=VALUE`; several lines
 * share an output, because a stack has 200 at most. `cdk-irsa render` reads the outputs and fills the placeholders in.
 * Both sides are here; this file knows nothing of CDK or YAML, so that the command starts fast.
 */

import { isOneLine } from '../identity/one-line';

/** What a value is in the manifest; a `line` is a string within one line of a file. An output is always a string. */
export type PlaceholderKind = 'string' | 'number' | 'list' | 'line';

/** First part of the names of the outputs that carry values for manifests. */
export const OUTPUT_PREFIX = 'CdkIrsaManifestValues';

/** Annotation on every object that still has placeholders. The API server refuses it (a key with blanks), so the object cannot be applied by mistake. */
export const UNRENDERED_ANNOTATION = 'run cdk-irsa render first';

/** Head of every file that has placeholders. */
export const UNRENDERED_COMMENT = `# Not ready for a cluster: some values are known only after deployment. Fill them in with
#   npx cdk-irsa render --outputs outputs.json FILE
# where outputs.json was written by: cdk deploy --outputs-file outputs.json
`;

/** Between the values of an output. CloudFormation's lists have no commas in their elements. */
export const LIST_SEPARATOR = ',';

/** Between the lines of an output. */
export const LINE_SEPARATOR = '\n';

/** How much of a description a placeholder shows. */
const MAX_READABLE_LENGTH = 100;

const PLACEHOLDER = /\$\{cdk-irsa:(?:(number|list|line):)?([A-Za-z0-9._/-]+)\}/g;

/** The placeholder of a value. */
export function placeholder(name: string, kind: PlaceholderKind): string {
  return kind === 'string' ? `\${cdk-irsa:${name}}` : `\${cdk-irsa:${kind}:${name}}`;
}

/** Has placeholders in a text stand for values without line breaks: in a file of settings, a break would begin another setting. */
export function placeholdersOfLines(text: string): string {
  return text.replace(PLACEHOLDER, (_match, _kind, name: string) => placeholder(name, 'line'));
}

/** A name for a value that says what it is, and tells it apart by a hash of eight hexadecimal digits. */
export function placeholderName(description: string, hash: string): string {
  const readable = description.replace(/[^A-Za-z0-9._/]+/g, '-').replace(/^-+|-+$/g, '').slice(-MAX_READABLE_LENGTH);
  return `${readable || 'value'}-${hash.slice(0, 8)}`;
}

/** Names of the values that a text waits for. */
export function placeholderNames(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(match => match[2]))];
}

/** Fills the placeholders of one scalar; a whole number or list where the scalar is nothing but its placeholder. */
export function fillPlaceholders(text: string, values: ReadonlyMap<string, string>): string | number | string[] {
  const [only] = text.matchAll(PLACEHOLDER);
  if (only?.[0] === text && only[1] === 'number') {
    return numberOf(text, valueOf(only[2], values));
  }
  if (only?.[0] === text && only[1] === 'list') {
    const value = valueOf(only[2], values);
    return value === '' ? [] : value.split(LIST_SEPARATOR);
  }
  return text.replace(PLACEHOLDER, (_match, kind: PlaceholderKind | undefined, name: string) => {
    const value = valueOf(name, values);
    return kind === 'line' ? lineOf(name, value) : value;
  });
}

/** The text of an output: a line with the names, then a line `NAME=VALUE` for each of them, in that order. */
export function outputText(values: ReadonlyArray<readonly [name: string, value: string]>): string {
  return [values.map(([name]) => name).join(' '), ...values.map(([name, value]) => `${name}=${value}`)].join(LINE_SEPARATOR);
}

/**
 * The values in what `cdk deploy --outputs-file` wrote: `{ STACK: { OUTPUT: VALUE } }`.
 *
 * Outputs of other people are passed over.
 */
export function valuesInOutputs(outputs: unknown): Map<string, string> {
  if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs)) {
    throw new Error('is not what cdk deploy --outputs-file writes: an object of stacks, each with an object of outputs, is expected');
  }
  return mergeValues(Object.values(outputs as Record<string, unknown>).flatMap(stack => Object.entries((stack ?? {}) as Record<string, unknown>)
    .filter((entry): entry is [string, string] => entry[0].startsWith(OUTPUT_PREFIX) && typeof entry[1] === 'string')
    .map(([, text]) => valuesInText(text))));
}

/** Values of several outputs, or of several deployments. One name with two values is an error: nobody can say which is meant. */
export function mergeValues(maps: ReadonlyArray<ReadonlyMap<string, string>>): Map<string, string> {
  const merged = new Map<string, string>();
  for (const [name, value] of maps.flatMap(map => [...map])) {
    const other = merged.get(name);
    if (other !== undefined && other !== value) {
      throw new Error(`has two values for ${name}: '${other}' and '${value}'; pass the outputs of one deployment`);
    }
    merged.set(name, value);
  }
  return merged;
}

/** A value may have line breaks of its own, so it goes on to where the next name of the first line stands, which must be one place only. */
function valuesInText(text: string): Map<string, string> {
  const [header, ...lines] = text.split(LINE_SEPARATOR);
  const names = header.split(' ');
  let rest = `${LINE_SEPARATOR}${lines.join(LINE_SEPARATOR)}`;
  const values = new Map<string, string>();
  for (const name of [...names].reverse()) {
    const [before, value, ...more] = rest.split(`${LINE_SEPARATOR}${name}=`);
    if (value === undefined || more.length > 0) {
      throw new Error(`has an output whose values cannot be told apart at ${name}: ${value === undefined ? 'it is not there' : 'a value contains a line of that form'}`);
    }
    values.set(name, value);
    rest = before;
  }
  return values;
}

function valueOf(name: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`the outputs have no value for ${name}; deploy its stack as it was synthesised, with --outputs-file, and pass that file`);
  }
  return value;
}

function lineOf(name: string, value: string): string {
  if (!isOneLine(value)) {
    throw new Error(`${name} stands within one line of a file, and the output has ${JSON.stringify(value)}, with a line break or control character`);
  }
  return value;
}

function numberOf(text: string, value: string): number {
  if (value.trim() === '' || !Number.isFinite(Number(value))) {
    throw new Error(`${text} stands for a number, and the output has '${value}'`);
  }
  return Number(value);
}
