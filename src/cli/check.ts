import { environmentOf, type TemplateOptions } from './environment';
import { check } from '../check/check';
import { readInput } from '../check/input/read-input';
import { jsonReport } from '../check/report/json';
import { junitReport } from '../check/report/junit';
import { type Report, reportOf } from '../check/report/report';
import { sarifReport } from '../check/report/sarif';
import { tableReport } from '../check/report/table';

/** Options of `cdk-irsa check`. */
export interface CheckOptions extends TemplateOptions {
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
    notRead: input.notRead,
    positionOf: ({ source, path }) => input.documents.get(source)!.positionOf(path),
  });
  const failing = report.findings.some(({ severity }) => severity === 'error' || strict);
  return { text: REPORTS.get(options.format)!(report), code: report.unreadable.length > 0 ? 1 : failing ? 2 : 0 };
}
