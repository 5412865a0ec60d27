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
  ['AccessDenied: User: arn:aws:sts::111122223333:assumed-role/eksctl-web-nodegroup-NodeInstanceRole-1ABC/i-0abc123 is not authorized to perform: s3:GetObject', /fell back to the role of the node/, /explain --pod/],
  ['AccessDenied: User: arn:aws:sts::111122223333:assumed-role/workers/i-0abc123def is not authorized to perform: s3:GetObject', /fell back to the role of the node/, /explain --pod/],
  ['AccessDenied: User: arn:aws:sts::111122223333:assumed-role/my-nodejs-api/botocore-session-1 is not authorized to perform: s3:GetObject', /policies of the role they are of/, /role you expect/],
  ['AccessDenied: User: arn:aws:sts::1:assumed-role/web/s is not authorized to perform: sts:TagSession on resource: arn:aws:iam::2:role/b', /does not allow sts:TagSession/, /add sts:TagSession/],
  ['AccessDenied: Not authorized to perform sts:TagSession', /does not allow sts:TagSession/, /add sts:TagSession/],
  ['An error occurred (IDPCommunicationError) when calling the AssumeRoleWithWebIdentity operation: x', /no answer in time/, /try again/],
  ["InvalidIdentityToken: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint", /authority that the provider pins/, /thumbprints of the provider/],
  ['WebIdentityErr: failed fetching WebIdentity token: caused by: open /var/run/secrets/eks.amazonaws.com/serviceaccount/token: permission denied', /may not read the token file/, /fsGroup/],
  ["PermissionError: [Errno 13] Permission denied: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token'", /may not read the token file/, /fsGroup/],
  ['ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.', /longer than the role allows/, /MaxSessionDuration/],
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
