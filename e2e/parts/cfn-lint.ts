import * as path from 'node:path';
import { run } from './exec';
import { pythonTool } from './python';

/** What cfn-lint has against a template, a line each: place, rule, message. Its hints (level I) are left out. */
export interface LintFindings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface LintMatch {
  readonly Filename: string;
  readonly Level: 'Error' | 'Warning' | 'Informational';
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Start: { readonly LineNumber: number } };
}

/** What cfn-lint has against each of these templates, in their order. It takes longer to start than to read one: give it many. */
export async function cfnLint(python: string, home: string, templates: readonly string[]): Promise<LintFindings[]> {
  const { code, stdout, stderr } = await run({ ...pythonTool(python, 'cfn-lint', ['--format', 'json', ...templates]), env: { HOME: home } });
  // its exit code has a bit for each level of finding: 2, 4, 8
  if (code % 2 !== 0) {
    throw new Error(`cfn-lint ended with ${code}: ${stderr}`);
  }
  const matches = JSON.parse(stdout) as LintMatch[];
  const unknown = matches.find(({ Filename }) => !templates.includes(Filename));
  if (unknown !== undefined) {
    throw new Error(`cfn-lint found something in ${unknown.Filename}, which it was not given`);
  }
  return templates.map(template => ({ errors: linesOf(matches, template, 'Error'), warnings: linesOf(matches, template, 'Warning') }));
}

function linesOf(matches: readonly LintMatch[], template: string, level: LintMatch['Level']): string[] {
  return matches.filter(({ Filename, Level }) => Filename === template && Level === level)
    .map(({ Filename, Location, Rule, Message }) => `${path.basename(Filename)}:${Location.Start.LineNumber} ${Rule.Id} ${Message}`);
}
