import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { shell as shellOf } from './shell';
import { MANIFESTS_ARTIFACT } from '../../src/k8s/manifest-files';
import { temporaryFolder } from '../k8s/helpers';
import { account, ADDED, deployment, stream } from '../k8s/inject/manifests';

const ROOT = path.join(__dirname, '..', '..');
const MAIN = path.join(ROOT, 'src', 'cli', 'main.ts');
const TSX = require.resolve('tsx/cjs');

const shell = (...args: string[]) => shellOf('inject', ...args);

/** Runs the command as a process of its own, on the TypeScript sources; further code goes before it. */
function spawn(args: string[], input?: string | Buffer, before = ''): { status: number | null; stdout: string; stderr: string } {
  const code = `${before};process.argv.splice(1, 0, ${JSON.stringify(MAIN)});require(${JSON.stringify(MAIN)});`;
  return spawnSync(process.execPath, ['-r', TSX, '-e', code, '--', 'inject', ...args], { encoding: 'utf8', cwd: ROOT, input, maxBuffer: 64 * 1024 * 1024 });
}

describe('cdk-irsa inject', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  function file(name: string, content: string | Buffer): string {
    const target = path.join(folder, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
    return target;
  }

  test('explains its options, with an example', async () => {
    const { code, out, err } = await shell('--help');

    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/--service-accounts <path>[^]*--region <region>[^]*--webhook-parity[^]*--strict[^]*helm template web \.\/chart \| npx cdk-irsa inject \| kubectl apply -f -/);
  });

  test('prints a file with credentials', async () => {
    expect(await shell(file('a.yaml', stream(account(), deployment())))).toEqual({ code: 0, out: stream(account(), deployment() + ADDED), err: '' });
  });

  test('takes files, folders and assemblies, in their order', async () => {
    file('in/b.yaml', deployment());
    file('in/a/c.yml', account());
    file('in/ignored.txt', '{');
    file('cdk.out/manifest.json', JSON.stringify({ version: '50.0.0', artifacts: { [MANIFESTS_ARTIFACT]: { type: 'none' } } }));
    file('cdk.out/manifests/index.json', '{"version":1,"files":["M/d.yaml"]}');
    file('cdk.out/manifests/M/d.yaml', deployment('d'));

    expect((await shell(path.join(folder, 'in'), path.join(folder, 'cdk.out'))).out).toBe(`${account()}---\n${deployment()}${ADDED}---\n${deployment('d')}${ADDED}`);
  });

  test('notes on standard error what it leaves as it is', async () => {
    expect(await shell(file('a.yaml', deployment()))).toEqual({
      code: 0,
      out: deployment(),
      err: 'cdk-irsa: note: Deployment web: service account web is not among the manifests, so nothing was changed; pass its manifest with --service-accounts\n',
    });
  });

  test('knows all its options', async () => {
    const input = file('a.yaml', deployment().replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout'));
    const accounts = [file('one.yaml', account('x')), file('two.yaml', account('web', undefined, 'prod'))];
    const { code, out, err } = await shell(input, ...accounts.flatMap(name => ['--service-accounts', name]), '--region', 'eu-west-1', '--regional-sts', '--audience', 'a.example.com',
      '-n', 'prod', '--pod-template', 'Rollout=spec.template', '--strict', '--webhook-parity');

    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/AWS_STS_REGIONAL_ENDPOINTS\n +value: regional\n[^]*AWS_DEFAULT_REGION\n +value: eu-west-1\n[^]*AWS_ROLE_ARN[^]*audience: a\.example\.com\n/);
  });

  test.each<[string[], boolean]>([
    [[], false], [['--region', 'eu-west-1'], true], [['--regional-sts'], true], [['--region', 'eu-west-1', '--no-regional-sts'], false],
    [['--region', 'eu-west-1', '--webhook-parity'], false], [['--regional-sts', '--webhook-parity'], true],
  ])('%j asks for the STS of the region: %p', async (args, expected) => {
    expect((await shell(file('a.yaml', stream(account(), deployment())), ...args)).out.includes('AWS_STS_REGIONAL_ENDPOINTS')).toBe(expected);
  });

  test('takes service accounts from a folder, among others', async () => {
    file('sa/a.yaml', 'a: 1\n');
    file('sa/b.yaml', account());

    expect(await shell(file('a.yaml', deployment()), '--service-accounts', path.join(folder, 'sa'))).toEqual({ code: 0, out: deployment() + ADDED, err: '' });
  });

  test.each<[string, () => string[], RegExp]>([
    ['the YAML is malformed', () => [file('a.yaml', 'a: 1\n---\nb: [\n')], /^cdk-irsa: \S+a\.yaml:4:1: Flow sequence[^\n]+\n$/],
    ['a service account is not known, and it is strict', () => [file('a.yaml', deployment()), '--strict'], /service account web is not among the manifests/],
    ['a service account is there twice', () => [file('a.yaml', account()), '--service-accounts', file('b.yaml', account('web', {}))], /a\.yaml:1:1: service account web is also at \S+b\.yaml:1:1/],
    ['a role is none', () => [file('a.yaml', account('web', { 'eks.amazonaws.com/role-arn': 'web' }))], /'web' is not the ARN of a role/],
    ['the audience is none', () => [file('a.yaml', deployment()), '--audience', 'a b'], /--audience is 'a b', and no role can trust that/],
    ['the audience is empty', () => [file('a.yaml', deployment()), '--audience', ''], /--audience is ''/],
    ['the region is none', () => [file('a.yaml', deployment()), '--region', 'EU (Ireland)'], /--region is 'EU \(Ireland\)'/],
    ['a pod template has no path', () => [file('a.yaml', deployment()), '--pod-template', 'Rollout'], /--pod-template is 'Rollout'/],
    ['a pod template has a wrong path', () => [file('a.yaml', deployment()), '--pod-template', 'Rollout=spec.'], /'spec\.' is not a path/],
    ['a file does not exist', () => [path.join(folder, 'missing.yaml')], /missing\.yaml does not exist/],
    ['a file for service accounts does not exist', () => [file('a.yaml', deployment()), '--service-accounts', path.join(folder, 'missing.yaml')], /missing\.yaml/],
    ['a file for service accounts has none', () => [file('a.yaml', deployment()), '--service-accounts', file('b.yaml', deployment())], /b\.yaml: no service account in there/],
    ['a file is not text', () => [file('a.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]))], /a\.yaml is not UTF-8 text/],
    ['a file is binary', () => [file('a.yaml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01]))], /a\.yaml:1:5: the control character U\+0002/],
    ['standard input is named twice', () => ['-', '--service-accounts', '-'], /standard input \(-\) is named twice/],
    ['an option is not known', () => ['--nonsense'], /--nonsense/],
  ])('fails when %s: one line, and nothing on standard output', async (_what, args, message) => {
    const { code, out, err } = await shell(...args());

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).toMatch(/^[^\n]+\n$/);
  });

  describe('as a process', () => {
    test.each<[string, string[]]>([['without arguments', []], ['with a dash', ['-']]])('is a filter: %s', (_what, args) => {
      const text = `\uFEFF# é\r\n${stream(account(), deployment()).replace(/\n/g, '\r\n')}`;

      expect(spawn(args, text)).toMatchObject({ status: 0, stdout: `\uFEFF# é\r\n${stream(account(), deployment() + ADDED).replace(/\n/g, '\r\n')}`, stderr: '' });
    });

    test('takes service accounts from standard input, too', () => {
      expect(spawn([file('a.yaml', deployment()), '--service-accounts', '-'], account())).toMatchObject({ status: 0, stdout: deployment() + ADDED, stderr: '' });
    });

    test('takes nothing for nothing', () => {
      expect(spawn([], '')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    });

    test('takes more than a pipe holds', () => {
      const text = stream(account(), `a: "${'é'.repeat(3_000_000)}"\n`, deployment());

      expect(spawn([], text).stdout === stream(account(), `a: "${'é'.repeat(3_000_000)}"\n`, deployment() + ADDED)).toBe(true);
    });

    test('says nothing when nobody reads to the end', () => {
      const input = file('large.yaml', stream(account(), `a: "${'x'.repeat(3_000_000)}"\n`));
      const code = `process.argv.splice(1, 0, ${JSON.stringify(MAIN)});require(${JSON.stringify(MAIN)});`;
      const { stdout, stderr } = spawnSync('sh', ['-c', '"$0" -r "$1" -e "$2" -- inject "$3" | head -c 3', process.execPath, TSX, code, input], { encoding: 'utf8', cwd: ROOT });

      expect([stdout, stderr]).toEqual(['---', '']);
    });

    test('fails with the place in standard input, and exits with 1', () => {
      expect(spawn([], 'a: 1\nb: "\n')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^cdk-irsa: standard input:\d:\d+: [^\n]+\n$/) as string });
    });

    test('loads neither aws-cdk-lib nor constructs nor cdk8s, so that it starts fast and needs none of them', () => {
      const { status, stderr } = spawn([], stream(account(), deployment()), "process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))))");
      const loaded = JSON.parse(stderr) as string[];

      expect(status).toBe(0);
      expect(loaded.some(name => name.endsWith(path.join('webhook', 'inject-pod.ts')))).toBe(true);
      expect(loaded.filter(name => /node_modules.(aws-cdk-lib|@aws-cdk|constructs|cdk8s|cdk8s-plus-28)./.test(name))).toEqual([]);
    });
  });
});
