#!/usr/bin/env node
import { isColorSupported } from 'picocolors';
import { run } from './program';

process.exitCode = run(process.argv.slice(2), {
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
  colors: process.stdout.isTTY && isColorSupported,
});
