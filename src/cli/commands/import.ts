import type { Command } from 'commander';
import { addImportKiam } from './import-kiam';
import type { Shell } from './shell';

/** What can be imported. */
const SOURCES = [addImportKiam];

/** Adds `import`. */
export function addImport(program: Command, shell: Shell): void {
  const command = program.command('import')
    .description('come in from other tools: write a CDK app for what they have made');
  SOURCES.forEach(add => add(command, shell));
}
