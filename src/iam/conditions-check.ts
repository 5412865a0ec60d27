import { type Stack, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type ChainHop, trustPolicy } from './chain-hop';
import { roleResource } from './deploy-before';
import { foldedText } from './folded-text';
import { literalRoleArn, roleArnIn, roleResourceName } from './role-arn-elsewhere';
import { isLike } from '../identity/string-like';

/** A statement that lets the caller in without a condition which a hop asks for: the condition protects nothing then. */
export interface WayAround {
  /** Whether the caller gets in for certain, or may, by conditions that synth cannot evaluate. */
  readonly certain: boolean;
  /** What is wrong, and the way out. */
  readonly problem: string;
}

/** The statements of the callee's trust policy that let the caller in without what the hop asks for. */
export function waysAroundConditions(hop: ChainHop): WayAround[] {
  const { caller, callee, conditions } = hop;
  const asked = ASKED.filter(({ option }) => conditions[option] !== undefined);
  const document = trustPolicy(callee);
  if (asked.length === 0 || !document) {
    return [];
  }
  const { Statement: statements = [] } = (document.toJSON() ?? {}) as { Statement?: TrustStatement[] };
  const who = describe(caller, callee.stack);
  return statements.flatMap(statement => {
    const entry = entryOf(statement, who);
    const missing = entry === 'none' ? [] : asked.filter(({ key }) => !asks(statement, key));
    return missing.map(({ option, what }) => ({
      certain: entry === 'certain',
      problem: `asks ${caller.node.path} for ${what}, and its trust policy ${entry === 'certain' ? 'lets' : 'may let'} it in without one, `
        + `by the statement ${JSON.stringify(callee.stack.resolve(statement))}; `
        + `give every link between the two the ${option}, or make it a ChainedRole, which trusts nobody else`,
    }));
  });
}

/** What a hop may ask the caller for. */
const ASKED = [
  { option: 'externalId', key: 'sts:externalid', what: 'an external id' },
  { option: 'organizationId', key: 'aws:principalorgid', what: 'a membership of an organisation' },
] as const;

interface TrustStatement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** By which names a trust policy may mean the caller. */
interface Caller {
  readonly stack: Stack;
  /** Patterns: what synth does not know of an ARN is `*`. */
  readonly arns: readonly string[];
  /** `undefined` where it is known only at deployment. */
  readonly account?: string;
}

type Entry = 'certain' | 'possible' | 'none';

function describe(caller: IRole, stack: Stack): Caller {
  const resource = roleResource(caller);
  const resourceName = resource && roleResourceName(resource);
  const account = Token.isUnresolved(caller.env.account) ? undefined : caller.env.account;
  const arns = [caller.roleArn, roleArnIn(stack, caller), literalRoleArn(caller)].filter((arn): arn is string => arn !== undefined)
    .map(arn => anyPartition(foldedText(stack, arn)));
  return { stack, account, arns: resourceName ? [...arns, `arn:*:iam::${account ?? '*'}:role/${resourceName}`] : arns };
}

function entryOf(statement: TrustStatement, caller: Caller): Entry {
  const { Effect: effect, Action: actions, NotAction: notActions } = statement;
  const named = (list: string | string[] = []) => [list].flat().some(action => isLike('sts:assumerole', action.toLowerCase()));
  const assume = notActions === undefined ? named(actions) : !named(notActions);
  return effect === 'Allow' && assume ? strongest(principalsOf(statement, caller.stack).map(principal => entryBy(principal, statement, caller))) : 'none';
}

function principalsOf({ Principal: principal, NotPrincipal: notPrincipal }: TrustStatement, stack: Stack): string[] {
  // everybody but a few: what IAM advises against is read as everybody
  const values = notPrincipal !== undefined || typeof principal === 'string' ? '*' : (principal as { AWS?: unknown } | undefined)?.AWS ?? [];
  return [values].flat().map(value => anyPartition(foldedText(stack, value)));
}

function entryBy(principal: string, { Condition: condition = {} }: TrustStatement, caller: Caller): Entry {
  if (caller.arns.some(arn => isLike(principal, arn))) {
    return 'certain';
  }
  const account = accountOf(principal);
  if (account === undefined || shutsOut(condition, caller)) {
    return 'none';
  }
  const same = account === '*' || account === (caller.account ?? AGNOSTIC_ACCOUNT);
  const possible = same || caller.account === undefined;
  return same && Object.keys(condition).length === 0 ? 'certain' : possible ? 'possible' : 'none';
}

/** The account that a principal stands for as a whole; `*` for all. */
function accountOf(principal: string): string | undefined {
  return principal === '*' ? '*' : /^(?:arn:\*:iam::)?(\d{12}|\$\{AWS::AccountId\})(?::root)?$/.exec(principal)?.[1];
}

/** Whether conditions on who the caller is keep this one out for certain. */
function shutsOut(condition: Record<string, Record<string, unknown>>, caller: Caller): boolean {
  return comparisons(condition).some(({ operator, key, values }) => {
    const texts = values.map(value => anyPartition(foldedText(caller.stack, value)));
    switch (key) {
      case 'aws:principalarn': return MATCHES.test(operator) && !texts.some(text => caller.arns.some(arn => isLike(text, arn) || isLike(arn, text)));
      case 'aws:principalaccount': return EQUALS.test(operator) && caller.account !== undefined && !texts.includes(caller.account);
      default: return false;
    }
  });
}

/** Whether a statement lets in only those who bring a value of this kind. With an `…IfExists`, nobody has to. */
function asks({ Condition: condition = {} }: TrustStatement, wanted: string): boolean {
  return comparisons(condition).some(({ operator, key, values }) => key === wanted && EQUALS.test(operator)
    && values.every(value => typeof value !== 'string' || !/^\**$/.test(value)));
}

const EQUALS = /^string(equals|like)$/;
const MATCHES = /^(string|arn)(equals|like)$/;

function comparisons(condition: Record<string, Record<string, unknown>>): Array<{ operator: string; key: string; values: unknown[] }> {
  return Object.entries(condition).flatMap(([operator, keys]) => Object.entries(keys)
    .map(([key, values]) => ({ operator: operator.toLowerCase(), key: key.toLowerCase(), values: [values].flat() })));
}

function strongest(entries: readonly Entry[]): Entry {
  return (['certain', 'possible'] as const).find(entry => entries.includes(entry)) ?? 'none';
}

const AGNOSTIC_ACCOUNT = '${AWS::AccountId}';

/** A role is in the partition that its callee is in, or the hop would have failed. */
function anyPartition(text: string): string {
  return text.replace(/^arn:[^:]*(?:::Partition\})?:/, 'arn:*:');
}
