import * as fs from 'node:fs';
import { check } from '../check/check';
import { type Environment, readInput } from '../check/input/read-input';
import { entriesOf } from '../check/json';
import { jsonReport } from '../check/report/json';
import { junitReport } from '../check/report/junit';
import { type Report, reportOf } from '../check/report/report';
import { sarifReport } from '../check/report/sarif';
import { tableReport } from '../check/report/table';

/** Options of `cdk-irsa check`. */
export interface CheckOptions {
  readonly account?: string;
  readonly region?: string;
  /** `NAME=VALUE` or `STACK:NAME=VALUE`. */
  readonly parameters?: readonly string[];
  /** Files that `cdk deploy --outputs-file` wrote. */
  readonly outputs?: readonly string[];
  readonly format: string;
  readonly strict?: boolean;
}

interface Surroundings {
  readonly version: string;
  readonly colors?: boolean;
}

const REPORTS: ReadonlyMap<string, (report: Report) => string> = new Map([['table', tableReport], ['json', jsonReport], ['sarif', sarifReport], ['junit', junitReport]]);

/** Checks files, and gives what goes to standard output and the exit code: 1 for what could not be read, 2 for what was found. */
export function checkFiles(paths: readonly string[], options: CheckOptions & Surroundings): { readonly text: string; readonly code: number } {
  const { strict = false, version, colors = false } = options;
  const input = readInput(paths, environmentOf(options));
  const report = reportOf(check(input), {
    strict,
    version,
    colors,
    unreadable: input.unreadable,
    positionOf: ({ source, path }) => input.documents.get(source)!.positionOf(path),
  });
  const failing = report.findings.some(({ severity }) => severity === 'error' || strict);
  return { text: REPORTS.get(options.format)!(report), code: report.unreadable.length > 0 ? 1 : failing ? 2 : 0 };
}

function environmentOf({ account, region, parameters = [], outputs = [] }: CheckOptions): Environment {
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new Error(`'${account}' is not an account; --account takes 12 digits`);
  }
  if (region !== undefined && !/^[a-z]{2,4}(?:-[a-z]+)+-\d+$/.test(region)) {
    throw new Error(`'${region}' is not a region; --region takes one such as eu-west-1`);
  }
  return { account, region, parameters: grouped(parameters.map(parameterOf)), outputs: grouped(outputs.flatMap(outputsIn)) };
}

type Entry = readonly [group: string, name: string, value: string];

function grouped(entries: readonly Entry[]): Map<string, Record<string, string>> {
  const groups = new Map<string, Array<[string, string]>>();
  entries.forEach(([group, name, value]) => groups.set(group, [...groups.get(group) ?? [], [name, value]]));
  return new Map([...groups].map(([group, each]) => [group, Object.fromEntries(each)]));
}

function parameterOf(text: string): Entry {
  const [, stack = '', name, value] = /^(?:([^:=]+):)?([A-Za-z0-9]+)=([^]*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new Error(`'${text}' is not a parameter; --parameters takes NAME=VALUE or STACK:NAME=VALUE`);
  }
  return [stack, name, value];
}

function outputsIn(file: string): Entry[] {
  if (!fs.existsSync(file)) {
    throw new Error(`${file} does not exist; write it with 'cdk deploy --outputs-file ${file}'`);
  }
  try {
    return entriesOf(JSON.parse(fs.readFileSync(file, 'utf8'))).flatMap(([stack, values]) => entriesOf(values)
      .flatMap(([name, value]) => typeof value === 'string' ? [[stack, name, value] as const] : []));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
