import { Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type ChainHop, trustPolicy } from './chain-hop';
import { roleResource } from './deploy-before';
import { anyPartition, foldedText } from './folded-text';
import { literalRoleArn, roleArnIn, roleResourceName } from './role-arn-elsewhere';
import { type Caller, type Entry, entryOf, guards, type TrustStatement } from './trust-entry';
import { ifGiven, validateExternalId, validateOrganizationId, validateSessionTagKey } from '../identity/assume-role-parameters';
import { isDynamicReference, isKept, shownLost } from '../identity/kept-value';
import { wholeProperty } from '../identity/template-property';

/** A statement that lets the caller in without a condition which a hop asks for: the condition protects nothing then. */
export interface WayAround {
  /** Whether the caller gets in for certain, or may, by conditions that synth cannot evaluate. */
  readonly certain: boolean;
  /** What is wrong, and the way out. */
  readonly problem: string;
}

/** The statements of the callee's trust policy, as its template has it, that let the caller in without what the hop asks for. */
export function waysAroundConditions(hop: ChainHop): WayAround[] {
  const { caller, callee, conditions } = hop;
  const asked = ASKED.filter(({ option }) => conditions[option] !== undefined);
  if (asked.length === 0 || !trustPolicy(callee)) {
    return [];
  }
  const statements = statementsOf(callee);
  const who = describe(caller, callee);
  return asked.filter(({ key }) => !statements.some(statement => guards(statement, key, who))).flatMap(({ key, option, what }) => statements
    .map(statement => ({ statement, entry: entryOf(statement, key, who) }))
    .filter(({ entry }) => entry !== 'none')
    .map(({ statement, entry }) => wayAround(hop, statement, entry, what, option)));
}

/** Conditions that turn out to be none: a lazy value without a value, say. */
export function emptyConditions({ callee, conditions }: ChainHop): string[] {
  const { sessionTagKeys = [] } = conditions;
  const asked = ASKED.flatMap(({ option, validate }) => ifGiven(conditions[option], value => [{ option, value, validate }]) ?? []);
  return [...asked, ...sessionTagKeys.map(value => ({ option: 'sessionTagKeys', value, validate: validateSessionTagKey }))].flatMap(({ option, value, validate }) => {
    const problem = emptyProblem(callee.stack.resolve(value), validate);
    return problem === undefined ? [] : [`${option} of the link to ${callee.node.path}: ${problem}`];
  });
}

function emptyProblem(value: unknown, validate: (value: string) => unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    return isKept(value) ? undefined : `it comes to ${shownLost(value)}, so that nothing would be asked for; pass a value in every case, or leave it out`;
  }
  const text = String(value ?? '');
  if (isDynamicReference(text)) {
    return undefined;
  }
  try {
    validate(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What a hop may ask the caller for. */
const ASKED = [
  { option: 'externalId', key: 'sts:externalid', what: 'an external id', validate: validateExternalId },
  { option: 'organizationId', key: 'aws:principalorgid', what: 'a membership of an organisation', validate: validateOrganizationId },
] as const;

function wayAround({ caller, callee }: ChainHop, statement: TrustStatement, entry: Entry, what: string, option: string): WayAround {
  const certain = entry === 'certain';
  return {
    certain,
    problem: `asks ${caller.node.path} for ${what}, and its trust policy ${certain ? 'lets' : 'may let'} it in without one, by the statement ${JSON.stringify(callee.stack.resolve(statement))}; `
      + `give every link between the two the ${option}, or make it a ChainedRole, which trusts nobody else`,
  };
}

function statementsOf(callee: IRole): TrustStatement[] {
  const written = wholeProperty(roleResource(callee)!, 'AssumeRolePolicyDocument') as { Statement?: TrustStatement[] } | undefined;
  // a text for CloudFormation to put together cannot be read; what it is put together of can, but for condition keys that are tokens
  const document = written && 'Statement' in written ? written : trustPolicy(callee)!.toJSON() as typeof written;
  return [document?.Statement ?? []].flat();
}

/** By which names a trust policy may mean the caller. */
function describe(caller: IRole, { stack }: IRole): Caller {
  const resource = roleResource(caller);
  const account = Token.isUnresolved(caller.env.account) ? undefined : caller.env.account;
  const arns = [caller.roleArn, roleArnIn(stack, caller), literalRoleArn(caller)].filter((arn): arn is string => arn !== undefined)
    .map(arn => anyPartition(foldedText(stack, arn)));
  const resourceName = resource ? roleResourceName(resource) : /:role\/(.*)$/.exec(literalRoleArn(caller) ?? '')?.[1];
  const names = resourceName === undefined ? [] : [
    `arn:*:iam::${account ?? '*'}:role/${resourceName}`,
    `arn:*:sts::${account ?? '*'}:assumed-role/${resourceName.replace(/^.*\//, '')}/*`,
  ];
  return { stack, account, arns: [...arns, ...names] };
}
