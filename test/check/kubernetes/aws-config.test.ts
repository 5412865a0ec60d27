import { awsConfigsOf } from '../../../src/check/kubernetes/aws-config';
import { objectsOf } from '../../../src/check/kubernetes/objects';

function profilesOf(text: unknown): Record<string, Record<string, string>> {
  const value = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'aws' }, data: { config: text } };
  const [config] = awsConfigsOf(objectsOf([{ source: { file: 'a.yaml', document: 0 }, value }], new Map()));
  return Object.fromEntries([...config?.profiles ?? []].map(([name, { settings }]) => [name, Object.fromEntries(settings)]));
}

test.each<[string, unknown, object]>([
  ['profiles', '[default]\nrole_arn = a\n[profile next]\nrole_arn=b\nsource_profile = default\n', { default: { role_arn: 'a' }, next: { role_arn: 'b', source_profile: 'default' } }],
  ['blanks, and lines of Windows', '[ profile  a b ]  \r\nROLE_ARN =  x = y \r\n', { 'a b': { role_arn: 'x = y' } }],
  ['a profile in two parts', '[a]\nrole_arn = x\n[b]\n[a]\nregion = y\n', { a: { role_arn: 'x', region: 'y' }, b: {} }],
  ['comments and settings within settings', '[a]\n# role_arn = b\n; role_arn = c\nrole_arn = d\ns3 =\n  role_arn = e\n', { a: { role_arn: 'd', s3: '' } }],
  ['sections that are no profiles', '[sso-session s]\nrole_arn = a\n[services t]\nrole_arn = b\n[c]\nrole_arn = d\n', { c: { role_arn: 'd' } }],
  ['lines without a name', '[a]\n= b\nrole_arn\n[\nrole_arn = c\n', { a: { role_arn: 'c' } }],
  ['no role', '[a]\nregion = b\n', {}],
  ['a role outside of sections', 'role_arn = a\n', {}],
  ['something else', 7, {}],
])('%s', (_, text, profiles) => {
  expect(profilesOf(text)).toEqual(profiles);
});

test.each<[string, string]>([
  ['empty lines', '\n'.repeat(300_000)],
  ['a line of blanks', `a${' '.repeat(300_000)}b`],
  ['a line of blanks before the sign', `a${' '.repeat(300_000)}=${' '.repeat(300_000)}b`],
  ['a section of blanks', `[${' '.repeat(300_000)}x`],
])('%s are read in one go', (_, text) => {
  const started = process.cpuUsage();

  expect(profilesOf(`[a]\nrole_arn = x\n${text}`)).toMatchObject({ a: { role_arn: 'x' } });
  // the square of it would be minutes
  expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
});
