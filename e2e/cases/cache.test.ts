/** What is built for all runs: is it whole, and does nobody spoil another's? */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { unique, world } from './context';
import { cached, cacheRoot } from '../parts/cache';

describe('the cache', { concurrency: 1 }, () => {
  const { XDG_CACHE_HOME: original } = process.env;
  const put = (folder: string): void => { fs.mkdirSync(path.join(cacheRoot(), folder), { recursive: true }); };
  const folders = (): string[] => fs.readdirSync(cacheRoot()).filter((name) => !name.startsWith('.lock-')).sort();

  before(() => { process.env.XDG_CACHE_HOME = path.join(world.dir, unique('cache')); });

  after(() => {
    if (original === undefined) {
      delete process.env.XDG_CACHE_HOME;
    } else {
      process.env.XDG_CACHE_HOME = original;
    }
  });

  test('what a killed run has left half-built is removed, and nothing of another component', async () => {
    const others = ['.python-packages-Ab3dEf', '.pythonx-Ab3dEf', '.python-Ab3dE', 'python-0'];
    ['.python-Ab3dEf', ...others].forEach(put);
    const dir = await cached('python', '1', async (aside) => { fs.writeFileSync(path.join(aside, 'program'), ''); });
    assert.deepEqual(fs.readdirSync(dir), ['program']);
    assert.deepEqual(folders(), [...others, 'python-1'].sort());
  });

  test('what is there is not built again', async () => {
    const never = (): Promise<void> => assert.fail('built again');
    assert.equal(await cached('python', '1', never), path.join(cacheRoot(), 'python-1'));
  });

  test('two at the same time build once', async () => {
    let builds = 0;
    const build = async (): Promise<void> => { builds += 1; };
    const dirs = await Promise.all([cached('go', '1', build), cached('go', '1', build)]);
    assert.deepEqual([builds, new Set(dirs).size], [1, 1]);
  });

  test('fails when the build fails, and keeps nothing of it', async () => {
    await assert.rejects(cached('maven', '1', () => Promise.reject(new Error('no network'))), /maven 1 could not be installed: no network/);
    assert.deepEqual(folders().filter((name) => name.includes('maven')), []);
  });
});
