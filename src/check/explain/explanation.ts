import { UNPRINTABLE } from '../report/report';

/** One thing that was looked at. */
export interface Step {
  /** `yes` is fine, `no` stands in the way. */
  readonly holds: 'yes' | 'no' | 'unknown';
  /** One sentence, in lower case and without a full stop. */
  readonly text: string;
  /** What it consists of. */
  readonly details?: readonly Step[];
}

/** Why something works or does not, step by step. */
export interface Explanation {
  readonly steps: readonly Step[];
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** The verdict in a sentence. */
  readonly summary: string;
  /** What STS answers to it. */
  readonly error?: string;
  /** What would make it pass. */
  readonly fix?: string;
}

const MARKS = { yes: '✓', no: '✗', unknown: '?' } as const;

/** For people. */
export function explanationText({ steps, summary, error, fix }: Explanation): string {
  return [
    ...steps.flatMap(step => lines(step, '')),
    '',
    plain(summary),
    ...error === undefined ? [] : [`STS answers: ${plain(error)}`],
    ...fix === undefined ? [] : [`fix: ${plain(fix)}`],
    '',
  ].join('\n');
}

function lines({ holds, text, details = [] }: Step, indent: string): string[] {
  return [`${indent}${MARKS[holds]} ${plain(text)}`, ...details.flatMap(detail => lines(detail, `${indent}  `))];
}

/** Claims and names are anybody's text: a line break would begin a line that nobody wrote, and other control characters rewrite a terminal. */
function plain(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}
