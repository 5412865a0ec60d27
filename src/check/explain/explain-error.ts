/** What an error of STS or of an SDK says. */
export interface ErrorMeaning {
  readonly meaning: string;
  /** What to look at, the likeliest first. */
  readonly facts: readonly string[];
}

const FACTS = {
  pod: 'the pod: kubectl get pod POD -o yaml | npx cdk-irsa explain --pod -',
  token: 'the token: npx cdk-irsa explain --token FILE --role ARN --trust FILE',
};

const MEANINGS: ReadonlyArray<readonly [pattern: RegExp, meaning: ErrorMeaning]> = [
  [/Not authorized to perform sts:AssumeRoleWithWebIdentity/i, {
    meaning: 'the provider took the token, and the trust policy of the role did not; or there is no such role',
    facts: [
      'sub in the trust policy: system:serviceaccount:NAMESPACE:NAME, to the letter',
      'the role-arn annotation: account and name of a role that exists',
      'aud in the trust policy: the audience of the token, sts.amazonaws.com by default',
      'Principal.Federated: the provider of this cluster, in the account of the role',
      FACTS.token,
    ],
  }],
  [/No OpenIDConnect provider found in your account/i, {
    meaning: 'the account of the role has no OIDC provider for the issuer of the token',
    facts: ['the account in the role-arn annotation', 'the OIDC providers of that account: aws iam list-open-id-connect-providers', 'the issuer of the cluster, which changes when the cluster is made again'],
  }],
  [/Incorrect token audience/i, {
    meaning: 'the provider does not list the audience of the token among its client ids',
    facts: ['the client ids of the provider: sts.amazonaws.com', 'the annotation eks.amazonaws.com/audience, or the audience of the projected token'],
  }],
  [/ExpiredToken|Token expired/i, {
    meaning: 'the token is too old',
    facts: ['whether the program reads the token file again for each call', 'the clock of the node', 'whether the token was copied out of the pod'],
  }],
  [/Couldn't retrieve verification key|verification key/i, {
    meaning: 'STS could not fetch the keys of the issuer, or they do not have the one of the token',
    facts: ['whether ISSUER/.well-known/openid-configuration and its jwks_uri can be read from the internet', 'whether the key of the token (kid) is among them', 'the certificate of the issuer\'s host'],
  }],
  [/Request ARN is invalid|Value .* at 'roleArn'/i, {
    meaning: 'what was asked for is not the ARN of a role',
    facts: ['the role-arn annotation: arn:PARTITION:iam::ACCOUNT:role/NAME, without blanks', 'AWS_ROLE_ARN in the container, which wins over the annotation'],
  }],
  [/IDPCommunicationError/i, {
    meaning: 'STS asked the issuer for its keys, and got no answer in time',
    facts: ['whether it goes away: programs may try again', 'whether the issuer answers from the internet, within seconds: npx cdk-irsa verify-issuer URL'],
  }],
  [/certificate doesn't match configured thumbprint/i, {
    meaning: 'the certificate of the issuer\'s host is not of the authority that the provider pins',
    facts: ['the thumbprints of the provider: aws iam get-open-id-connect-provider --open-id-connect-provider-arn ARN', 'whether the host got a certificate of another authority', 'whether the token is of the host that you mean'],
  }],
  [/permission denied[^\n]{0,200}\/token|\/token[^\n]{0,200}permission denied/i, {
    meaning: 'the program may not read the token file',
    facts: ['securityContext.fsGroup of the pod: with it, the group of the program may read the file', 'the user that the container runs as'],
  }],
  [/DurationSeconds exceeds/i, {
    meaning: 'the session is to be longer than the role allows',
    facts: ['MaxSessionDuration of the role', 'the duration that the program or its profile asks for (duration_seconds)', 'of a role that another role assumes, an hour is the most'],
  }],
  [/not authorized to perform:? sts:TagSession/i, {
    meaning: 'tags come with the session, and the trust policy does not allow sts:TagSession',
    facts: ['the actions of the trust policy: add sts:TagSession beside sts:AssumeRole or sts:AssumeRoleWithWebIdentity', 'the permission sts:TagSession of the role behind "User", if there is one'],
  }],
  [/assumed-role\/[^/\s]*node[-_]?(?:group|instance|role)|assumed-role\/[^/\s]+\/i-[0-9a-f]|instance-profile|EC2MetadataError|no EC2 IMDS role found/i, {
    meaning: 'the program did not use the token, and fell back to the role of the node',
    facts: [FACTS.pod, 'the version of the SDK: it has to know web identities', 'whether the pod was made before the annotation'],
  }],
  [/User: (\S+) is not authorized to perform: sts:AssumeRole on resource/i, {
    meaning: 'the first role was given; the next one of the chain does not let it in',
    facts: ['the trust policy of the role behind "on resource": it has to name the role behind "User"', 'the permission sts:AssumeRole of the role behind "User"', 'the external id'],
  }],
  [/is not authorized to perform/i, {
    meaning: 'credentials were given, and the policies of the role they are of do not allow the call',
    facts: ['whether the ARN behind "User" is of the role you expect; of the node, the pod has no role', 'the policies of that role', FACTS.pod],
  }],
  [/Unable to locate credentials|NoCredentialProviders|Could not load credentials|CredentialsProviderError|failed to refresh cached credentials/i, {
    meaning: 'the program found no credentials at all: the webhook gave the pod nothing',
    facts: [FACTS.pod, 'the role-arn annotation of the service account', 'whether the pod was made before it'],
  }],
];

/** What to look at first; `undefined` for errors of something else. */
export function explainError(text: string): ErrorMeaning | undefined {
  return MEANINGS.find(([pattern]) => pattern.test(text))?.[1];
}
