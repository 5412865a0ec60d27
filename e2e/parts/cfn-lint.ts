import * as path from 'node:path';
import { run } from './exec';
import { pythonTool } from './python';

/** What cfn-lint has against templates, a line each: place, rule, message. Its hints (level I) are left out. */
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

export async function cfnLint(python: string, home: string, templates: readonly string[]): Promise<LintFindings> {
  const { code, stdout, stderr } = await run({ ...pythonTool(python, 'cfn-lint', ['--format', 'json', ...templates]), env: { HOME: home } });
  // its exit code has a bit for each level of finding: 2, 4, 8
  if (code % 2 !== 0) {
    throw new Error(`cfn-lint ended with ${code}: ${stderr}`);
  }
  const matches = JSON.parse(stdout) as LintMatch[];
  const findings = (level: LintMatch['Level']): string[] => matches.filter(({ Level }) => Level === level)
    .map(({ Filename, Location, Rule, Message }) => `${path.basename(Filename)}:${Location.Start.LineNumber} ${Rule.Id} ${Message}`);
  return { errors: findings('Error'), warnings: findings('Warning') };
}
