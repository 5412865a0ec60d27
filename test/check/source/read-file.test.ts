import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readInput } from '../../../src/check/input/read-input';
import { MAX_BYTES, readFile } from '../../../src/check/source/read-file';
import { temporaryFolder } from '../../k8s/helpers';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

test.each([
  ['a folder', (file: string) => fs.mkdirSync(file)],
  ['a device', (file: string) => fs.symlinkSync('/dev/null', file)],
])('fails for %s, named or not', (_, make) => {
  const file = path.join(folder, 'a.yaml');
  make(file);

  expect(() => readFile(file)).toThrow(`${file}:1:1: is not a file`);
  expect(() => readFile(file, true)).toThrow(`${file}:1:1: is not a file`);
});

test('a pipe is read when somebody named it, as shells make them, and not when it lies in a folder', () => {
  const pipe = path.join(folder, 'a.yaml');
  execFileSync('mkfifo', [pipe]);

  expect(() => readFile(pipe)).toThrow('is not a file');
  const writer = spawn('sh', ['-c', 'printf text > "$0"', pipe]);
  expect(readFile(pipe, true).toString()).toBe('text');
  writer.unref();
});

test('fails for a file that is too large before it is read', () => {
  const file = path.join(folder, 'a.yaml');
  fs.closeSync(fs.openSync(file, 'w'));
  fs.truncateSync(file, MAX_BYTES + 1);

  expect(() => readFile(file)).toThrow(`has ${MAX_BYTES + 1} bytes; templates and manifests have ${MAX_BYTES} at most`);
});

test('what else lies in a folder is said, and the rest is read', () => {
  fs.symlinkSync('/dev/null', path.join(folder, 'a.yaml'));
  fs.writeFileSync(path.join(folder, 'b.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n');
  fs.mkdirSync(path.join(folder, 'manifest.json'));

  const { notRead, manifests } = readInput([folder], { parameters: new Map(), outputs: new Map() });
  expect(notRead).toEqual([`${path.join(folder, 'a.yaml')}:1:1: is not a file`]);
  expect(manifests).toHaveLength(1);
});
