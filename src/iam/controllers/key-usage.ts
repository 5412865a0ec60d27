import { actionsOf, allow, type StatementData } from './policy-data';

/**
 * What a controller has to be allowed so that a service encrypts and decrypts for it.
 *
 * @param prefix begins the sids
 * @param service the service that uses the key, as it stands in `kms:ViaService`
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html
 */
export function volumeKeys(prefix: string, service: string, keyArns: readonly string[] | undefined): StatementData[] {
  if (!keyArns?.length) {
    return [];
  }
  const via = { 'kms:ViaService': viaService(service) };
  return [
    allow(`${prefix}UseKeys`, actionsOf('kms', 'Decrypt', 'DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'), keyArns, { StringLike: via }),
    allow(`${prefix}GrantKeys`, ['kms:CreateGrant'], keyArns, { StringLike: via, Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
  ];
}

/** A service in the region of the role; its suffix is another in each partition. */
export function viaService(service: string): string {
  return `${service}.\${Region}.*`;
}
