import { SERVICE_ACCOUNT } from '../../../src/check/rules/example';
import { rulesIn } from '../inputs';

/** The ARN of the provider of a cluster, or of something else. */
export function provider(issuer: string): string {
  return `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
}

/** A statement for web identities of oidc.example.com. */
export function webIdentity(condition?: object, issuer = 'oidc.example.com'): object {
  return { Principal: { Federated: provider(issuer) }, Action: 'sts:AssumeRoleWithWebIdentity', ...condition ? { Condition: condition } : {} };
}

/** A template with the role web, which trusts whom the statements say. */
export function role(...statements: object[]): string {
  return template({ Version: '2012-10-17', Statement: statements.map(statement => ({ Effect: 'Allow', ...statement })) });
}

/** A template with the role web and this trust policy. */
export function template(trustPolicy: unknown, more: object = {}): string {
  return JSON.stringify({
    ...more, Resources: { Web: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'web', AssumeRolePolicyDocument: trustPolicy } } },
  });
}

/** A template as one of several documents of YAML. */
export function withServiceAccount(text: string): string {
  return `${text}\n---\n${SERVICE_ACCOUNT}`;
}

/** The rules that find something in a template. */
export function rulesFor(text: string): string[] {
  return rulesIn(text);
}
