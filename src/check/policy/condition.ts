import { isUnresolved, readable } from '../unresolved';
import type { ContextValue, RequestContext } from './context';
import { differenceOf, quoted } from './difference';
import type { Condition } from './document';
import { type Operator, OPERATORS } from './operators';
import { all, any, not, type Truth, truthOf } from './truth';
import { type Expansion, expandVariables } from './variables';

/** Whether a part of a statement holds for the request, and why. */
export interface Check {
  readonly truth: Truth;
  /** One sentence, in lower case and without a full stop. */
  readonly reason: string;
}

type SetOperator = 'ForAnyValue' | 'ForAllValues' | undefined;

interface ParsedOperator {
  readonly set: SetOperator;
  readonly name: string;
  readonly ifExists: boolean;
}

/**
 * Evaluates a condition: missing keys, sets and negation as IAM does it.
 *
 * @param variables whether the policy's version knows policy variables
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function evaluateCondition(condition: Condition, variables: boolean, context: RequestContext): Check {
  const parsed = parseOperator(condition.operator);
  const found = context.lookup(condition.key);
  if (parsed.name === 'Null' && !parsed.set && !parsed.ifExists) {
    return evaluateNull(condition, found);
  }
  const operator = OPERATORS.get(parsed.name);
  if (!operator) {
    return { truth: 'unknown', reason: unknownOperator(condition.operator) };
  }
  if (found.kind === 'unknown' || isUnresolved(condition.key) && found.kind === 'absent') {
    return { truth: 'unknown', reason: `what the request says under ${nameOf(condition.key)} is not known here` };
  }
  if (found.kind === 'absent') {
    return evaluateMissing(condition, parsed, operator);
  }
  const expansions = condition.values.map(value => operator.variables
    ? expandVariables(value, variables, context)
    : expandVariables(value, false, context));
  return evaluatePresent(condition, parsed.set, operator, found.values, expansions);
}

function parseOperator(text: string): ParsedOperator {
  const [set, rest] = text.startsWith('ForAnyValue:') || text.startsWith('ForAllValues:')
    ? [text.slice(0, text.indexOf(':')) as SetOperator, text.slice(text.indexOf(':') + 1)]
    : [undefined, text];
  const ifExists = rest.endsWith('IfExists');
  return { set, name: ifExists ? rest.slice(0, -'IfExists'.length) : rest, ifExists };
}

function unknownOperator(operator: string): string {
  const known = [...OPERATORS.keys(), 'Null'].find(name => name.toLowerCase() === operator.toLowerCase());
  return known
    ? `'${operator}' is written '${known}' in IAM's documentation, which does not say that other cases of letters work`
    : `'${readable(operator)}' is not a condition operator that is known here`;
}

function evaluateNull({ key, values }: Condition, found: ContextValue): Check {
  const isEmpty = found.kind === 'present' && found.values.every(value => value === '');
  if (found.kind === 'unknown' || isEmpty || values.some(value => !/^(true|false)$/i.test(value))) {
    return { truth: 'unknown', reason: `whether the request has ${nameOf(key)} is not known here` };
  }
  const truth = truthOf(values.some(value => (value.toLowerCase() === 'true') === (found.kind === 'absent')));
  const wants = values.join(' or ').toLowerCase() === 'true' ? 'absent' : 'present';
  return { truth, reason: `the request has ${found.kind === 'absent' ? 'no' : 'a'} ${nameOf(key)}, the policy wants it to be ${wants}` };
}

function evaluateMissing({ key, operator: name }: Condition, { set, ifExists }: ParsedOperator, { negated }: Operator): Check {
  const truth = truthOf(set === 'ForAllValues' || ifExists || negated && set === undefined);
  const missing = `the request has no ${readable(key)}`;
  return { truth, reason: truth === 'yes' ? `${missing}, which ${name} lets pass` : `${missing}, and ${name} needs one` };
}

function evaluatePresent(
  condition: Condition, set: SetOperator, operator: Operator, values: readonly string[], expansions: readonly Expansion[],
): Check {
  // an empty string counts as no value for the set operators
  const counted = set ? values.filter(value => value !== '') : values;
  const truths = counted.map(value => matchesOne(value, operator, expansions));
  const truth = combine(set, truths);
  const problem = expansions.find(expansion => expansion.kind !== 'pattern');
  if (truth === 'unknown') {
    return { truth, reason: problem?.kind === 'unknown' ? problem.why : unknownReason(condition, counted, problem) };
  }
  return { truth, reason: problem?.kind === 'missing' ? missingVariable(problem.variable) : reasonOf(condition, operator, counted, truth) };
}

function combine(set: SetOperator, truths: readonly Truth[]): Truth {
  if (set) {
    return set === 'ForAllValues' ? all(truths) : any(truths);
  }
  // IAM does not say what an operator without ForAnyValue or ForAllValues makes of several values: sure is only what all agree on
  return truths.every(truth => truth === truths[0]) ? truths[0] : 'unknown';
}

/** Whether one value of the request passes. A variable without a value may invalidate the statement, so it never makes a condition hold. */
function matchesOne(value: string, operator: Operator, expansions: readonly Expansion[]): Truth {
  const truth = any(expansions.map(expansion => {
    switch (expansion.kind) {
      case 'pattern': return operator.matches(value, expansion.pattern);
      case 'missing': return 'no';
      case 'unknown': return 'unknown';
    }
  }));
  const missing = expansions.some(({ kind }) => kind === 'missing');
  if (operator.negated) {
    return missing ? 'unknown' : not(truth);
  }
  return missing && truth === 'yes' ? 'unknown' : truth;
}

function missingVariable(variable: string): string {
  return `the policy has \${${variable}}, which has no value in this request`;
}

function unknownReason({ key, operator, values }: Condition, is: readonly string[], problem: Expansion | undefined): string {
  if (problem?.kind === 'missing') {
    return `${missingVariable(problem.variable)}: IAM may drop the statement`;
  }
  return is.length > 1
    ? `${nameOf(key)} has several values (${is.map(readable).join(', ')}), and IAM does not say what ${operator} makes of them without ForAnyValue: or ForAllValues:`
    : `${nameOf(key)} is ${quoted(is)}, and whether that is ${quoted(values)} is not known here`;
}

function reasonOf({ key, operator: name, values }: Condition, operator: Operator, is: readonly string[], truth: Truth): string {
  const subject = `${nameOf(key)} is ${is.length > 0 ? is.map(readable).join(', ') : 'empty'}`;
  if (truth === 'yes') {
    return `${subject}, as the policy wants (${name} ${quoted(values)})`;
  }
  if (operator.negated) {
    return `${subject}, which the policy excludes (${name} ${quoted(values)})`;
  }
  const difference = values.length === 1 && is.length === 1 ? differenceOf(is[0], values[0], operator.wildcards) : '';
  const wants = values.length === 0 ? 'the policy lists no value' : `the policy wants ${quoted(values)}`;
  return `${subject}, ${wants}${difference ? `: ${difference}` : ''}`;
}

/** A key for people: `sub` and `aud` of a token without their issuer. */
export function nameOf(key: string): string {
  const colon = key.lastIndexOf(':');
  return /[./\uE000]/.test(key.slice(0, Math.max(colon, 0))) ? key.slice(colon + 1) : readable(key);
}
