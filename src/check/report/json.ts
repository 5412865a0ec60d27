import type { Report } from './report';

/** For programs: all of it. `version` is that of this format. */
export function jsonReport({ findings, suppressed, notChecked, unreadable, seen }: Report): string {
  return `${JSON.stringify({ version: 1, findings, suppressed, notChecked, unreadable, seen }, undefined, 2)}\n`;
}
