import { CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import {
  MAX_CHAINED_SECONDS, MAX_SESSION_SECONDS, sessionSeconds, validateExternalId, validateOrganizationId, validateProfileName, validateRegion,
  validateRoleSessionName, validateSessionTagKeys,
} from '../../src/identity/assume-role-parameters';

const TOKEN = Token.asString({ Ref: 'Parameter' });

describe('profile names', () => {
  test.each(['default', 'a', '1', 'account-a-admin', 'a.b', 'a_b', 'a/b:c@d%e+f', 'constructor', 'toString', 'DEFAULT', 'profile', 'profile-a', 'x'.repeat(128)])('%s is taken', name => {
    expect(validateProfileName(name)).toBe(name);
  });

  test.each([
    '', ' ', 'a b', 'a\tb', ' a', 'a ', 'a\n[profile evil]', 'a\r', 'a]', '[a', 'a"b', "a'b", 'a\\b', 'a#b', 'a;b', 'a=b', 'a,b', 'ä', 'a\u0000', 'a\u00a0b', '__proto__', 'x'.repeat(129),
  ])('fails for %j, which some SDK would not find', name => {
    expect(() => validateProfileName(name)).toThrow('is not a profile name: 1 to 128 letters, digits and _.%@:/+-');
  });

  test.each([['profile a', 'a'], ['profile default', 'default'], ['profile  a', 'a']])('fails for %j, and says what to pass', (name, rest) => {
    expect(() => validateProfileName(name)).toThrow(`'${name}' begins with the word that the config file puts before each name; pass '${rest}'`);
  });

  test('fails for a name that is known only at deployment', () => {
    expect(() => validateProfileName(TOKEN)).toThrow('is known only at deployment; pass a literal');
  });
});

describe('role session names', () => {
  test.each(['ab', 'a'.repeat(64), 'a+b=c,d.e@f-g_h'])('%s is taken', name => {
    expect(validateRoleSessionName(name)).toBe(name);
  });

  test.each(['', 'a', 'a'.repeat(65), 'a b', 'a\nb', 'a/b', 'a:b', 'é1', '$a'])('fails for %j', name => {
    expect(() => validateRoleSessionName(name)).toThrow(`'${name}' is not a role session name`);
  });

  test('a deploy-time one is left alone', () => {
    expect(validateRoleSessionName(TOKEN)).toBe(TOKEN);
  });
});

describe('external ids', () => {
  test.each(['ab', '12', 'a'.repeat(1224), 'a+b=c,d.e@f:g/h-i_j', '=a', '-a'])('%s is taken', externalId => {
    expect(validateExternalId(externalId)).toBe(externalId);
  });

  test.each(['', 'a', 'a'.repeat(1225), 'a b', 'a\nb', 'a#b', 'a;b', 'a*', 'a?', '${aws:x}', 'ü1'])('fails for %j', externalId => {
    expect(() => validateExternalId(externalId)).toThrow(`'${externalId}' is not an external id`);
  });

  test('a deploy-time one is left alone', () => {
    expect(validateExternalId(TOKEN)).toBe(TOKEN);
  });
});

describe('organisations', () => {
  test.each(['o-a1b2c3d4e5', `o-${'a'.repeat(32)}`])('%s is taken', id => {
    expect(validateOrganizationId(id)).toBe(id);
  });

  test.each(['', 'o-', 'o-a1b2c3d4e', `o-${'a'.repeat(33)}`, 'O-a1b2c3d4e5', 'o-A1b2c3d4e5', 'ou-a1b2-c3d4e5f6', 'r-a1b2', '*', 'o-*', '123456789012'])('fails for %j', id => {
    expect(() => validateOrganizationId(id)).toThrow(`'${id}' is not the id of an organisation`);
  });
});

describe('keys of session tags', () => {
  test.each([[['team']], [['a'.repeat(128), 'Größe', 'a b', 'a/b:c=d+e-f@g.h_i']], [Array.from({ length: 50 }, (_, n) => `key${n}`)]])('%j are taken', keys => {
    expect(() => validateSessionTagKeys(keys)).not.toThrow();
  });

  test('fails for none, more than a session takes, and a list that is known only at deployment', () => {
    const list = new CfnParameter(new Stack(), 'Keys', { type: 'CommaDelimitedList' }).valueAsList;
    for (const keys of [[], Array.from({ length: 51 }, (_, n) => `key${n}`), list]) {
      expect(() => validateSessionTagKeys(keys)).toThrow('sessionTagKeys has to be a list of 1 to 50 keys');
    }
  });

  test.each(['', 'a'.repeat(129), '*', 'a*', 'a?', 'a\nb', '${x}'])('fails for %j', key => {
    expect(() => validateSessionTagKeys(['team', key])).toThrow(`'${key}' is not the key of a session tag`);
  });
});

describe('regions', () => {
  test.each(['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'us-iso-east-1', 'eusc-de-east-1', 'aws-global'])('%s is taken', region => {
    expect(validateRegion(region)).toBe(region);
  });

  test.each(['', 'eu', 'EU-WEST-1', 'eu-west-1\n', ' eu-west-1', 'eu_west_1', 'eu-west-1 # x', '*'])('fails for %j', region => {
    expect(() => validateRegion(region)).toThrow(`'${region}' is not a region`);
  });
});

describe('durations', () => {
  test.each([[Duration.minutes(15), 900], [Duration.seconds(901), 901], [Duration.hours(1), 3600]])('%s is %d seconds', (duration, seconds) => {
    expect(sessionSeconds(duration, MAX_CHAINED_SECONDS)).toBe(seconds);
  });

  test('12 hours are the most where roles are not chained', () => {
    expect(sessionSeconds(Duration.hours(12), MAX_SESSION_SECONDS)).toBe(43200);
    expect(() => sessionSeconds(Duration.seconds(43201), MAX_SESSION_SECONDS)).toThrow('duration is 43201 seconds; whole seconds from 900 to 43200 are expected');
  });

  test('fails for more than an hour in a chain, and says why', () => {
    expect(() => sessionSeconds(Duration.seconds(3601), MAX_CHAINED_SECONDS))
      .toThrow('duration is 3601 seconds; whole seconds from 900 to 3600 are expected: a session that begins with the credentials of another role lasts one hour at most');
  });

  test.each([Duration.seconds(899), Duration.seconds(0), Duration.millis(900_500)])('fails for %s', duration => {
    expect(() => sessionSeconds(duration, MAX_CHAINED_SECONDS)).toThrow('whole seconds from 900 to 3600 are expected');
  });

  test('fails for one that is known only at deployment', () => {
    const seconds = new CfnParameter(new Stack(), 'Seconds', { type: 'Number' }).valueAsNumber;
    expect(() => sessionSeconds(Duration.seconds(seconds), MAX_CHAINED_SECONDS)).toThrow('duration is known only at deployment');
  });
});
