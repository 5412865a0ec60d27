#!/usr/bin/env node
import { isColorSupported } from 'picocolors';
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
  colors: process.stdout.isTTY && isColorSupported,
}).then(code => { process.exitCode ??= code; });
