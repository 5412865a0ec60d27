import * as fs from 'node:fs';
import * as path from 'node:path';
import { cached, versionOf } from './cache';
import { check, Command, HALF_AN_HOUR } from './exec';

const REQUIREMENTS = path.join(__dirname, 'python', 'requirements.txt');

/** A Python environment with moto, the AWS CLI and cfn-lint, at pinned versions. The answer is its interpreter. */
export async function pythonTools(): Promise<string> {
  const version = versionOf(fs.readFileSync(REQUIREMENTS, 'utf8'), await check({ command: 'python3', args: ['--version'] }));
  const dir = await cached('python', version, async (aside) => {
    await check({ command: 'python3', args: ['-m', 'venv', aside] });
    await check({
      command: path.join(aside, 'bin', 'python'),
      args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-cache-dir', '--no-deps', '-r', REQUIREMENTS],
      timeoutMs: HALF_AN_HOUR,
    });
  });
  return path.join(dir, 'bin', 'python');
}

/** The command that runs one of the tools: by its interpreter, since scripts of a venv name the folder it was made in. */
export function pythonTool(python: string, tool: 'aws' | 'cfn-lint', args: readonly string[]): Pick<Command, 'command' | 'args'> {
  return { command: python, args: [path.join(path.dirname(python), tool), ...args] };
}
