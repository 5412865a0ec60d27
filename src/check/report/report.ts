import { unicodeEscape } from '../../identity/unicode-escape';
import type { CheckResult, SuppressedFinding } from '../check';
import type { Finding } from '../finding';
import type { Place } from '../place';
import type { Position } from '../source/parsed-document';
import { isUnresolved, readable } from '../unresolved';

/** A place as people and tools name it. */
export interface Location extends Position {
  readonly file: string;
}

/** A finding with its places as lines and columns. */
export interface LocatedFinding extends Pick<Finding, 'rule' | 'severity' | 'message' | 'fix'> {
  readonly locations: readonly Location[];
}

/** A suppressed one, with what the file says for it. */
export interface LocatedSuppression extends LocatedFinding {
  readonly reason: string;
}

/** All that a report says, in the order in which it says it. */
export interface Report {
  readonly findings: readonly LocatedFinding[];
  readonly suppressed: readonly LocatedSuppression[];
  readonly notChecked: ReadonlyArray<{ readonly what: string; readonly location: Location }>;
  readonly unreadable: readonly string[];
  readonly seen: CheckResult['seen'];
  /** Whether warnings fail too. */
  readonly strict: boolean;
  readonly version: string;
  readonly colors: boolean;
}

/** What a report takes beside the result. */
export interface ReportOptions extends Pick<Report, 'unreadable' | 'strict' | 'version' | 'colors'> {
  /** Files of folders that may be something else, as `file:line:column: problem`. @default - none */
  readonly notRead?: readonly string[];
  readonly positionOf: (place: Place) => Position;
}

/** The result with lines and columns, in the order of files. */
export function reportOf({ findings, suppressed, notChecked, seen }: CheckResult, { positionOf, notRead = [], ...options }: ReportOptions): Report {
  const sorted = <T extends LocatedFinding>(each: readonly T[]): T[] => [...each].sort((a, b) => compare(a.locations[0], b.locations[0]));
  const suppression = (finding: SuppressedFinding): LocatedSuppression => ({ ...located(finding, positionOf), reason: plain(finding.reason) });
  return {
    ...options,
    seen,
    findings: sorted(findings.map(finding => located(finding, positionOf))),
    suppressed: sorted(suppressed.map(suppression)),
    notChecked: [...notChecked.map(({ what, place }) => ({ what: plain(what), location: locationOf(place, positionOf) })), ...notRead.map(noteOf)]
      .sort((a, b) => compare(a.location, b.location)),
  };
}

function noteOf(problem: string): Report['notChecked'][number] {
  const [, file = '', line = '1', column = '1', what = problem] = /^(.*?):(\d+):(\d+): (.*)$/s.exec(problem) ?? [];
  return { what: plain(`whether there is something to check in the file: it ${what}`), location: { file, line: Number(line), column: Number(column) } };
}

/** A finding as people read it. */
export function located({ rule, severity, message, fix, places }: Finding, positionOf: ReportOptions['positionOf']): LocatedFinding {
  return { rule, severity, message: plain(message), fix: plain(fix), locations: places.map(place => locationOf(place, positionOf)) };
}

function locationOf(place: Place, positionOf: ReportOptions['positionOf']): Location {
  return { file: place.source.file, ...positionOf(place) };
}

/** Characters that rewrite what stands on a terminal, or begin a line. */
export const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Names in files are anybody's text: on a terminal, control characters could rewrite what stands there. */
export function plain(text: string): string {
  return (isUnresolved(text) ? readable(text) : text).replace(UNPRINTABLE, unicodeEscape);
}

function compare(a: Location, b: Location): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}

/** `file:line:column` */
export function shown({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** `1 error`, `2 errors` */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
