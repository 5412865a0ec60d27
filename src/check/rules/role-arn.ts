import { changed, documents, ROLE, SERVICE_ACCOUNT } from './example';
import { ROLE_ARN } from '../../identity/role-arn-pattern';
import { parseRoleArn } from '../arn';
import { type Facts, type RoleReference, rolesIn } from '../facts';
import type { Rule } from '../finding';
import { nearRole } from '../near-role';
import type { Role } from '../template/roles';
import { unseenIn } from '../template/unseen';
import { isUnresolved, readable } from '../unresolved';

const ARN = 'arn:aws:iam::111122223333:role/web';

export const roleArnMalformed: Rule = {
  id: 'role-arn-malformed',
  severity: 'error',
  title: 'What should be the ARN of a role is something else',
  why: 'The webhook injects it all the same and only logs that it looks wrong; then STS answers `ValidationError: Request ARN is invalid`.',
  bad: changed(SERVICE_ACCOUNT, ARN, 'web'),
  good: SERVICE_ACCOUNT,
  *find({ references }) {
    for (const { arn, user, place } of references) {
      if (!isUnresolved(arn) && !isFilledIn(arn) && !ROLE_ARN.test(arn)) {
        yield {
          message: `${user} has the role '${arn}', which is not the ARN of a role`,
          fix: `write arn:PARTITION:iam::ACCOUNT:role/NAME, ${arn.trim() !== arn ? 'without blanks around it' : 'as aws iam get-role --role-name NAME --query Role.Arn prints it'}`,
          places: [place],
        };
      }
    }
  },
};

/** Whether something fills in parts before it is applied: `cdk-irsa render`, Flux, envsubst, Helm. */
function isFilledIn(arn: string): boolean {
  return /\$\{[^}]*\}|\$[A-Za-z_]|\{\{/.test(arn);
}

export const roleMissing: Rule = {
  id: 'role-missing',
  severity: 'error',
  title: 'The role does not exist',
  why: 'STS answers `AccessDenied`, as it does for a role that does not trust the token. Roles are looked for in the templates that were given; an account without any is not checked.',
  bad: documents(ROLE, changed(SERVICE_ACCOUNT, ARN, 'arn:aws:iam::111122223333:role/wbe')),
  good: documents(ROLE, SERVICE_ACCOUNT),
  *find(facts) {
    for (const reference of facts.references) {
      const problem = missing(reference, facts);
      if (problem) {
        yield { message: `${reference.user} has the role ${readable(reference.arn)}, ${problem.message}`, fix: problem.fix, places: [reference.place, ...problem.role ? [problem.role.place] : []] };
      }
    }
  },
};

function missing({ arn, role }: RoleReference, { roles, scopes }: Facts): { message: string; fix: string; role?: Role } | undefined {
  const asked = parseRoleArn(arn);
  if (role || !asked || !ROLE_ARN.test(arn) || partitionSlip(arn, roles)) {
    return undefined;
  }
  const known = rolesIn(roles, asked.account);
  // a name that only the deployment chooses may be this one
  if (known.length === 0 || known.some(each => isUnresolved(each.name) && (isUnresolved(each.partition) || each.partition === asked.partition))
    || hasUnseen(scopes, asked.account)) {
    return undefined;
  }
  const near = nearRole(known, asked.name);
  return near
    ? { message: `which no template has; ${near.name === asked.name ? 'its path differs from' : 'it is nearly'} ${readable(near.arn)}`, fix: `write ${readable(near.arn)}`, role: near }
    : { message: `which none of the templates for account ${asked.account} has`, fix: 'correct the name, or add the template that makes the role' };
}

/** Whether an account may have roles that none of what was given shows. */
function hasUnseen(scopes: Facts['scopes'], account: string): boolean {
  return unseenIn(scopes).some(each => each.account === account || isUnresolved(each.account));
}

export const partitionMismatch: Rule = {
  id: 'partition-mismatch',
  severity: 'error',
  title: 'The role is in another partition',
  why: 'Accounts, roles and STS exist once in each partition (`aws`, `aws-cn`, `aws-us-gov`, …), and nothing reaches from one to another.',
  bad: documents(ROLE, changed(SERVICE_ACCOUNT, ARN, 'arn:aws-cn:iam::111122223333:role/web')),
  good: documents(ROLE, SERVICE_ACCOUNT),
  *find({ references, roles }) {
    for (const { arn, user, place } of references.filter(each => !each.role)) {
      const role = partitionSlip(arn, roles);
      if (role) {
        yield {
          message: `${user} has the role ${arn}, and that role is in the partition ${role.partition}`,
          fix: `write ${readable(role.arn)}`,
          places: [place, role.place],
        };
      }
    }
  },
};

function partitionSlip(arn: string, roles: readonly Role[]): Role | undefined {
  const asked = parseRoleArn(arn);
  return asked && rolesIn(roles, asked.account)
    .find(({ name, partition }) => name === asked.name && !isUnresolved(partition) && partition !== asked.partition);
}

/** What cannot be said of a role that manifests name. */
export function unknownRole({ arn, role }: RoleReference, { roles, scopes }: Facts): string | undefined {
  if (role?.condition !== undefined) {
    return `whether ${arn} exists: its template makes it under the condition ${role.condition}, which only a deployment knows`;
  }
  if (role || !parseRoleArn(arn) && !isUnresolved(arn) && !isFilledIn(arn)) {
    return undefined;
  }
  if (isFilledIn(arn) && !arn.includes('${cdk-irsa:')) {
    return `which role ${arn} is: parts of it are filled in before it is applied; check what was rendered`;
  }
  const account = parseRoleArn(arn)?.account;
  if (account === undefined || isUnresolved(arn)) {
    return `which role ${readable(arn)} is; pass the templates that make it, or --outputs`;
  }
  const known = rolesIn(roles, account);
  return known.length === 0 ? `whether ${arn} exists and trusts it: no template for account ${account} was given`
    : known.some(each => isUnresolved(each.name)) ? `whether ${arn} exists and trusts it: names of roles in account ${account} are known only at deployment; pass --outputs`
      : hasUnseen(scopes, account) && !partitionSlip(arn, roles) ? `whether ${arn} exists and trusts it: templates for account ${account} make roles that are not in them` : undefined;
}
