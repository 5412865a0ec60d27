import { Aws, Lazy } from 'aws-cdk-lib';
import fc from 'fast-check';
import { ServiceAccountSubject } from '../../src';

describe('one service account', () => {
  test('has the claim that Kubernetes puts into its tokens', () => {
    const subject = ServiceAccountSubject.of('default', 's3-reader');

    expect(subject.claim).toBe('system:serviceaccount:default:s3-reader');
    expect(subject).toMatchObject({ namespace: 'default', name: 's3-reader', isPattern: false });
    expect(subject.toString()).toBe('default/s3-reader');
    expect(`${subject}`).toBe('default/s3-reader');
  });

  test.each([
    ['a namespace of 1 character', 'a', 'reader'],
    ['a namespace of 63 characters', 'n'.repeat(63), 'reader'],
    ['a name of 1 character', 'default', '0'],
    ['a name of 253 characters', 'default', 'r'.repeat(253)],
    ['a name with dots', 'default', 'reader.v1.example.com'],
  ])('may have %s', (_, namespace, name) => {
    expect(ServiceAccountSubject.of(namespace, name).claim).toBe(`system:serviceaccount:${namespace}:${name}`);
  });

  test.each([
    ['empty', ''],
    ['64 characters long', 'n'.repeat(64)],
    ['in upper case', 'Default'],
    ['dotted', 'kube.system'],
    ['Unicode', 'größe'],
    ['beginning with a dash', '-a'],
    ['ending with a dash', 'a-'],
    ['trailed by a line break', 'default\n'],
    ['carrying a colon', 'a:b'],
    ['carrying a blank', ' default'],
  ])('fails when the namespace is %s', (_, namespace) => {
    expect(() => ServiceAccountSubject.of(namespace, 'reader')).toThrow(`'${namespace}' is not a namespace name: 1 to 63 lower-case letters, digits and dashes`);
  });

  test.each([
    ['empty', ''],
    ['254 characters long', 'r'.repeat(254)],
    ['in upper case', 'Reader'],
    ['Unicode', 'lesegerät'],
    ['with an empty part', 'a..b'],
    ['ending with a dot', 'a.'],
    ['carrying a colon', 'a:b'],
    ['carrying a slash', 'a/b'],
  ])('fails when the name is %s', (_, name) => {
    expect(() => ServiceAccountSubject.of('default', name)).toThrow(`'${name}' is not a service account name: 1 to 253 lower-case letters, digits, dashes and dots`);
  });

  test.each([
    ['namespace', () => ServiceAccountSubject.of('team-*', 'reader'), "'team-*' is not a namespace name"],
    ['namespace', () => ServiceAccountSubject.of('team-?', 'reader'), "'team-?' is not a namespace name"],
    ['name', () => ServiceAccountSubject.of('default', '*'), "'*' is not a service account name"],
    ['name', () => ServiceAccountSubject.of('default', 'read?r'), "'read?r' is not a service account name"],
  ])('fails when the %s has a wildcard, and names the factories for it', (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow('for wildcards use ServiceAccountSubject.anyInNamespace or ServiceAccountSubject.matching');
  });

  test('does not speak of wildcards where there are none', () => {
    expect(() => ServiceAccountSubject.of('Default', 'reader')).not.toThrow(/wildcard/);
    expect(() => ServiceAccountSubject.of('Default', 'reader')).toThrow(/letter or digit$/);
  });

  test.each([
    ['namespace', () => ServiceAccountSubject.of(Aws.STACK_NAME, 'reader')],
    ['service account name', () => ServiceAccountSubject.of('default', Aws.STACK_NAME)],
    ['service account name', () => ServiceAccountSubject.of('default', `reader-${Lazy.string({ produce: () => 'a' })}`)],
    ['namespace', () => ServiceAccountSubject.anyInNamespace(Aws.STACK_NAME)],
    ['namespace', () => ServiceAccountSubject.matching(Aws.STACK_NAME, 'a*')],
    ['service account name', () => ServiceAccountSubject.matching('a*', Aws.STACK_NAME)],
  ])('fails when the %s is a token', (what, make) => {
    expect(make).toThrow(new RegExp(`^${what} .*Token.* is known only at deployment, .*pass a literal$`));
  });
});

