import type { Command } from 'commander';
import { addImportEksctl } from './import-eksctl';
import { addImportKiam } from './import-kiam';
import type { Shell } from './shell';

/** What can be imported, in this order. */
const SOURCES = [addImportEksctl, addImportKiam];

/** Adds `import`, with a command for each tool that people come from. */
export function addImport(program: Command, shell: Shell): void {
  const command = program.command('import').description('write for this package what you have for another tool');
  SOURCES.forEach(add => add(command, shell));
}
