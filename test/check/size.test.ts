import { inputsOf } from './inputs';
import { check } from '../../src/check/check';
import { factsOf } from '../../src/check/facts';
import { dotOf } from '../../src/check/graph/dot';
import { graphOf } from '../../src/check/graph/graph-of';
import { htmlOf } from '../../src/check/graph/html';
import { mermaidOf } from '../../src/check/graph/mermaid';
import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from '../../src/check/rules/example';

const ROLES = 1000;
const PODS_EACH = 5;

/** Roles, service accounts and pods whose names end with a number; everything agrees, but for one. */
function files(): string {
  const numbers = Array.from({ length: ROLES }, (_, index) => index);
  const role = ROLE.replace('Resources:\n', '');
  const roles = `Resources:\n${numbers.map(n => role.replace('  Web:', `  Web${n}:`).replace('RoleName: web', `RoleName: web-${n}`).replace('apps:web', `apps:web-${n === 500 ? 'x' : n}`)).join('')}`;
  return documents(
    roles,
    ...numbers.map(n => changed(SERVICE_ACCOUNT, 'role/web', `role/web-${n}`).replace('name: web', `name: web-${n}`)),
    ...numbers.flatMap(n => Array.from({ length: PODS_EACH }, (_, m) => POD.replace('name: web', `name: web-${n}-${m}`).replace('serviceAccountName: web', `serviceAccountName: web-${n}`))),
  );
}

test(`${ROLES} roles, ${ROLES} service accounts and ${ROLES * PODS_EACH} workloads are checked in no more time than it takes to read them`, () => {
  const text = files();
  const started = performance.now();
  const input = inputsOf(text);
  const read = performance.now();
  const { findings, seen } = check(input);
  const checked = performance.now();

  expect(seen).toEqual({ roles: ROLES, serviceAccounts: ROLES, workloads: ROLES * PODS_EACH });
  expect(findings.map(({ rule }) => rule)).toEqual(['trust-subject']);
  expect((checked - started) / (read - started)).toBeLessThan(2);
});

test('and drawn in no more time than that', () => {
  const started = performance.now();
  const { templates, manifests } = inputsOf(files());
  const read = performance.now();
  const facts = factsOf(templates, manifests);
  const graph = graphOf(facts, []);
  const texts = [mermaidOf(graph), dotOf(graph), htmlOf(graph, () => '')];
  const drawn = performance.now();

  expect(graph.nodes.filter(({ kind }) => kind === 'role')).toHaveLength(ROLES);
  texts.forEach(text => expect(text).toContain('web-999'));
  expect((drawn - started) / (read - started)).toBeLessThan(2);
});

test('a thousand administrators, each of whom the others may become, do not hang it', () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust(), Policies: [{ PolicyName: 'all', PolicyDocument: statement({ Action: '*', Resource: '*' }) }] } };
  const value = { Resources: Object.fromEntries(Array.from({ length: ROLES }, (_, n) => [`R${n}`, { ...role, Properties: { ...role.Properties, RoleName: `r-${n}` } }])) };
  const facts = factsOf([{ source: { file: 'a.json', document: 0 }, value, account: '111122223333', region: 'eu-west-1' }], []);
  const { edges } = graphOf(facts, []);

  expect(edges.filter(({ kind }) => kind === 'assume')).toHaveLength(ROLES * 21);
});

function statement(content: object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...content }] };
}

/** Any token of an issuer, and the whole account. */
function trust(): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' } },
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
    ],
  };
}
