import fc from 'fast-check';
import { generateRoleName, type RoleNameParts, validateRoleName } from '../../src/iam/role-name';

const PARTS: RoleNameParts = { stackName: 'Shop', path: 'Reader', account: '111111111111', region: 'eu-west-1' };

describe('a generated name', () => {
  // FROZEN: computed apart from the code, by python's hashlib. Another name replaces the roles of every user: never adapt these.
  test.each([
    [{ stackName: 'Shop', path: 'Reader', account: '111111111111', region: 'eu-west-1' }, 'Shop-Reader-4674644a39'],
    [{ stackName: 'Shop', path: 'reader', account: '111111111111', region: 'eu-west-1' }, 'Shop-reader-e94690b857'],
    [{ stackName: 'Shop', path: 'Reader', account: '222222222222', region: 'eu-west-1' }, 'Shop-Reader-bfe3cee092'],
    [{ stackName: 'Shop', path: 'Reader', account: '111111111111', region: 'us-east-1' }, 'Shop-Reader-2357d34470'],
    [{ stackName: 'Prod-Shop', path: 'Frontend/Api/Reader', account: '111111111111', region: 'cn-north-1' }, 'Prod-Shop-Frontend-Api-Reader-2f5e3e4506'],
    [{ stackName: 'Shop', path: 'Nested.NestedStack/_reader-', account: '111111111111', region: 'us-gov-west-1' }, 'Shop-Nested-NestedStack-reader-58f7e7ffc9'],
    [{ stackName: 'Shop', path: 'Lesegerät/日本', account: '111111111111', region: 'eusc-de-east-1' }, 'Shop-Leseger-t-e69ef99920'],
    [{ stackName: 'Platform-Production-Kubernetes-Stack', path: 'Monitoring/Prometheus/Cortex/LongTermStorage/BucketReader', account: '333333333333', region: 'ap-southeast-2' }, 'Platform-Production-Kubern-ngTermStorage-BucketReader-4043564781'],
    [{ stackName: 'S', path: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', account: '111111111111', region: 'eu-west-1' }, 'S-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-0e089ad6e6'],
    [{ stackName: 'S', path: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', account: '111111111111', region: 'eu-west-1' }, 'S-aaaaaaaaaaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaa-b53b7b8791'],
  ])('of %j stays %s', (parts, name) => {
    expect(generateRoleName(parts)).toBe(name);
  });

  test.each([
    ['stack', { stackName: 'shop' }],
    ['path', { path: 'reader' }],
    ['account', { account: '222222222222' }],
    ['region', { region: 'us-east-1' }],
  ])('differs by %s', (_, change) => {
    expect(generateRoleName({ ...PARTS, ...change }).toLowerCase()).not.toBe(generateRoleName(PARTS).toLowerCase());
  });

  test('tells apart what only joins to the same', () => {
    const names = [
      { ...PARTS, stackName: 'Shop', path: 'A/Reader' },
      { ...PARTS, stackName: 'Shop-A', path: 'Reader' },
      { ...PARTS, stackName: 'Shop', path: 'A-Reader' },
      { ...PARTS, stackName: 'Shop', path: 'A_Reader' },
    ].map(generateRoleName);

    expect(new Set(names).size).toBe(names.length);
  });

  test('keeps both ends of what is too long', () => {
    const name = generateRoleName({ ...PARTS, stackName: 'Beginning'.padEnd(100, 'x'), path: 'Middle/'.repeat(20) + 'End' });

    expect(name).toHaveLength(64);
    expect(name).toMatch(/^Beginning.*End-[0-9a-f]{10}$/);
  });
});

describe('properties', () => {
  const id = fc.oneof(fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/), fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }));
  const parts: fc.Arbitrary<RoleNameParts> = fc.record({
    stackName: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,127}$/),
    path: fc.array(id, { minLength: 1, maxLength: 6 }).map(ids => ids.join('/')),
    account: fc.constantFrom('111111111111', '222222222222'),
    region: fc.constantFrom('eu-west-1', 'us-east-1', 'us-gov-west-1'),
  });

  test('is legal, has 64 characters at most, and is the same every time', () => {
    fc.assert(fc.property(parts, value => {
      const name = generateRoleName(value);
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]*[0-9a-f]{10}$/);
      expect(name.length).toBeLessThanOrEqual(64);
      expect(validateRoleName(name)).toBe(name);
      expect(generateRoleName({ ...value })).toBe(name);
    }), { numRuns: 1000 });
  });

  test('is unique, whatever the case', () => {
    fc.assert(fc.property(fc.uniqueArray(parts, { minLength: 2, maxLength: 60, selector: value => JSON.stringify(value) }), values => {
      expect(new Set(values.map(value => generateRoleName(value).toLowerCase())).size).toBe(values.length);
    }));
  });

  test('is unique where paths differ in case only', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,20}){0,3}$/), path => {
      const names = [path, path.toUpperCase(), path[0].toUpperCase() + path.slice(1)].map(it => generateRoleName({ ...PARTS, path: it }));
      const paths = new Set([path, path.toUpperCase(), path[0].toUpperCase() + path.slice(1)]);
      expect(new Set(names.map(name => name.toLowerCase())).size).toBe(paths.size);
    }));
  });
});

describe('a name given by the user', () => {
  test.each([
    ['one character', 'r'],
    ['64 characters', 'r'.repeat(64)],
    ['all that IAM takes', 'Reader_1+=,.@-'],
  ])('may have %s', (_, name) => {
    expect(validateRoleName(name)).toBe(name);
  });

  test.each([
    ['empty', ''],
    ['65 characters long', 'r'.repeat(65)],
    ['with a slash', 'team/reader'],
    ['with a blank', 'my reader'],
    ['with a colon', 'a:b'],
    ['with a wildcard', 'reader*'],
    ['with Unicode', 'lesegerät'],
    ['with a line break at the end', 'reader\n'],
  ])('fails when it is %s', (_, name) => {
    expect(() => validateRoleName(name)).toThrow(`'${name}' (${name.length} characters) is not a role name: 1 to 64 letters, digits and _+=,.@-`);
    expect(() => validateRoleName(name)).toThrow('shorten it, or leave roleName out for a generated name');
  });
});
