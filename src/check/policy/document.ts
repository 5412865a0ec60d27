import { isUnresolved, unresolved } from '../unresolved';

/** A policy, checked and in one shape: what may be a string or a list is a list. */
export interface Policy {
  /** Policy variables exist since 2012-10-17 only. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

/** One statement of a policy. */
export interface Statement {
  /** Place in the policy, from 0. */
  readonly index: number;
  readonly sid?: string;
  /** `unknown` for a statement that only a deployment knows. */
  readonly effect: 'Allow' | 'Deny' | 'unknown';
  readonly principal?: Principal;
  readonly actions: Selection;
  readonly resources?: Selection;
  readonly conditions: readonly Condition[];
}

/** A list of patterns, or (`Not…`) all but these. */
export interface Selection {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `*`, or names by their type (`AWS`, `Federated`, `Service`, `CanonicalUser`). */
export interface Principal {
  readonly negated: boolean;
  readonly everyone: boolean;
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** One line of a condition block. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A trust policy has principals and no resources; an identity policy the other way round. */
export type PolicyKind = 'trust' | 'identity';

const ELEMENTS = new Set(['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);
const PRINCIPAL_TYPES = new Set(['AWS', 'Federated', 'Service', 'CanonicalUser']);
const VERSIONS = ['2012-10-17', '2008-10-17'];

/**
 * Reads a policy: JSON as an object or as a string. Fails on what IAM would refuse as malformed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  if (isUnknown(document)) {
    return { variables: true, statements: [unknownStatement(0)] };
  }
  const policy = asRecord(typeof document === 'string' ? parseJson(document) : document, 'a policy');
  const unknown = Object.keys(policy).find(key => !['Version', 'Id', 'Statement'].includes(key));
  if (unknown !== undefined) {
    throw new Error(`a policy has no element '${unknown}'; it takes Version, Id and Statement`);
  }
  const { Version: version = '2008-10-17', Statement: statement } = policy;
  if (!VERSIONS.includes(String(version)) && !isOpaque(version)) {
    throw new Error(`'${String(version)}' is not a version of the policy language; write 2012-10-17`);
  }
  const statements = statement === undefined || Array.isArray(statement) ? statement as unknown[] | undefined : [statement];
  if (!statements?.length) {
    throw new Error('the policy has no Statement');
  }
  return { variables: version === '2012-10-17', statements: statements.map((each, index) => parseStatement(each, index, kind)) };
}

/** A policy that only a deployment knows: as a whole, or as JSON with parts that may be anything. */
function isUnknown(document: unknown): boolean {
  if (typeof document !== 'string' || !isUnresolved(document)) {
    return isOpaque(document);
  }
  try {
    return JSON.parse(document) === undefined;
  } catch {
    return true;
  }
}

function unknownStatement(index: number): Statement {
  return { index, effect: 'unknown', actions: { negated: false, patterns: [] }, conditions: [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the policy is a string that is not JSON: ${(error as Error).message}`);
  }
}

function parseStatement(value: unknown, index: number, kind: PolicyKind): Statement {
  if (isOpaque(value)) {
    return unknownStatement(index);
  }
  const where = `statement ${index + 1}`;
  const statement = asRecord(value, where);
  const stranger = Object.keys(statement).find(key => !ELEMENTS.has(key));
  if (stranger !== undefined) {
    throw new Error(`${where} has an element '${stranger}' that IAM does not know`);
  }
  const { Sid: sid, Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny' && !isOpaque(effect)) {
    throw new Error(`${where} has the Effect '${String(effect)}'; write Allow or Deny, in this case of letters`);
  }
  return {
    index,
    ...typeof sid === 'string' ? { sid } : {},
    effect: effect === 'Allow' || effect === 'Deny' ? effect : 'unknown',
    actions: selection(statement, 'Action', where),
    ...kind === 'trust' ? { principal: parsePrincipal(statement, where) } : { resources: selection(statement, 'Resource', where) },
    conditions: parseConditions(statement.Condition, where),
    ...assertAbsent(statement, kind === 'trust' ? ['Resource', 'NotResource'] : ['Principal', 'NotPrincipal'], where, kind),
  };
}

function assertAbsent(statement: Record<string, unknown>, elements: readonly string[], where: string, kind: PolicyKind): object {
  const present = elements.find(element => element in statement);
  if (present !== undefined) {
    throw new Error(`${where} has '${present}', which ${kind === 'trust' ? 'a trust policy' : 'an identity policy'} may not have; remove it`);
  }
  return {};
}

function selection(statement: Record<string, unknown>, element: string, where: string): Selection {
  const [positive, negative] = [statement[element], statement[`Not${element}`]];
  if ((positive === undefined) === (negative === undefined)) {
    throw new Error(`${where} needs either ${element} or Not${element}`);
  }
  return { negated: positive === undefined, patterns: strings(positive ?? negative, `${element} of ${where}`) };
}

function parsePrincipal(statement: Record<string, unknown>, where: string): Principal {
  const { Principal: positive, NotPrincipal: negative } = statement;
  if ((positive === undefined) === (negative === undefined)) {
    throw new Error(`${where} needs a Principal: who may assume the role`);
  }
  const value = positive ?? negative;
  const negated = positive === undefined;
  if (value === '*' || isOpaque(value)) {
    return { negated, everyone: value === '*', names: new Map(value === '*' ? [] : [['unknown', [unresolved('Principal')]]]) };
  }
  const record = asRecord(value, `Principal of ${where}`);
  const stranger = Object.keys(record).find(type => !PRINCIPAL_TYPES.has(type));
  if (stranger !== undefined) {
    throw new Error(`${where} has a Principal of the type '${stranger}'; the types are ${[...PRINCIPAL_TYPES].join(', ')}`);
  }
  return { negated, everyone: false, names: new Map(Object.entries(record).map(([type, names]) => [type, strings(names, `Principal of ${where}`)])) };
}

function parseConditions(value: unknown, where: string): Condition[] {
  if (value === undefined) {
    return [];
  }
  if (isOpaque(value)) {
    return [{ operator: unresolved('Condition'), key: '', values: [] }];
  }
  return Object.entries(asRecord(value, `Condition of ${where}`)).flatMap(([operator, block]) => isOpaque(block)
    ? [{ operator, key: unresolved(operator), values: [] }]
    : Object.entries(asRecord(block, `${operator} of ${where}`)).map(([key, values]) => ({ operator, key, values: strings(values, `${key} of ${where}`) })));
}

/** A string or a list of strings as a list; numbers and booleans as IAM reads them, expressions as opaque strings. */
function strings(value: unknown, where: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(each => strings(each, where));
  }
  if (isOpaque(value)) {
    return [typeof value === 'string' ? value : unresolved(JSON.stringify(value))];
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [String(value)];
  }
  throw new Error(`${where} is ${JSON.stringify(value)}; a string or a list of strings is expected`);
}

/** A string with an opaque part, or an intrinsic function of CloudFormation. */
function isOpaque(value: unknown): boolean {
  if (typeof value === 'string') {
    return isUnresolved(value);
  }
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${what} is ${JSON.stringify(value)}; an object is expected`);
  }
  return value as Record<string, unknown>;
}
