import { isNamespaceName, isServiceAccountName } from '../../src/identity/kubernetes-names';

describe('names of namespaces', () => {
  test.each([
    ['one letter', 'a'],
    ['one digit', '0'],
    ['63 characters', 'a'.repeat(63)],
    ['digits at both ends', '1a-b2'],
    ['two dashes in a row', 'a--b'],
  ])('%s is one', (_, name) => {
    expect(isNamespaceName(name)).toBe(true);
  });

  test.each([
    ['the empty string', ''],
    ['64 characters', 'a'.repeat(64)],
    ['upper case', 'Default'],
    ['a dot', 'kube.system'],
    ['an underscore', 'kube_system'],
    ['a dash at the beginning', '-a'],
    ['a dash at the end', 'a-'],
    ['a slash', 'a/b'],
    ['a colon', 'a:b'],
    ['a blank', 'a b'],
    ['a line break at the end', 'a\n'],
    ['a letter with an accent', 'é'],
    ['a digit of another script', '٣'],
    ['a *', '*'],
    ['a ?', 'a?'],
  ])('%s is none', (_, name) => {
    expect(isNamespaceName(name)).toBe(false);
  });
});

describe('names of service accounts', () => {
  test.each([
    ['one letter', 'a'],
    ['one digit', '0'],
    ['253 characters', 'a'.repeat(253)],
    ['253 characters in parts', `${'a'.repeat(126)}.${'b'.repeat(126)}`],
    ['dots', 'a.b.c'],
    ['what Kubernetes makes itself', 'system-node-critical.v1'],
  ])('%s is one', (_, name) => {
    expect(isServiceAccountName(name)).toBe(true);
  });

  test.each([
    ['the empty string', ''],
    ['254 characters', 'a'.repeat(254)],
    ['upper case', 'Reader'],
    ['a dot at the beginning', '.a'],
    ['a dot at the end', 'a.'],
    ['two dots in a row', 'a..b'],
    ['a part that ends in a dash', 'a-.b'],
    ['a part that begins with a dash', 'a.-b'],
    ['an underscore', 'a_b'],
    ['a colon', 'a:b'],
    ['a line break at the end', 'a\n'],
    ['a letter of another script', 'а'],
    ['a *', 'a*'],
    ['a ?', '?'],
  ])('%s is none', (_, name) => {
    expect(isServiceAccountName(name)).toBe(false);
  });
});
