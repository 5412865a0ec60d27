import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';

/** What was built stays here, outside the repository; remove the folder to start from nothing. */
export function cacheRoot(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'cdk-irsa-e2e');
}

/** Whether there is nothing to build. */
export function isCached(component: string, version: string): boolean {
  return fs.existsSync(folderOf(component, version));
}

function folderOf(component: string, version: string): string {
  return path.join(cacheRoot(), `${component}-${version}`);
}

/**
 * The folder `<component>-<version>` of the cache, built first where it is missing. It is built aside and renamed when
 * complete, so that what exists is whole even if an earlier run was killed; the lock only saves a second run at the
 * same time from doing the same work.
 */
export async function cached(component: string, version: string, build: (dir: string) => Promise<void>): Promise<string> {
  const target = folderOf(component, version);
  if (fs.existsSync(target)) {
    return target;
  }
  fs.mkdirSync(cacheRoot(), { recursive: true });
  return withLock(component, async () => {
    if (fs.existsSync(target)) {
      return target;
    }
    const started = Date.now();
    console.log(`${component} ${version}: not in the cache, building`);
    removeHalfBuilt(component);
    const aside = fs.mkdtempSync(path.join(cacheRoot(), `.${component}-`));
    try {
      await build(aside);
      fs.renameSync(aside, target);
    } catch (error) {
      fs.rmSync(aside, { recursive: true, force: true });
      throw new Error(`${component} ${version} could not be installed: ${(error as Error).message}`);
    }
    console.log(`${component} ${version}: built in ${Math.round((Date.now() - started) / 1000)} s`);
    return target;
  });
}

/** Nobody else builds this component now: what lies aside is of a run that was killed. Others, whose names begin alike, may be building theirs. */
function removeHalfBuilt(component: string): void {
  const aside = new RegExp(`^\\.${component}-[A-Za-z0-9]{6}$`);
  fs.readdirSync(cacheRoot()).filter((name) => aside.test(name))
    .forEach((name) => fs.rmSync(path.join(cacheRoot(), name), { recursive: true, force: true }));
}

/** A version for what is made from files: changes with any of them. */
export function versionOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}

/**
 * Holds a lock across processes. `flock` keeps it in the kernel for as long as its standard input, our pipe, is open:
 * it is free again however this process ends, so there is no stale lock to detect.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(cacheRoot(), { recursive: true });
  const file = path.join(cacheRoot(), `.lock-${name}`);
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    holder.once('error', (error) => reject(new Error(`cannot lock '${file}': ${error.message}, install util-linux`)));
    holder.stdout.once('data', () => resolve());
    holder.once('close', (code) => reject(new Error(`cannot lock '${file}': flock ended with ${code}`)));
  });
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
