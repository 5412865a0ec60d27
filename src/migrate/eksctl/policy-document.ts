import type { Fields } from './fields';
import { described, shown } from './problems';
import { reportUnknown } from './unknown-fields';
import { type JsonObject, objectOf } from '../../check/json';

const VERSION = '2012-10-17';
const STATEMENT_FIELDS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

const EXAMPLE = ['Version: "2012-10-17"', 'Statement:', '- Effect: Allow', '  Action: ["s3:GetObject"]', '  Resource: "arn:aws:s3:::example/*"'];

/** An inline policy document: as it stands, with its statements as a list. Nothing in it may get lost, so what IAM would not take is a problem. */
export function readPolicyDocument(owner: Fields, name: string): JsonObject | undefined {
  if (typeof owner.raw(name) === 'string') {
    owner.problem(name, `${name} is ${described(owner.raw(name))}, and the document itself is expected`, [`${name}:`, ...EXAMPLE.map(line => `  ${line}`)]);
    return undefined;
  }
  const document = owner.map(name, EXAMPLE);
  if (!document) {
    return undefined;
  }
  reportUnknown(document, name, ['Version', 'Statement'], [], { Statements: 'Statement', Id: 'nothing: a policy of a role needs no Id' });
  assertVersion(document);
  assertNoTokens(document);
  const statements = document.raw('Statement');
  const list = Array.isArray(statements) ? statements as unknown[] : statements === undefined || statements === null ? [] : [statements];
  if (list.length === 0) {
    document.problem(undefined, `${name} has no Statement`, [`${name}:`, ...EXAMPLE.map(line => `  ${line}`)]);
  }
  list.forEach((statement, index) => assertStatement(document, statement, index, Array.isArray(statements)));
  return { Version: VERSION, Statement: list };
}

/** CDK writes the present version. The old one, which is that of documents without any, does not know policy variables. */
function assertVersion(document: Fields): void {
  const version = document.raw('Version');
  const old = version === undefined || version === null || version === '2008-10-17';
  if (old && JSON.stringify(document.raw('Statement') ?? '').includes('${')) {
    document.problem('Version', `the document has '\${' in it, which is text in ${version === undefined ? 'a document without Version' : `Version ${shown(version)}`} and a variable in `
      + `Version "${VERSION}", which CDK writes; write Version: "${VERSION}" if a variable is meant`);
  } else if (!old && version !== VERSION) {
    document.problem('Version', `Version is ${described(version)}, and "${VERSION}" is expected`);
  }
}

function assertStatement(document: Fields, statement: unknown, index: number, isListed: boolean): void {
  const fields = document.item('Statement', statement, isListed ? index : undefined);
  if (!fields) {
    return;
  }
  reportUnknown(fields, 'a statement', STATEMENT_FIELDS, [], {
    Principal: 'nothing: the policy of a role is about that role', NotPrincipal: 'nothing: the policy of a role is about that role',
  });
  const effect = fields.raw('Effect');
  if (effect !== 'Allow' && effect !== 'Deny') {
    fields.problem(effect === undefined ? undefined : 'Effect', `a statement has ${effect === undefined ? 'no Effect' : `the Effect ${shown(effect)}`}, and Allow or Deny is expected`);
  }
  assertEither(fields, 'Action', 'NotAction');
  assertEither(fields, 'Resource', 'NotResource');
  if (fields.has('Sid') && !/^[A-Za-z0-9]+$/.test(fields.text('Sid') ?? 'a')) {
    fields.problem('Sid', `Sid is ${shown(fields.raw('Sid'))}, and letters and digits are expected`);
  }
  if (fields.has('Condition') && !objectOf(fields.raw('Condition'))) {
    fields.problem('Condition', `Condition is ${described(fields.raw('Condition'))}, and a map of operators is expected`);
    return;
  }
  assertCondition(fields.map('Condition'));
}

/** What has no value would be no condition. */
function assertCondition(condition: Fields | undefined): void {
  for (const operator of condition?.names ?? []) {
    const keys = objectOf(condition!.raw(operator));
    if (!keys) {
      condition!.problem(operator, `${operator} is ${described(condition!.raw(operator))}, and a map of keys is expected`);
    }
    for (const [key, value] of Object.entries(keys ?? {})) {
      const wrong = (Array.isArray(value) ? value as unknown[] : [value]).find(item => !['string', 'number', 'boolean'].includes(typeof item));
      if (wrong !== undefined || value === undefined) {
        condition!.map(operator)!.problem(key, `${shown(key)} of ${operator} ${Array.isArray(value) ? 'has' : 'is'} ${described(wrong)}, and a text or a list of texts is expected`);
      }
    }
  }
}

function assertEither(fields: Fields, name: string, not: string): void {
  const given = [name, not].filter(field => fields.has(field));
  if (given.length !== 1) {
    fields.problem(given[1], `a statement has ${given.length === 0 ? `neither ${name} nor ${not}` : `${name} and ${not}`}, and one of them is expected`);
  }
  for (const field of given) {
    const value = fields.raw(field);
    const list = Array.isArray(value) ? value as unknown[] : [value];
    if (list.length === 0 || list.some(item => typeof item !== 'string' || item === '')) {
      fields.problem(field, `${field} is ${Array.isArray(value) ? `the list ${shown(value)}` : described(value)}, and a text or a list of texts is expected`);
    } else if (name === 'Action' && list.some(item => !ACTION.test(item as string))) {
      const wrong = list.find(item => !ACTION.test(item as string));
      fields.problem(field, `${field} has ${shown(wrong)}, and service:Action or *, with letters, digits and * alone, is what CDK takes`);
    }
  }
}

/** CDK takes no other, so the place is better said here. */
const ACTION = /^(?:\*|[A-Za-z0-9-]+:[A-Za-z0-9*]+)$/;

function assertNoTokens(document: Fields): void {
  document.literal('Statement', JSON.stringify(document.raw('Statement') ?? ''));
}
