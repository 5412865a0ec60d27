import { changed, ROLE } from './example';
import { statementsOf } from './trust-statements';
import { parseArn } from '../arn';
import type { Rule } from '../finding';
import type { Condition, Statement } from '../policy/document';
import { nameOfRole, type Role } from '../template/roles';
import { covers, isForEveryone } from '../trust-answer';
import { isUnresolved } from '../unresolved';

const ACTIONS = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'];

/**
 * Condition keys that say who calls. An external id does not: it is no secret of AWS, and whoever knows it may come from anywhere. Nor do names
 * and tags, which every account gives to its own.
 */
const WHO = /^(?:aws:(?:principal(?:arn|account|orgid|orgpaths|servicename)|source(?:account|arn|orgid|orgpaths)|userid)|saml:(?:iss|doc|namequalifier)|.*[.\uE000].*:sub)$/i;

export const trustEveryone: Rule = {
  id: 'trust-everyone',
  severity: 'error',
  title: 'Everyone gets the role',
  why: 'The principal `*` is every identity of every AWS account, or every provider, unless a condition says who it may be. An external id, an address or an audience does not.',
  bad: trusting('"*"'),
  good: trusting('arn:aws:iam::111122223333:root'),
  *find({ roles }) {
    for (const role of roles) {
      const open = statementsOf(role).find(statement => isOpen(statement, role));
      if (open) {
        yield {
          message: `the ${nameOfRole(role)} trusts everyone: the principal of statement ${open.index + 1} is *, and no condition says who that may be`,
          fix: 'name the account, the role or the provider as the principal, or add a condition on aws:PrincipalArn or aws:PrincipalOrgID',
          places: [role.trustPlace],
        };
      }
    }
  },
};

function isOpen(statement: Statement, role: Role): boolean {
  return statement.effect === 'Allow' && isForEveryone(statement) && ACTIONS.some(action => covers(statement, action) === 'yes')
    && !statement.conditions.some(saysWho) && !statementsOf(role).some(shutsOut);
}

/** Whether it compares who calls with something that not everybody is. What only a deployment knows gets the benefit of the doubt. */
function saysWho({ operator, key, values }: Condition): boolean {
  return isUnresolved(operator) || key.startsWith('\uE000') && !key.includes(':')
    || WHO.test(key) && /^(?:ForAnyValue:)?(?:String|Arn)/.test(operator) && !/Not|IfExists/.test(operator) && !values.some(isAnybody);
}

/** A pattern for anybody, or for a name that any account may give. */
function isAnybody(value: string): boolean {
  return /^[*?]+$/.test(value) || /[*?]/.test(parseArn(value)?.account ?? '');
}

/** Whether a statement denies the role to all but some: `StringNotEquals` on who calls. */
function shutsOut(statement: Statement): boolean {
  return statement.effect === 'Deny' && isForEveryone(statement) && statement.conditions.length === 1
    && statement.conditions.every(({ operator, key }) => WHO.test(key) && /Not(?:Equals|Like)/.test(operator));
}

/** The role of the examples beside one that trusts whoever is written there. */
function trusting(principal: string): string {
  return changed(ROLE, 'Resources:\n', `Resources:
  Open:
    Type: AWS::IAM::Role
    Properties:
      RoleName: open
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal:
              AWS: ${principal}
            Action: sts:AssumeRole
`);
}
