import fc from 'fast-check';
import { hostPathOf, validateIssuerUrl } from '../../src/identity/issuer-url';

const HOST = 'oidc.eks.eu-west-1.amazonaws.com';

describe('takes', () => {
  test.each([
    ['EKS', `https://${HOST}/id/8BAC8B107DC1292E426FDF456E6A9B64`],
    ['EKS with dual stack', 'https://oidc-eks.eu-west-1.api.aws/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['EKS in China', 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['EKS in the European sovereign cloud', 'https://oidc.eks.eusc-de-east-1.amazonaws.eu/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['EKS in an isolated region', 'https://oidc.eks.us-iso-east-1.c2s.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['a bucket, path style', 'https://s3.eu-west-1.amazonaws.com/my-issuer/cluster-1'],
    ['a bucket, virtual host style', 'https://my-issuer.s3.eu-west-1.amazonaws.com'],
    ['an own domain', 'https://issuer.example.com'],
    ['an own domain with dots in the path', 'https://example.com/v2.0/clusters/prod.eu'],
    ['a percent-encoded path', 'https://example.com/a%2Fb'],
    ['a host of a single label', 'https://issuer'],
    ['a host of a single character', 'https://a'],
    ['an international host in Punycode', 'https://xn--bcher-kva.example'],
    ['255 characters', longUrl(255)],
  ])('%s', (_, url) => {
    expect(validateIssuerUrl(url)).toBe(url);
  });
});

describe('fails when the URL', () => {
  test.each([
    ['is empty', '', "does not start with https://; pass what tokens say in iss (on EKS 'aws eks describe-cluster --query cluster.identity.oidc.issuer')"],
    ['has no scheme', `${HOST}/id/1`, 'does not start with https://'],
    ['is http', `http://${HOST}/id/1`, 'does not start with https://, and AWS reads no other; publish the issuer over TLS, and have the cluster sign with that URL'],
    ['has the scheme in upper case', `HTTPS://${HOST}/id/1`, 'does not start with https://'],
    ['begins with a blank', ` https://${HOST}/id/1`, 'does not start with https://'],
    ['has 256 characters', longUrl(256), 'is 256 characters long, IAM takes 255 at most'],
    ['ends with a blank', `https://${HOST}/id/1 `, 'contains white space; remove it'],
    ['ends with a line break', `https://${HOST}/id/1\n`, 'contains white space; remove it'],
    ['contains a blank', `https://${HOST}/id /1`, 'contains white space; remove it'],
    ['contains a non-breaking space', `https://${HOST}/id\u00a0/1`, 'contains white space; remove it'],
    ['has a query', `https://${HOST}/id/1?a=b`, "has a query ('?'), which IAM does not take; remove it"],
    ['has an empty query', `https://${HOST}/id/1?`, "has a query ('?')"],
    ['has a fragment', `https://${HOST}/id/1#a`, "has a fragment ('#'), which IAM does not take; remove it"],
    ['ends with a slash', `https://${HOST}/id/1/`, 'ends with a slash, and the issuer in a token does not; remove the slash'],
    ['is a host and a slash', `https://${HOST}/`, 'ends with a slash'],
    ['has a port', 'https://issuer.example.com:8443/a', 'has a port (:8443), which IAM does not take'],
    ['has the default port', 'https://issuer.example.com:443', 'leave the port out'],
    ['has an empty port', 'https://issuer.example.com:/a', 'has a port (:)'],
    ['has user information', 'https://me@issuer.example.com', 'contains user information; remove what is before the @'],
    ['has user and password', 'https://me:secret@issuer.example.com', 'contains user information'],
    ['has no host', 'https://', 'ends with a slash'],
    ['has a path but no host', 'https:///a', "has '' where a host name is expected"],
    ['has an international host', 'https://bücher.example', "has 'bücher.example' where a host name is expected (international names as xn--…)"],
    ['has a look-alike letter', 'https://оidc.example', 'where a host name is expected'],
    ['has a zero-width character', 'https://oidc\u200b.example', 'where a host name is expected'],
    ['has an underscore in the host', 'https://a_b.example', "has 'a_b.example' where a host name is expected"],
    ['has a wildcard in the host', 'https://*.example', "has '*.example' where a host name is expected"],
    ['has a percent in the host', 'https://a%2eb.example', "has 'a%2eb.example' where a host name is expected"],
    ['has two dots in the host', 'https://a..b', "has 'a..b' where a host name is expected"],
    ['has a dot before the host', 'https://.a', "has '.a' where a host name is expected"],
    ['has a dot after the host', 'https://a./b', "has 'a.' where a host name is expected"],
    ['has a dash before the host', 'https://-a', "has '-a' where a host name is expected"],
    ['has a dash after a label', 'https://a-.b', "has 'a-.b' where a host name is expected"],
    ['has an empty segment', `https://${HOST}//1`, "has a path ('//1') with an empty segment"],
    ['has Unicode in the path', `https://${HOST}/ü`, "has a path ('/ü') with an empty segment or a character that is not allowed in a URL"],
    ['has a wildcard in the path', `https://${HOST}/id/*`, "has a path ('/id/*')"],
    ['has a quote in the path', `https://${HOST}/id/"`, "has a path ('/id/\"')"],
    ['has a backslash in the host', 'https://a\\b.example', "has 'a\\b.example' where a host name is expected"],
    ['has a backslash in the path', `https://${HOST}/id/\\1`, "has a path ('/id/\\1')"],
    ['has a colon in the path', `https://${HOST}/id:1`, "has a path ('/id:1')"],
    ['has a policy variable', `https://${HOST}/\${aws:username}`, 'has a path'],
  ])('%s', (_, url, message) => {
    expect(() => validateIssuerUrl(url)).toThrow(message);
    expect(() => validateIssuerUrl(url)).toThrow(`issuer URL '${url}' `);
  });

  // no client asks for these paths: they are normalised or refused, so that IAM would ask another issuer or none
  test.each([
    ['has a dot segment', `https://${HOST}/./1`],
    ['ends with a dot segment', `https://${HOST}/id/.`],
    ['has a segment of two dots', `https://${HOST}/id/../1`],
    ['ends with a segment of two dots', `https://${HOST}/..`],
    ['has a dot segment in percent-encoding', `https://${HOST}/%2e%2E/1`],
    ['has a percent sign that encodes nothing', `https://${HOST}/%zz`],
    ['ends with a percent sign', `https://${HOST}/id%`],
  ])('%s', (_, url) => {
    expect(() => validateIssuerUrl(url)).toThrow(`issuer URL '${url}' has a path`);
  });
});

test('the host path is the URL without its scheme', () => {
  expect(hostPathOf(`https://${HOST}/id/1`)).toBe(`${HOST}/id/1`);
});

describe('properties', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const segment = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9._~=@-]{0,10}$/);
  const legal = fc.tuple(fc.array(label, { minLength: 1, maxLength: 5 }), fc.array(segment, { maxLength: 4 }))
    .map(([labels, segments]) => ['https:/', labels.join('.'), ...segments].join('/'));

  test('every URL of labels and segments is taken unchanged, and its host path leads back to it', () => {
    fc.assert(fc.property(legal, url => {
      expect(validateIssuerUrl(url)).toBe(url);
      expect(`https://${hostPathOf(url)}`).toBe(url);
      expect(hostPathOf(url)).not.toMatch(/^https|^\//);
    }));
  });

  test('what is inserted into a legal URL is refused, or is part of the URL that a client would ask for', () => {
    const unit = fc.oneof(fc.constantFrom('/', '.', '%', '2', 'e', ':', '@', '?', '#', '\\', '-', ' ', '\t', '*'), fc.string({ unit: 'binary', maxLength: 1 }));
    const insertion = fc.array(unit, { minLength: 1, maxLength: 6 }).map(units => units.join(''));
    fc.assert(fc.property(legal, fc.nat(), insertion, (url, at, extra) => {
      const position = 'https://'.length + at % (url.length - 'https://'.length + 1);
      const changed = url.slice(0, position) + extra + url.slice(position);
      // what URL clients read as numbers and Punycode is beyond what is meant here
      fc.pre(!/^https:\/\/([^/]*\.)?([0-9]+|0x[0-9a-f]*)(\/|$)|^https:\/\/[^/]*xn--/i.test(changed));
      const refusal = refusalOf(changed);
      if (refusal === undefined) {
        const { protocol, port, username, password, search, hash, href } = new URL(changed);
        expect({ protocol, port, username, password, search, hash }).toEqual({ protocol: 'https:', port: '', username: '', password: '', search: '', hash: '' });
        expect(href.replace(/\/$/, '').toLowerCase()).toBe(changed.toLowerCase());
        expect(changed).toMatch(/^[!-~]{9,255}$/);
      } else {
        expect(refusal).toContain(`'${changed}'`);
      }
    }), { numRuns: 5000 });
  });

  test('a string without the scheme is refused with a message that repeats it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }).filter(text => !text.startsWith('https://')), text => {
      expect(refusalOf(text)).toContain(`issuer URL '${text}'`);
    }));
  });
});

function refusalOf(url: string): string | undefined {
  try {
    validateIssuerUrl(url);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function longUrl(length: number): string {
  return `https://${HOST}/`.padEnd(length, 'a');
}
