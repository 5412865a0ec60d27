#!/usr/bin/env node
import { run } from './program';

// whoever reads may have had enough
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exitCode = 1;
});

void run(process.argv.slice(2), {
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
}).then(code => { process.exitCode ??= code; });
