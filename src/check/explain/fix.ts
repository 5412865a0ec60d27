import { parseRoleArn } from '../arn';
import type { Decision } from '../decision';
import { at, type JsonObject, listOf, objectOf } from '../json';
import { nearestOf } from '../policy/decide';
import { parsePolicy } from '../policy/document';
import type { StatementResult } from '../policy/statement';
import { evaluateWebIdentity, type WebIdentityRequest } from '../web-identity';

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** What would make a denied request pass. A change of the trust policy is tried before it is said. */
export function changeThatPasses(request: WebIdentityRequest, decision: Decision): string {
  const { claims, roleArn } = request;
  const issuer = claims.iss.replace(/^https:\/\//, '');
  if (decision.error?.code !== 'ValidationError' && [claims.azp ?? claims.aud].flat().length === 0) {
    // without the condition, the role would be for tokens of any audience
    return 'ask for a token with an audience, and leave the trust policy as it is: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com';
  }
  switch (decision.error?.code) {
    case 'ValidationError': return 'write the ARN of a role: arn:PARTITION:iam::ACCOUNT:role/NAME';
    case 'ExpiredTokenException': return 'take a new token: the kubelet renews the file in the pod, so read it again for each call';
    case 'InvalidIdentityToken': return issuer === claims.iss ? 'let the issuer of the cluster be a URL that starts with https:// (--service-account-issuer of its API server)'
      : decision.error.message === 'Incorrect token audience'
        ? `add ${[claims.azp ?? claims.aud].flat()[0] ?? 'the audience'} to the client ids of the provider, or ask for a token for an audience that it takes`
        : `make an OIDC provider for https://${issuer} in account ${parseRoleArn(roleArn)?.account ?? 'of the role'}, or use the role of an account that has one`;
  }
  return policyChange(request, decision, issuer);
}

function policyChange(request: WebIdentityRequest, decision: Decision, issuer: string): string {
  const statements = decision.policies.find(({ verdict }) => verdict === 'denied')?.statements ?? [];
  const deny = statements.find(({ effect, applies }) => effect === 'Deny' && applies === 'yes');
  if (deny) {
    return tried(request, [{ index: deny.index, text: `remove ${nameOf(deny)}, which denies it`, change: () => undefined }]);
  }
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  const nearest = nearestOf(allows) ?? allows[0];
  return nearest ? tried(request, editsOf(nearest, request, issuer)) : 'add a statement that allows it';
}

/** A change of one statement; `undefined` removes it. */
interface Edit {
  readonly index: number;
  readonly text: string;
  readonly change: (statement: JsonObject) => JsonObject | undefined;
}

function editsOf(statement: StatementResult, { claims, roleArn, trustPolicy }: WebIdentityRequest, issuer: string): Edit[] {
  const { index } = statement;
  const role = parseRoleArn(roleArn);
  const provider = `arn:${role?.partition ?? 'aws'}:iam::${role?.account ?? 'ACCOUNT'}:oidc-provider/${issuer}`;
  const conditions = parsePolicy(trustPolicy, 'trust').statements[index].conditions;
  const offset = statement.checks.length - conditions.length;
  return statement.checks.flatMap(({ about, truth }, position): Edit[] => {
    if (truth !== 'no') {
      return [];
    }
    if (about === 'action') {
      return [{ index, text: `let ${nameOf(statement)} allow ${ACTION}`, change: each => ({ ...each, Action: ACTION, NotAction: undefined }) }];
    }
    if (about === 'principal') {
      return [{ index, text: `let ${nameOf(statement)} trust ${provider}`, change: each => ({ ...each, Principal: { Federated: provider } }) }];
    }
    const { operator, key } = conditions[position - offset];
    const value = about === 'sub' ? claims.sub : about === 'aud' ? [claims.azp ?? claims.aud].flat()[0] : undefined;
    const own = `${issuer}:${about}`;
    return [value === undefined
      ? { index, text: `remove ${operator} of ${key} from ${nameOf(statement)}, or meet it`, change: each => without(each, operator, key) }
      : {
        index,
        text: `let ${nameOf(statement)} want ${key.toLowerCase() === own.toLowerCase() ? about : own} to be ${value}`,
        change: each => {
          const rest = without(each, operator, key);
          return { ...rest, Condition: { ...objectOf(rest.Condition), StringEquals: { ...objectOf(at(rest.Condition, 'StringEquals')), [own]: value } } };
        },
      }];
  });
}

function without(statement: JsonObject, operator: string, key: string): JsonObject {
  const { [key]: _removed, ...block } = objectOf(at(statement, 'Condition', operator)) ?? {};
  const { [operator]: _block, ...others } = objectOf(statement.Condition) ?? {};
  return { ...statement, Condition: Object.keys(block).length > 0 ? { ...others, [operator]: block } : others };
}

function tried(request: WebIdentityRequest, edits: readonly Edit[]): string {
  const policy = objectOf(typeof request.trustPolicy === 'string' ? JSON.parse(request.trustPolicy) : request.trustPolicy) ?? {};
  const original = Array.isArray(policy.Statement) ? listOf(policy.Statement) : [policy.Statement];
  const changed = original.map((statement, index) => edits.filter(edit => edit.index === index)
    .reduce<JsonObject | undefined>((each, { change }) => each && change(each), objectOf(statement)));
  const trustPolicy: unknown = JSON.parse(JSON.stringify({ ...policy, Statement: changed.filter(each => each !== undefined) }));
  const text = edits.map(edit => edit.text).join(', and ');
  return passes({ ...request, trustPolicy }) ? text : `${text}; that alone is not enough`;
}

function passes(request: WebIdentityRequest): boolean {
  try {
    return evaluateWebIdentity(request).verdict === 'allowed';
  } catch {
    return false;
  }
}

function nameOf({ sid, index }: StatementResult): string {
  return sid ? `statement '${sid}'` : `statement ${index + 1}`;
}
