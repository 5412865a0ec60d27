import { App, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { ACCOUNT } from './helpers';
import { ServiceAccountSubject } from '../../src';
import { trustStatements } from '../../src/iam/trust-statements';

/**
 * Searches all trust policies of up to two statements over two clusters and two service accounts, and lets requests decide which of them
 * mean the same as ours: none is shorter.
 */
const AUDIENCE = 'sts.amazonaws.com';
const HOSTS = ['oidc.example.com/blue', 'oidc.example.com/green'];
const SUBJECTS = [ServiceAccountSubject.of('a', 'b'), ServiceAccountSubject.of('default', 'some-longer-name')];
const CLAIMS = SUBJECTS.map(({ claim }) => claim);

const arnOf = (host: string) => `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}`;

/** A call of AssumeRoleWithWebIdentity: the provider that vouches for it, and what it says; a claim may be missing. */
interface Request {
  readonly provider: string;
  readonly claims: Record<string, string>;
}

interface Statement {
  readonly Action: string;
  readonly Condition?: Record<string, Record<string, string | string[]>>;
  readonly Effect: string;
  readonly Principal: { readonly Federated: string | string[] };
}

const AUDIENCES = [AUDIENCE, 'another', undefined];
const CLAIMED = [...CLAIMS, 'system:serviceaccount:other:other', undefined];
const REQUESTS: Request[] = HOSTS.flatMap(host => AUDIENCES.flatMap(aud => CLAIMED.map(sub => ({
  provider: arnOf(host),
  claims: { ...aud && { [`${host}:aud`]: aud }, ...sub && { [`${host}:sub`]: sub } },
}))));

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** As IAM does it: all keys have to match, any of a key's values will do; a missing key fails, unless the operator ends with IfExists. */
function allows({ Principal: principal, Condition: condition = {} }: Statement, { provider, claims }: Request): boolean {
  return list(principal.Federated).includes(provider)
    && Object.entries(condition).every(([operator, keys]) => Object.entries(keys).every(([key, values]) =>
      key in claims ? list(values).includes(claims[key]) : operator.endsWith('IfExists')));
}

/** Which requests pass, a 1 or 0 for each. */
function meaning(statements: readonly Statement[]): string {
  return REQUESTS.map(request => statements.some(statement => allows(statement, request)) ? '1' : '0').join('');
}

function union(a: string, b: string): string {
  return [...a].map((bit, i) => bit === '1' ? bit : b[i]).join('');
}

function lengthOf(statement: Statement): number {
  return JSON.stringify(statement).length;
}

/** Every way to say something about a claim of a cluster: nothing, or one of these values, by one of the operators. */
function conditionsOn(key: string, values: string[]): Record<string, Record<string, string | string[]>>[] {
  const lists = [...values, ...values.length > 1 ? [values] : []];
  return [{}, ...['StringEquals', 'StringEqualsIfExists'].flatMap(operator => lists.map(value => ({ [operator]: { [key]: value } })))];
}

function merged(...conditions: Record<string, Record<string, string | string[]>>[]): Statement['Condition'] {
  const all: Record<string, Record<string, string | string[]>> = {};
  for (const condition of conditions) {
    for (const [operator, keys] of Object.entries(condition)) {
      all[operator] = { ...all[operator], ...keys };
    }
  }
  return Object.keys(all).length > 0 ? all : undefined;
}

function everyStatement(): Statement[] {
  const [blue, green] = HOSTS.map(host => conditionsOn(`${host}:aud`, [AUDIENCE])
    .flatMap(aud => conditionsOn(`${host}:sub`, CLAIMS).map(sub => [aud, sub])));
  return [arnOf(HOSTS[0]), arnOf(HOSTS[1]), HOSTS.map(arnOf)].flatMap(federated => blue.flatMap(ofBlue => green.map(ofGreen => ({
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: merged(...ofBlue, ...ofGreen),
    Effect: 'Allow',
    Principal: { Federated: federated },
  }))));
}

/** The length of the shortest statements, one or two, that let exactly these requests pass. */
function shortest(target: string): number {
  // of statements that mean the same, only the shortest can be part of the answer
  const byMeaning = new Map<string, number>();
  for (const statement of everyStatement()) {
    const passes = meaning([statement]);
    if (union(passes, target) === target) {
      byMeaning.set(passes, Math.min(lengthOf(statement), byMeaning.get(passes) ?? Infinity));
    }
  }
  const one = byMeaning.get(target) ?? Infinity;
  const two = [...byMeaning].flatMap(([a, lengthOfA]) => [...byMeaning]
    .filter(([b]) => union(a, b) === target)
    .map(([, lengthOfB]) => lengthOfA + ','.length + lengthOfB));
  return Math.min(one, ...two);
}

function ours(hosts: string[], subjects: ServiceAccountSubject[]): Statement[] {
  const trust = { providers: hosts.map(host => ({ hostPath: host, arn: arnOf(host) })), subjects, audience: AUDIENCE };
  const document = new Stack(new App(), 'Stack').resolve(new PolicyDocument({ statements: trustStatements(trust) })) as { Statement: Statement[] };
  return document.Statement;
}

test.each([
  ['one cluster, one service account', HOSTS.slice(0, 1), SUBJECTS.slice(0, 1)],
  ['one cluster, two service accounts', HOSTS.slice(0, 1), SUBJECTS],
  ['two clusters, one service account', HOSTS, SUBJECTS.slice(0, 1)],
  ['two clusters, two service accounts', HOSTS, SUBJECTS],
])('%s: no policy that means the same is shorter', (_, hosts, subjects) => {
  const statements = ours(hosts, subjects);
  const target = meaning(statements);

  // exactly the pairs asked for, with the audience
  expect(REQUESTS.filter((__, i) => target[i] === '1').map(({ claims }) => claims)).toEqual(
    hosts.flatMap(host => subjects.map(({ claim }) => ({ [`${host}:aud`]: AUDIENCE, [`${host}:sub`]: claim }))));
  expect(JSON.stringify(statements).length - '[]'.length).toBe(shortest(target));
});

test('one statement for two clusters is shorter and lets a token without a subject pass', () => {
  const conditions = Object.fromEntries(HOSTS.flatMap(host => [[`${host}:aud`, AUDIENCE], [`${host}:sub`, CLAIMS]]));
  const fused: Statement = {
    ...ours(HOSTS, SUBJECTS)[0],
    Condition: { StringEqualsIfExists: conditions },
    Principal: { Federated: HOSTS.map(arnOf) },
  };

  expect(lengthOf(fused)).toBeLessThan(JSON.stringify(ours(HOSTS, SUBJECTS)).length);
  expect(allows(fused, { provider: arnOf(HOSTS[0]), claims: { [`${HOSTS[0]}:aud`]: AUDIENCE } })).toBe(true);
});
