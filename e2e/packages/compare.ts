import * as fs from 'node:fs';
import * as path from 'node:path';

/** What a CDK app made, as far as it has to be the same in every language. */
export interface Made {
  /** Parsed templates, by file name. */
  readonly templates: Readonly<Record<string, unknown>>;
  /** Manifests and their index, by file name. */
  readonly manifests: Readonly<Record<string, string>>;
}

/** Reads a cloud assembly. Fails when there is no template: an empty one would be the same as any other. */
export function readAssembly(directory: string): Made {
  const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => fs.statSync(path.join(directory, file)).isFile()).sort();
  const read = (file: string) => fs.readFileSync(path.join(directory, file), 'utf8');
  const templates = files.filter((file) => file.endsWith('.template.json')).map((file) => [file, JSON.parse(read(file)) as unknown]);
  if (templates.length === 0) {
    throw new Error(`'${directory}' has no template`);
  }
  const manifests = files.filter((file) => file.startsWith(`manifests${path.sep}`)).map((file) => [file, read(file)]);
  return { templates: Object.fromEntries(templates), manifests: Object.fromEntries(manifests) };
}

/** Where two values differ, as paths with both values; empty where they are the same but for the order of keys. */
export function differences(expected: unknown, actual: unknown, at = ''): string[] {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(expected[key], actual[key], `${at}/${key}`));
  }
  return Object.is(expected, actual) ? [] : [`${at}: ${show(actual)} instead of ${show(expected)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
