import type { IAlias, IKey } from 'aws-cdk-lib/aws-kms';

/** The ARNs of the keys that there are, each once. An alias stands for its key: IAM takes the ARN of an alias for no key. */
export function arnsOfKeys(...keys: Array<IKey | undefined>): string[] {
  return [...new Set(keys.flatMap(key => key ? [arnOfKey(key)] : []))];
}

function arnOfKey(key: IKey): string {
  const keyArn = keyBehind(key)?.keyArn;
  if (keyArn === undefined || keyArn.includes(':alias/')) {
    throw new Error(`${key.node.path} is an alias, and its key is not known; pass the key itself: IAM takes no alias as a resource`);
  }
  return keyArn;
}

function keyBehind(key: IKey): IKey | undefined {
  if (!('aliasTargetKey' in key)) {
    return key;
  }
  try {
    return keyBehind((key as IAlias).aliasTargetKey);
  } catch {
    // CDK's way to say that an alias was imported by its name
    return undefined;
  }
}