describe('any service account of a namespace', () => {
  test('is a pattern', () => {
    expect(ServiceAccountSubject.anyInNamespace('default')).toMatchObject({
      claim: 'system:serviceaccount:default:*', namespace: 'default', name: '*', isPattern: true,
    });
  });

  test.each(['*', 'team-*', '?', '', 'Default', 'n'.repeat(64), 'default:a'])('fails when the namespace is %j', namespace => {
    expect(() => ServiceAccountSubject.anyInNamespace(namespace)).toThrow(`'${namespace}' is not a namespace name`);
  });
});

describe('service accounts that match', () => {
  test.each([
    ['team-*', 'reader'],
    ['default', 'reader-*'],
    ['default', 'read?r'],
    ['team-?', '*'],
    ['*', 'reader'],
    ['**', 'r*'],
    ['n'.repeat(62) + '*', '*'],
    ['a*', 'r'.repeat(252) + '*'],
    ['*-prod', '*.v1'],
  ])('%s and %s are a pattern', (namespace, name) => {
    expect(ServiceAccountSubject.matching(namespace, name)).toMatchObject({
      claim: `system:serviceaccount:${namespace}:${name}`, namespace, name, isPattern: true,
    });
  });

  test.each([
    ['*', '*'],
    ['**', '*'],
    ['*', '**'],
    ['?*', '*'],
    ['*', '?*'],
    ['*?', '?*?'],
  ])('fails when %s and %s match every service account', (namespace, name) => {
    expect(() => ServiceAccountSubject.matching(namespace, name)).toThrow(`'${namespace}' and '${name}' together match every service account of the cluster`);
    expect(() => ServiceAccountSubject.matching(namespace, name)).toThrow('name the namespace or the account, at least in part');
  });

  test('fails when there is no wildcard, and names the factory for that', () => {
    expect(() => ServiceAccountSubject.matching('default', 'reader'))
      .toThrow("'default' and 'reader' contain no wildcard; use ServiceAccountSubject.of('default', 'reader')");
  });

  test.each([
    ['namespace', '', 'a*', "'' is not a pattern of a namespace"],
    ['namespace', 'n'.repeat(63) + '*', 'a', '1 to 63 of the characters a name may have, and * and ?'],
    ['namespace', 'Team-*', 'a', "'Team-*' is not a pattern of a namespace"],
    ['namespace', 'a.*', 'a', "'a.*' is not a pattern of a namespace"],
    ['namespace', 'a:*', 'a', "'a:*' is not a pattern of a namespace"],
    ['namespace', '${aws:x}*', 'a', "'${aws:x}*' is not a pattern of a namespace"],
    ['name', 'a*', '', "'' is not a pattern of a service account name"],
    ['name', 'a*', 'r'.repeat(253) + '*', '1 to 253 of the characters a name may have, and * and ?'],
    ['name', 'a', 'Reader*', "'Reader*' is not a pattern of a service account name"],
    ['name', 'a', 'a:*', "'a:*' is not a pattern of a service account name"],
    ['name', 'a', '[a-z]*', "'[a-z]*' is not a pattern of a service account name"],
    ['name', 'a', 'a*\n', 'is not a pattern of a service account name'],
  ])('fails when the pattern of the %s is none', (_, namespace, name, message) => {
    expect(() => ServiceAccountSubject.matching(namespace, name)).toThrow(message);
  });
});

