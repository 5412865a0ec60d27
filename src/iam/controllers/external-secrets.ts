import { viaService } from './key-usage';
import { actionsOf, allow, allowWithoutResource, type ControllerData, regional, type StatementData, when } from './policy-data';

/** What External Secrets is scoped by. */
export interface ExternalSecretsScope {
  readonly secretArns?: readonly string[];
  readonly secretNames?: readonly string[];
  readonly parameterNames?: readonly string[];
  readonly keyArns?: readonly string[];
  readonly push?: boolean;
}

/**
 * External Secrets: reads some secrets and parameters, and writes them where it is to push.
 *
 * @see https://external-secrets.io/latest/provider/aws-secrets-manager/
 * @see https://external-secrets.io/latest/provider/aws-parameter-store/
 */
export function externalSecrets(scope: ExternalSecretsScope): ControllerData {
  const { secretArns = [], secretNames = [], parameterNames = [], keyArns = [], push = false } = scope;
  const secrets = [...secretArns, ...secretNames.flatMap(name => regional('secretsmanager', `secret:${withSuffix(name)}`))];
  const parameters = parameterNames.flatMap(name => regional('ssm', `parameter/${name.replace(/^\//, '')}`));
  if (secrets.length + parameters.length === 0) {
    throw new Error('External Secrets is given no secret and no parameter; '
      + "pass secrets, secretNames (such as 'team-a/*') or parameterNames (such as '/team-a/*')");
  }
  return {
    name: 'External Secrets',
    serviceAccounts: [['external-secrets', 'external-secrets']],
    sources: [
      { url: 'https://external-secrets.io/latest/provider/aws-secrets-manager/', version: '0153477' },
      { url: 'https://external-secrets.io/latest/provider/aws-parameter-store/', version: '03e06d2' },
    ],
    statements: [
      ...when(secrets.length > 0, ...secretStatements(secrets, push)),
      ...when(parameters.length > 0, ...parameterStatements(parameters, push)),
      ...when(keyArns.length > 0, allow('ExternalSecretsKeys', actionsOf('kms', 'Decrypt', ...(push ? ['Encrypt', 'GenerateDataKey'] : [])), keyArns,
        { StringLike: { 'kms:ViaService': [viaService('secretsmanager'), viaService('ssm')] } })),
    ],
  };
}

/** The ARN of a secret ends in a dash and six characters that AWS makes up. */
function withSuffix(name: string): string {
  return name.endsWith('*') ? name : `${name}-??????`;
}

function secretStatements(secrets: readonly string[], push: boolean): StatementData[] {
  return [
    // what is in a batch is asked for one by one, and has to be allowed below
    allowWithoutResource('ExternalSecretsList', ['secretsmanager:BatchGetSecretValue', 'secretsmanager:ListSecrets']),
    allow('ExternalSecretsRead', actionsOf('secretsmanager', 'DescribeSecret', 'GetResourcePolicy', 'GetSecretValue', 'ListSecretVersionIds'), secrets),
    ...when(push,
      allow('ExternalSecretsWrite', actionsOf('secretsmanager', 'CreateSecret', 'PutSecretValue', 'TagResource', 'UntagResource'), secrets),
      allow('ExternalSecretsDelete', ['secretsmanager:DeleteSecret'], secrets, { StringEquals: { 'aws:ResourceTag/managed-by': 'external-secrets' } })),
  ];
}

function parameterStatements(parameters: readonly string[], push: boolean): StatementData[] {
  return [
    allowWithoutResource('ExternalSecretsListParameters', ['ssm:DescribeParameters']),
    allow('ExternalSecretsReadParameters', actionsOf('ssm', 'GetParameter', 'GetParameterHistory', 'GetParameters', 'GetParametersByPath', 'ListTagsForResource'), parameters),
    ...when(push,
      allow('ExternalSecretsWriteParameters', actionsOf('ssm', 'AddTagsToResource', 'PutParameter', 'RemoveTagsFromResource'), parameters),
      allow('ExternalSecretsDeleteParameters', ['ssm:DeleteParameter'], parameters, { StringEquals: { 'aws:ResourceTag/managed-by': 'external-secrets' } })),
  ];
}
