import { explainError } from '../../../src/check/explain/explain-error';

test.each<[string, RegExp, RegExp]>([
  ['An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity', /the trust policy of the role did not/, /^sub in the trust policy/],
  ['InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.example.com', /no OIDC provider/, /account in the role-arn/],
  ['InvalidIdentityToken: Incorrect token audience', /client ids/, /sts\.amazonaws\.com/],
  ['ExpiredTokenException: Token expired: current date/time 1 must be before the expiration date/time 0', /too old/, /reads the token file again/],
  ["InvalidIdentityToken: Couldn't retrieve verification key from your identity provider", /keys of the issuer/, /openid-configuration/],
  ['ValidationError: Request ARN is invalid', /not the ARN of a role/, /role-arn annotation/],
  ['User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/c', /the next one of the chain/, /trust policy of the role behind "on resource"/],
  ['AccessDenied: User: arn:aws:sts::1:assumed-role/eks-NodeRole/i-1 is not authorized to perform: s3:GetObject', /fell back to the role of the node/, /explain --pod/],
  ['AccessDenied: User: arn:aws:sts::1:assumed-role/web/x is not authorized to perform: s3:GetObject', /policies of the role they are of/, /role you expect/],
  ['Unable to locate credentials. You can configure credentials by running "aws configure".', /no credentials at all/, /explain --pod/],
  ['NoCredentialProviders: no valid providers in chain', /no credentials at all/, /explain --pod/],
])('%s', (text, meaning, first) => {
  const found = explainError(text)!;

  expect(found.meaning).toMatch(meaning);
  expect(found.facts[0]).toMatch(first);
});

test.each([[''], ['Throttling: Rate exceeded'], ['AccessDenied']])('%j is not one of ours', text => {
  expect(explainError(text)).toBeUndefined();
});