describe('includes', () => {
  const reader = ServiceAccountSubject.of('default', 'reader');

  test.each([
    ['itself', reader, reader, true],
    ['its equal', reader, ServiceAccountSubject.of('default', 'reader'), true],
    ['another name', reader, ServiceAccountSubject.of('default', 'reader2'), false],
    ['another namespace', reader, ServiceAccountSubject.of('other', 'reader'), false],
    ['an account of its namespace', ServiceAccountSubject.anyInNamespace('default'), reader, true],
    ['an account of another namespace', ServiceAccountSubject.anyInNamespace('default'), ServiceAccountSubject.of('default2', 'reader'), false],
    ['an account that matches', ServiceAccountSubject.matching('d*t', 'read?r'), reader, true],
    ['an account with a shorter name', ServiceAccountSubject.matching('default', 'reader?'), reader, false],
    ['an account whose name alone matches', ServiceAccountSubject.matching('team-*', 'reader'), reader, false],
    ['a pattern that it is an instance of', reader, ServiceAccountSubject.anyInNamespace('default'), false],
    ['the same pattern', ServiceAccountSubject.anyInNamespace('default'), ServiceAccountSubject.matching('default', '*'), true],
    ['a pattern that only looks like an instance', ServiceAccountSubject.matching('default', 'r?'), ServiceAccountSubject.matching('default', 'r*'), false],
    ['a wider pattern', ServiceAccountSubject.matching('default', 'r*'), ServiceAccountSubject.anyInNamespace('default'), false],
  ])('%s', (_, subject, other, expected) => {
    expect(subject.includes(other)).toBe(expected);
  });
});

describe('properties', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 70 }),
    fc.string({ unit: fc.constantFrom('a', '0', '-', '.', 'A', '*', '?', ':'), maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', '0', '-'), minLength: 60, maxLength: 66 }),
    fc.string({ unit: fc.constantFrom('a', '-', '.'), minLength: 250, maxLength: 256 }),
  );
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);

  test('takes as a namespace what Kubernetes takes, and nothing else', () => {
    fc.assert(fc.property(anything, namespace => {
      expect(succeeds(() => ServiceAccountSubject.of(namespace, 'a'))).toBe(namespace.length <= 63 && isLabel(namespace));
    }), { numRuns: 2000 });
  });

  test('takes as a name what Kubernetes takes, and nothing else', () => {
    fc.assert(fc.property(anything, name => {
      expect(succeeds(() => ServiceAccountSubject.of('a', name))).toBe(name.length <= 253 && name.split('.').every(isLabel));
    }), { numRuns: 2000 });
  });

  test('a claim tells its namespace and its name', () => {
    fc.assert(fc.property(label, label, (namespace, name) => {
      expect(ServiceAccountSubject.of(namespace, name).claim.split(':')).toEqual(['system', 'serviceaccount', namespace, name]);
    }));
  });

  test('no pattern that is taken includes every service account', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', '0', '-', '*', '?'), minLength: 1, maxLength: 4 });
    const population = ['a', '0', 'aaaaaaaa', '00000000', 'zzzzzzzz', 'z'].flatMap(
      namespace => ['a', '0', 'aaaaaaaa', '00000000', 'zzzzzzzz', 'z'].map(name => ServiceAccountSubject.of(namespace, name)));
    fc.assert(fc.property(pattern, pattern, (namespacePattern, namePattern) => {
      fc.pre(succeeds(() => ServiceAccountSubject.matching(namespacePattern, namePattern)));
      const subject = ServiceAccountSubject.matching(namespacePattern, namePattern);
      expect(population.every(account => subject.includes(account))).toBe(false);
    }));
  });
});

function succeeds(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

function isLabel(value: string): boolean {
  const isAlphanumeric = (character: string) => 'abcdefghijklmnopqrstuvwxyz0123456789'.includes(character);
  return value.length > 0 && isAlphanumeric(value[0]) && isAlphanumeric(value[value.length - 1])
    && [...value].every(character => character === '-' || isAlphanumeric(character));
}

test.each([['*-*', '*'], ['*', '*.*'], ['?-*', '**']])('fails when %s and %s name nothing: kube-system is among them', (namespace, name) => {
  expect(() => ServiceAccountSubject.matching(namespace, name)).toThrow(/together match every service account of the cluster/);
});
