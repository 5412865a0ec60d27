import { check } from '../../../src/check/check';
import { scopesOf } from '../../../src/check/template/scopes';
import { isUnresolved } from '../../../src/check/unresolved';

type Link = (before: string) => unknown;

/** Resources that each have a name made of the one before, and one beside them that stays known. */
function chain(length: number, link: Link): object {
  const named = (RoleName: unknown) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } } });
  return {
    Parameters: { Open: { Type: 'String' } },
    Conditions: { Open: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] } },
    Resources: Object.fromEntries(Array.from({ length }, (_, index) => [`R${index}`, named(index === 0 ? 'a' : link(`R${index - 1}`))])),
  };
}

const input = (value: object, stackName = 'stack') => ({ source: { file: 'a.json', document: 0 }, value, account: '111122223333', region: 'eu-west-1', stackName });

const LINKS: Array<[string, Link]> = [
  ['Fn::Join', before => ({ 'Fn::Join': ['', [{ Ref: before }, { Ref: before }]] })],
  ['Fn::Sub', before => ({ 'Fn::Sub': `\${${before}}\${${before}}` })],
  ['Fn::If', before => ({ 'Fn::If': ['Open', { Ref: before }, { Ref: before }] })],
  ['Fn::GetAtt', before => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [before, 'Arn'] }, { 'Fn::GetAtt': `${before}.Arn` }]] })],
];

test.each(LINKS)('names that double with each %s are worked out once, and are not known when they get too long', (_, link) => {
  const started = process.cpuUsage();
  const [scope] = scopesOf([input(chain(60, link))]);
  const names = scope.resources.map(([id]) => scope.text({ Ref: id })!);

  expect(names.every(name => name.length <= 64 * 1024)).toBe(true);
  expect(names[0]).toBe('a');
  expect(() => check({ templates: [input(chain(60, link))], manifests: [] })).not.toThrow();
  // 2^59 steps would not end
  expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
});

test('a text of 64 KiB is known, and a longer one is not', () => {
  const [scope] = scopesOf([input(chain(1, () => 'a'))]);
  const text = (length: number) => isUnresolved(scope.text({ 'Fn::Join': ['', ['a'.repeat(length)]] })!);

  expect([text(64 * 1024), text(64 * 1024 + 1)]).toEqual([false, true]);
});

test('what lies too deep from one side is known from another', () => {
  const [scope] = scopesOf([input(chain(60, before => ({ 'Fn::Join': ['', [{ Ref: before }]] })))]);

  expect(isUnresolved(scope.text({ Ref: 'R59' })!)).toBe(true);
  expect(scope.text({ Ref: 'R5' })).toBe('a');
});

test('exports that double with each stack are worked out once, and a long chain of them ends', () => {
  const imports = (name: string) => ({ 'Fn::Join': ['', [{ 'Fn::ImportValue': name }, { 'Fn::ImportValue': name }]] });
  const stack = (index: number) => input({ Outputs: { Out: { Value: index === 0 ? 'a' : imports(`E${index - 1}`), Export: { Name: `E${index}` } } } }, `stack${index}`);
  const scopes = scopesOf(Array.from({ length: 2000 }, (_, index) => stack(index)));

  expect(scopes[0].text({ 'Fn::ImportValue': 'E10' })).toBe('a'.repeat(1024));
  expect(isUnresolved(scopes[0].text({ 'Fn::ImportValue': 'E30' })!)).toBe(true);
  expect(isUnresolved(scopes[0].text({ 'Fn::ImportValue': 'E1999' })!)).toBe(true);
});
