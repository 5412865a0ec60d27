import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheRoot } from './cache';
import { run, Result } from './exec';

export interface PodOptions {
  /** The container's variables, and no others. */
  readonly env: Readonly<Record<string, string>>;
  /** Contents by absolute path: what the kubelet would have mounted. */
  readonly files: Readonly<Record<string, string>>;
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Gives the command a file system of its own (this machine's, with a layer in memory on top), and in it the files at
 * the very paths that the manifest names. All it writes is gone when it ends, so the credentials that the AWS CLI keeps
 * in its home can't make the next token "succeed".
 *
 * The files come as JSON from standard input: nothing of a pod is ever on the disk.
 */
const START = `
set -eu
layer=$1 home=$2 unpack=$3 node=$4
shift 4
mount -t tmpfs pod "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay pod -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
for dir in /proc /dev $BINDS; do
  mkdir -p "$layer/root$dir"
  mount --rbind "$dir" "$layer/root$dir"
done
unset BINDS
mkdir -p "$layer/root$home"
exec chroot "$layer/root" "$node" -e "$unpack" -- "$@"
`;

const UNPACK = `
const fs = require('node:fs');
const path = require('node:path');
const { files, env } = JSON.parse(fs.readFileSync(0, 'utf8'));
for (const [file, text] of Object.entries(files)) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
const [command, ...args] = process.argv.slice(1);
const { status, error } = require('node:child_process').spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, cwd: '/' });
if (error) console.error(error.message);
process.exit(status ?? 1);
`;

const POD_HOME = '/home/pod';

/** Whether an overlay of / doesn't show what is in a folder. */
function isMountedApart(dir: string): boolean {
  return fs.statSync(dir).dev !== fs.statSync('/').dev;
}

/** Runs a command as a container of a pod would run it. `layer` is an empty folder of the run. */
export function inPod(layer: string, options: PodOptions): Promise<Result> {
  const { env, files, command, args } = options;
  const binds = [cacheRoot(), ...[path.dirname(process.execPath)].filter(isMountedApart)].map((dir) => path.resolve(dir));
  return run({
    command: 'unshare',
    args: [
      '--mount', '--propagation', 'private', '--',
      'sh', '-c', START, 'pod', layer, POD_HOME, UNPACK, process.execPath, command, ...args,
    ],
    env: { PATH: process.env.PATH ?? '', BINDS: binds.join(' ') },
    input: JSON.stringify({ files, env: { PATH: process.env.PATH ?? '', HOME: POD_HOME, ...env } }),
  });
}
