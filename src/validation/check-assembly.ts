import * as fs from 'node:fs';
import * as path from 'node:path';
import { check, type CheckResult } from '../check/check';
import type { Finding } from '../check/finding';
import { isBelow, manifestsIn, nestedAssemblies, readManifest } from '../check/input/assembly';
import { readInput, type ReadInput } from '../check/input/read-input';
import type { Place } from '../check/place';
import { type Report, reportOf } from '../check/report/report';
import type { Position } from '../check/source/parsed-document';
import { packageVersion } from '../package-version';

/** What is checked of an app that was synthesised. */
export interface AssemblyQuestion {
  /** Folder of the whole app: roles of one Stage may be used by another. */
  readonly assembly: string;
  /** Files and folders of others. */
  readonly others: readonly string[];
  /** Whether what is found in a file of the app is of interest. What others wrote always is. */
  readonly concerns: (file: string) => boolean;
}

/** The answer of all rules, and what they were asked about. */
export interface CheckedAssembly {
  readonly input: ReadInput;
  readonly result: CheckResult;
}

/** What an app without stacks writes. */
const NOTHING: ReadInput = { templates: [], manifests: [], documents: new Map(), unreadable: [], notRead: [] };

/** Does what `cdk-irsa check` does, with the files of an app. Fails when something cannot be read. */
export function checkAssembly({ assembly, others, concerns }: AssemblyQuestion): CheckedAssembly {
  const root = fs.realpathSync(assembly);
  const isEmpty = others.length === 0 && assembliesWithStacks(root).length === 0 && manifestsIn(root).length === 0;
  const input = isEmpty ? NOTHING : readInput([root, ...others], { parameters: new Map(), outputs: new Map() });
  // what was named here is meant to be checked, all of it
  const unread = [...input.notRead, ...input.unreadable];
  if (unread.length > 0) {
    throw new Error(`not read: ${unread.join('; ')}`);
  }
  const result = check(input);
  const isOf = (file: string): boolean => !isBelow(file, root) || concerns(file);
  const mayConcern = ({ places }: Finding): boolean => places.some(({ source }) => isOf(source.file));
  return {
    input,
    result: {
      ...result,
      findings: result.findings.filter(mayConcern),
      suppressed: result.suppressed.filter(mayConcern),
      notChecked: result.notChecked.filter(({ place }) => isOf(place.source.file)),
    },
  };
}

/** Where a part of what was read stands. */
export function positionIn({ documents }: ReadInput): (place: Place) => Position {
  return ({ source, path: parts }) => documents.get(source)!.positionOf(parts);
}

/** What was found as reports have it; files are named as from a folder. */
export function reportOfAssembly({ input, result }: CheckedAssembly, folder: string): Report {
  const report = reportOf(result, { positionOf: positionIn(input), unreadable: [], strict: false, version: packageVersion(), colors: false });
  const relative = <T extends { readonly file: string }>(location: T): T => ({ ...location, file: relativeTo(folder, location.file) });
  return {
    ...report,
    findings: report.findings.map(finding => ({ ...finding, locations: finding.locations.map(relative) })),
    notChecked: report.notChecked.map(({ what, location }) => ({ what, location: relative(location) })),
  };
}

function relativeTo(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') ? file : relative;
}

/**
 * Whether a file of an app belongs to the stacks with these templates: all files do for all of its stacks, for those of a Stage the ones in its own assembly.
 */
export function filesOfStacks(assembly: string, templates: readonly string[]): (file: string) => boolean {
  const folders = new Set(templates.map(template => fs.realpathSync(path.dirname(template))));
  const isWhole = assembliesWithStacks(fs.realpathSync(assembly)).every(each => folders.has(each));
  return file => isWhole || [...folders].some(folder => isBelow(file, folder));
}

function assembliesWithStacks(assembly: string): string[] {
  const has = Object.values(readManifest(assembly).artifacts ?? {}).some(({ type }) => type === 'aws:cloudformation:stack');
  return [...has ? [assembly] : [], ...nestedAssemblies(assembly).flatMap(assembliesWithStacks)];
}
