import * as fs from 'node:fs';
import * as path from 'node:path';
import { shell as shellOf } from './shell';
import { temporaryFolder } from '../k8s/helpers';
import { BASE, deployment, ISSUER, namespace, serviceAccount } from '../migrate/kiam/manifests';

const shell = (...args: string[]) => shellOf('import', 'kiam', ...args, '--issuer', ISSUER);

describe('cdk-irsa import kiam', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  const at = (...names: string[]): string => path.join(folder, ...names);
  const read = (...names: string[]): string => fs.readFileSync(at(...names), 'utf8');

  function file(name: string, content: string): string {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.writeFileSync(at(name), content);
    return at(name);
  }

  const WEB = deployment('web', `${BASE}reader`);
  const AFTER = deployment('web', undefined, 'serviceAccountName: web');

  test('explains its options, with examples', async () => {
    const { code, out } = await shellOf('import', 'kiam', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--issuer <url>[^]*--base-role-arn <arn>[^]*--account-details <file>[^]*--keep[^]*--output-dir <folder>[^]*--write[^]*npx cdk-irsa import kiam manifests --issuer URL --write/);
    expect((await shellOf('import', '--help')).out).toContain('kiam');
  });

  test('writes nothing unless it is told where', async () => {
    const input = file('in/web.yaml', WEB);
    const { code, out, err } = await shell(at('in'));

    expect(code).toBe(0);
    expect(out).toMatch(/^apps\/web \(made by the app\): apps-web-\w+ instead of arn:\S+, for Deployment apps\/web\nnothing is written; pass --output-dir [^]*\n$/);
    expect(err).toMatch(/^cdk-irsa: note: what roles kiam permits in apps is not known[^]*\ncdk-irsa: note: what arn:\S+ may do is not known[^]*\n$/);
    expect(fs.readFileSync(input, 'utf8')).toBe(WEB);
    expect(fs.readdirSync(folder)).toEqual(['in']);
  });

  test('--output-dir has the app, and the manifests that change', async () => {
    file('in/a/web.yaml', WEB);
    file('in/other.yaml', deployment('other'));
    const { code, out } = await shell(at('in'), '--output-dir', at('out'));

    expect(code).toBe(0);
    expect(out.split('\n').slice(1, -1)).toEqual(['app.ts', 'cdk.json', 'package.json', 'tsconfig.json', 'manifests/a/web.yaml'].map(name => at('out', name)));
    expect(read('out', 'manifests', 'a', 'web.yaml')).toBe(AFTER);
    expect(read('in', 'a', 'web.yaml')).toBe(WEB);
    expect(read('out', 'app.ts')).toContain("ServiceAccountSubject.of('apps', 'web')");
    expect(JSON.parse(read('out', 'package.json'))).toMatchObject({ name: 'kiam-migration', dependencies: { 'cdk-irsa': expect.anything() as unknown } });
  });

  test('--write changes the manifests where they are, behind links too', async () => {
    file('real/web.yaml', WEB);
    fs.mkdirSync(at('in'));
    fs.symlinkSync(at('real', 'web.yaml'), at('in', 'web.yaml'));
    const { code, out } = await shell(at('in'), '--write');

    expect(code).toBe(0);
    expect(out).toContain(`${fs.realpathSync(at('real', 'web.yaml'))}\n`);
    expect(read('real', 'web.yaml')).toBe(AFTER);
    expect(fs.lstatSync(at('in', 'web.yaml')).isSymbolicLink()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['in', 'real']);
  });

  test('--write keeps the permissions of files', async () => {
    fs.chmodSync(file('in/web.yaml', WEB), 0o600);
    fs.chmodSync(file('in/job.yaml', deployment('job', `${BASE}writer`)), 0o666);
    expect((await shell(at('in'), '--write')).code).toBe(0);
    expect(['web.yaml', 'job.yaml'].map(name => (fs.statSync(at('in', name)).mode % 0o1000).toString(8))).toEqual(['600', '666']);
  });

  test('two steps, into the same folder', async () => {
    file('in/web.yaml', WEB);
    await shell(at('in'), '--output-dir', at('out'), '--write', '--keep');
    expect(read('in', 'web.yaml')).toBe(deployment('web', `${BASE}reader`, 'serviceAccountName: web'));
    expect(fs.existsSync(at('out', 'manifests'))).toBe(false);
    const { code } = await shell(at('in'), '--output-dir', at('out'), '--write');
    expect(code).toBe(0);
    expect(read('in', 'web.yaml')).toBe(AFTER);
    expect((await shell(at('in'))).out).toBe('no pods can be moved\n');
  });

  test("the guide's steps: keep, work on the app, then the same without --keep", async () => {
    file('in/web.yaml', WEB);
    await shell(at('in'), '--output-dir', at('out'), '--keep');
    expect(read('out', 'manifests', 'web.yaml')).toContain('iam.amazonaws.com/role');
    file('out/app.ts', `${read('out', 'app.ts')}// permissions\n`);
    file('out/package.json', '{}');
    const { code, err } = await shell(at('in'), '--output-dir', at('out'));

    expect(code).toBe(0);
    expect(err).toContain(`cdk-irsa: note: ${at('out', 'app.ts')} is there already, and says something else than what this run would write: it stays as it is`);
    expect(read('out', 'app.ts')).toMatch(/\/\/ permissions\n$/);
    expect(read('out', 'package.json')).toBe('{}');
    expect(read('out', 'manifests', 'web.yaml')).toBe(AFTER);
    expect((await shell(at('in'), '--output-dir', at('out'), '--keep')).code).toBe(0);
  });

  test('--output-dir in a folder of manifests is not read a second time, which is said', async () => {
    file('web.yaml', WEB);
    expect((await shell(folder, '--output-dir', at('irsa'))).code).toBe(0);
    const { code, out, err } = await shell(folder, '--output-dir', at('irsa'));

    expect(code).toBe(0);
    expect(out).toContain('for Deployment apps/web\n');
    expect(err).toContain(`note: ${at('irsa')} is in a folder of manifests, and is the output folder: 1 manifest in it was not read\n`);
    expect(fs.existsSync(at('irsa', 'manifests', 'irsa'))).toBe(false);
  });

  test('manifests in JSON are read in folders, too', async () => {
    const template = { metadata: { annotations: { 'iam.amazonaws.com/role': `${BASE}reader` } }, spec: { containers: [] } };
    file('in/web.json', JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'apps' }, spec: { template } }));
    file('in/package.json', '{ // not even JSON');
    expect((await shell(at('in'))).out).toContain('for Deployment apps/web\n');
  });

  test('a file that is named twice counts once', async () => {
    const input = file('in/web.yaml', WEB);
    expect((await shell(at('in'), input)).out).toContain('for Deployment apps/web\n');
  });

  test('says what stays as it is, and ends with 2', async () => {
    file('in/web.yaml', [WEB, deployment('job', `${BASE}writer`)].join('---\n'));
    file('in/namespace.yaml', namespace('iam.amazonaws.com/permitted: reader'));
    const { code, err } = await shell(at('in'), '--output-dir', at('out'));

    expect(code).toBe(2);
    expect(err).toMatch(/^cdk-irsa: stays as it is: \S+web\.yaml:12:1: Deployment apps\/job asks for \S+writer, and kiam does not give it/);
    expect(read('out', 'manifests', 'web.yaml')).toBe([AFTER, deployment('job', `${BASE}writer`)].join('---\n'));
  });

  test('knows all its options', async () => {
    const text = deployment('web', 'reader').replace('apps/v1', 'example.com/v1').replace('Deployment', 'Runner').replace(', namespace: apps', '');
    const details = file('roles.json', JSON.stringify({ RoleDetailList: [{ Arn: `${BASE}reader` }] }));
    const { code, err } = await shell(file('in/web.yaml', text), file('in/ns.yaml', namespace('iam.amazonaws.com/permitted: read, iam.amazonaws.com/allowed-roles: \'["r.*r"]\'')),
      '-n', 'apps', '--pod-template', 'Runner=spec.template', '--base-role-arn', BASE, '--region', 'eu-central-1', '--account-details', details,
      '--disable-strict-namespace-regexp', '--namespace-restriction-format', 'regexp', '--output-dir', at('out'));

    expect([code, err]).toEqual([0, expect.stringMatching(/^cdk-irsa: note: pods of apps\/web keep the token [^\n]*\n$/)]);
    expect(read('out', 'app.ts')).toContain("region: 'eu-central-1'");
  });

  describe('fails, and writes nothing, when', () => {
    test('there is another project', async () => {
      file('in/web.yaml', WEB);
      file('out/package.json', '{"name": "mine"}');
      const { code, out, err } = await shell(at('in'), '--output-dir', at('out'));
      expect([code, out]).toEqual([1, '']);
      expect(err).toBe(`cdk-irsa: ${at('out', 'package.json')} is there already, and says something else; name another --output-dir, or leave it out to change manifests only\n`);
      expect(fs.readdirSync(at('out'))).toEqual(['package.json']);
    });

    test('there is another manifest', async () => {
      file('in/web.yaml', WEB);
      file('out/manifests/web.yaml', 'mine: true\n');
      const { code, err } = await shell(at('in'), '--output-dir', at('out'));
      expect([code, err]).toEqual([1, `cdk-irsa: ${at('out', 'manifests', 'web.yaml')} is there already, and says something else; name another --output-dir, or remove it\n`]);
      expect(fs.readdirSync(at('out'))).toEqual(['manifests']);
      file('out/manifests/web.yaml', WEB);
      expect((await shell(at('in'), '--output-dir', at('out'))).code).toBe(0);
    });

    test('two manifests would be one file', async () => {
      const { code, err } = await shell(file('a/web.yaml', WEB), file('b/web.yaml', serviceAccount('x') + '---\n' + WEB.replace('name: web', 'name: two')), '--output-dir', at('out'));
      expect(code).toBe(1);
      expect(err).toContain(`${at('a', 'web.yaml')} and ${at('b', 'web.yaml')} would both be written to ${at('out', 'manifests', 'web.yaml')}`);
      expect(fs.existsSync(at('out'))).toBe(false);
    });

    test('a manifest would be replaced without --write', async () => {
      file('manifests/web.yaml', WEB);
      const { code, err } = await shell(at('manifests'), '--output-dir', folder);
      expect([code, err]).toEqual([1, `cdk-irsa: ${at('manifests', 'web.yaml')} would be replaced; that is what --write is for, else choose another --output-dir\n`]);
    });

    test.each([
      [['missing.yaml'], 'missing.yaml does not exist'],
      [['--account-details', 'missing.json'], "ENOENT: no such file or directory, open 'missing.json'"],
      [['--namespace-restriction-format', 'x'], 'Allowed choices are glob, regexp'],
      [['--pod-template', 'x'], "--pod-template is 'x'"],
    ])('%j', async (args, message) => {
      const { code, err } = await shell(file('in/web.yaml', WEB), ...args);
      expect(code).toBe(1);
      expect(err).toContain(message);
    });

    test('no issuer is named', async () => {
      expect((await shellOf('import', 'kiam', file('web.yaml', WEB))).err).toContain("required option '--issuer <url>' not specified");
    });
  });
});
