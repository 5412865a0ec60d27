import { parseArn } from '../../check/arn';
import { ROLE_ARN } from '../../identity/role-arn-pattern';

/** A role that a pod was given. */
export interface OldRole {
  /** As it is written in the annotation. */
  readonly text: string;
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
  /** Its name, with the path before it. */
  readonly pathAndName: string;
  readonly name: string;
}

/** What a name of a role is put behind, as kiam's `--role-base-arn` and kube2iam's `--base-role-arn`: mostly it ends with a slash, and can go on. */
const BASE_ROLE_ARN = /^arn:aws[a-z0-9-]*:iam::\d{12}:role\/[\w\-/.@+=,]*$/;

/** Fails unless names of roles can be put behind it. */
export function validateBaseRoleArn(text: string): string {
  if (!BASE_ROLE_ARN.test(text)) {
    throw new Error(`the base ARN of roles is '${text}', and one such as arn:aws:iam::123456789012:role/ is expected, as kiam (--role-base-arn) or kube2iam (--base-role-arn) has it`);
  }
  return text;
}

/** The role that an annotation stands for, by the rules of kiam and kube2iam. Fails for what is none, and for a name without a base ARN. */
export function oldRole(text: string, baseRoleArn: string | undefined): OldRole {
  if (!text.startsWith('arn:') && baseRoleArn === undefined) {
    throw new Error(`the role '${text}' is a name; say in which account it is: --base-role-arn arn:aws:iam::ACCOUNT:role/, as kiam or kube2iam is started with`);
  }
  const arn = text.startsWith('arn:') ? text : `${baseRoleArn}${text.replace(/^\//, '')}`;
  if (!ROLE_ARN.test(arn) || arn.endsWith('/')) {
    throw new Error(`'${arn}' is not the ARN of a role, such as arn:aws:iam::123456789012:role/reader`);
  }
  const { partition, account, resource } = parseArn(arn)!;
  const pathAndName = resource.slice('role/'.length);
  return { text, arn, partition, account, pathAndName, name: pathAndName.slice(pathAndName.lastIndexOf('/') + 1) };
}
