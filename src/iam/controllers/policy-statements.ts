import { Aws, Stack, Token } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { Conditions, ControllerData, StatementData } from './policy-data';
import { partitionOf } from '../../identity/pseudo-parameters';

/**
 * Statements as CDK has them, with partition, region and account of where they are.
 *
 * @param scope what the policy belongs to; none, if that is not known yet
 * @param region the region of the cluster, if it is another than that of the scope
 */
export function policyStatements(statements: readonly StatementData[], scope?: IConstruct, region?: string): PolicyStatement[] {
  const stack = scope && Stack.of(scope);
  const values = {
    Partition: stack && partitionOf(stack.region) || Aws.PARTITION,
    Region: region ?? stack?.region ?? Aws.REGION,
    Account: stack?.account ?? Aws.ACCOUNT_ID,
  };
  return statements.map(({ sid, actions, resources, conditions }) => new PolicyStatement({
    sid,
    actions: [...actions],
    resources: resources.map(resource => filledIn(resource, values)),
    conditions: conditions && conditionsOf(conditions, values),
  }));
}

/** Allows somebody what a controller needs, or fails: a role whose policies are out of reach would be allowed nothing. */
export function addStatements(grantee: IGrantable, { name, statements }: ControllerData, region?: string): void {
  const scope = Construct.isConstruct(grantee) ? grantee : undefined;
  const known = knownStatements(grantee.grantPrincipal);
  for (const wanted of policyStatements(statements, scope, region)) {
    const statement = distinct(wanted, known);
    if (!statement) {
      continue;
    }
    const { statementAdded, policyDependable } = grantee.grantPrincipal.addToPrincipalPolicy(statement);
    // a role that takes none says that it has added the statement, and gives nothing to wait for
    if (!statementAdded || !(Role.isRole(grantee) || Construct.isConstruct(policyDependable))) {
      throw new Error(`${scope?.node.path ?? 'the role'} takes no policies (imported as immutable, or from another account), so ${name} would be allowed nothing; `
        + 'give its owner the policyDocument');
    }
    known.set(statement.sid!, contentOf(statement));
  }
}

/** What was added to whom, by its sid: the same controller of two clusters may get one role. */
const KNOWN = new WeakMap<IPrincipal, Map<string, string>>();

function knownStatements(principal: IPrincipal): Map<string, string> {
  const known = KNOWN.get(principal) ?? new Map<string, string>();
  KNOWN.set(principal, known);
  return known;
}

/** The statement under a sid that IAM has not seen in the policy; nothing if all of it is allowed already. */
function distinct(statement: PolicyStatement, known: ReadonlyMap<string, string>): PolicyStatement | undefined {
  const { sid = '' } = statement;
  const content = contentOf(statement);
  for (let count = 1, name = sid; ; name = `${sid}${++count}`) {
    if (!known.has(name)) {
      statement.sid = name;
      return statement;
    }
    if (known.get(name) === content) {
      return undefined;
    }
  }
}

function contentOf(statement: PolicyStatement): string {
  return JSON.stringify({ ...statement.toStatementJson() as object, Sid: undefined });
}

type Values = Readonly<Record<'Partition' | 'Region' | 'Account', string>>;

function filledIn(text: string, values: Values): string {
  return text.replace(/\$\{(Partition|Region|Account)\}/g, (_, name: keyof Values) => values[name]);
}

function conditionsOf(conditions: Conditions, values: Values): Record<string, Record<string, string | string[]>> {
  const valueOf = (value: string | readonly string[]) => typeof value === 'string' ? filledIn(value, values) : value.map(item => filledIn(item, values));
  return mapped(conditions, keys => mapped(keys, (value, key) => {
    if (Token.isUnresolved(key)) {
      throw new Error(`the key of a condition, ${key}, is known only at deployment, and IAM takes no reference there; pass literals`);
    }
    return valueOf(value);
  }));
}

function mapped<T, R>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
