import { inputsOf } from './inputs';
import { agreeing, missing, PODS_EACH, ROLES } from './large';
import { check } from '../../src/check/check';
import { factsOf } from '../../src/check/facts';
import { dotOf } from '../../src/check/graph/dot';
import { graphOf } from '../../src/check/graph/graph-of';
import { htmlOf } from '../../src/check/graph/html';
import { mermaidOf } from '../../src/check/graph/mermaid';

/** Milliseconds of this process: waiting for other programs does not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The smallest of up to three: a collection of garbage falls on one side or the other. Coverage slows down our side alone. */
function smallest(most: number, measure: () => number): number {
  const first = measure();
  return first < most ? first : Math.min(measure(), measure());
}

const SEEN = { roles: ROLES, serviceAccounts: ROLES, workloads: ROLES * PODS_EACH };

test.each<[string, () => string, string[], number]>([
  ['agree, but for one', agreeing, ['trust-subject'], 2],
  ['name roles that do not exist', missing, Array.from({ length: ROLES }, () => 'role-missing'), 6],
])(`${ROLES} roles, ${ROLES} service accounts and ${ROLES * PODS_EACH} workloads that %s are checked in about the time that it takes to read them`, (_, files, expected, most) => {
  const text = files();

  expect(smallest(most, () => {
    const started = processorTime();
    const input = inputsOf(text);
    const read = processorTime();
    const { findings, seen } = check(input);
    const checked = processorTime();

    expect(seen).toEqual(SEEN);
    expect(findings.map(({ rule }) => rule)).toEqual(expected);
    return (checked - started) / (read - started);
  })).toBeLessThan(most);
});

test('and drawn in all three forms in twice that time', () => {
  const files = agreeing();

  expect(smallest(3, () => {
    const started = processorTime();
    const { templates, manifests } = inputsOf(files);
    const read = processorTime();
    const graph = graphOf(factsOf(templates, manifests), []);
    const texts = [mermaidOf(graph), dotOf(graph), htmlOf(graph, () => '')];
    const drawn = processorTime();

    expect(graph.nodes.filter(({ kind }) => kind === 'role')).toHaveLength(ROLES);
    texts.forEach(text => expect(text).toContain('web-999'));
    return (drawn - started) / (read - started);
  })).toBeLessThan(3);
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
