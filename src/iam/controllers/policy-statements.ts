import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { Conditions, StatementData } from './policy-data';
import { partitionOf } from '../../identity/pseudo-parameters';

/**
 * Statements as CDK has them, with partition, region and account of where they are.
 *
 * @param scope what the policy belongs to: partition and account are those of its stack
 * @param region the region of the cluster
 */
export function policyStatements(scope: IConstruct, statements: readonly StatementData[], region: string = Stack.of(scope).region): PolicyStatement[] {
  const stack = Stack.of(scope);
  const values = { Partition: partitionOf(stack.region) ?? stack.partition, Region: region, Account: stack.account };
  return statements.map(({ sid, actions, resources, conditions }) => new PolicyStatement({
    sid,
    actions: [...actions],
    resources: resources.map(resource => filledIn(resource, values)),
    conditions: conditions && conditionsOf(conditions, values),
  }));
}

type Values = Readonly<Record<'Partition' | 'Region' | 'Account', string>>;

function filledIn(text: string, values: Values): string {
  return text.replace(/\$\{(Partition|Region|Account)\}/g, (_, name: keyof Values) => values[name]);
}

function conditionsOf(conditions: Conditions, values: Values): Record<string, Record<string, string | string[]>> {
  return Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, Object.fromEntries(Object.entries(keys).map(([key, value]) => {
    if (Token.isUnresolved(key)) {
      throw new Error(`${key} is known only at deployment, and IAM takes a literal as the key of a condition; pass the name of the cluster as a literal`);
    }
    return [key, typeof value === 'string' ? filledIn(value, values) : value.map(item => filledIn(item, values))];
  }))]));
}
