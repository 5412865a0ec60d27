import { changed, documents, ROLE, SERVICE_ACCOUNT } from './example';
import type { Facts } from '../facts';
import type { Rule } from '../finding';
import { hopsOf } from '../hops';
import { at, entriesOf } from '../json';
import { type ServiceAccount, title } from '../kubernetes/objects';
import { below, type Place } from '../place';
import { nameOfRole, type Role } from '../template/roles';
import { isForEveryone, issuersOf } from '../trust-answer';
import { isUnresolved, readable } from '../unresolved';

/** All, all but IAM, and IAM, with which a role gives itself the rest. */
const ADMINISTRATOR = /:iam::aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;
const POLICY = '      Policies:\n        - PolicyName: app\n          PolicyDocument:\n            Version: 2012-10-17\n            Statement:\n              - Effect: Allow\n                Action: s3:GetObject\n                Resource: arn:aws:s3:::reports/*\n';

export const allowsEverything: Rule = {
  id: 'allows-everything',
  severity: 'warning',
  title: 'A pod may do everything',
  why: 'A role of a service account that allows the action `*` or `NotAction` on everything, or every action of IAM, or has AdministratorAccess, PowerUserAccess or IAMFullAccess, gives the account to whoever gets into the pod.',
  bad: ROLE + changed(changed(POLICY, 's3:GetObject', '"*"'), 'arn:aws:s3:::reports/*', '"*"'),
  good: ROLE + POLICY,
  *find({ roles, bindings, givenByEks }) {
    const bound = new Set([...bindings.map(({ role }) => role), ...givenByEks]);
    for (const role of roles.filter(each => bound.has(each) || isForTokens(each))) {
      const place = everythingAt(role);
      if (place) {
        yield { message: `the ${nameOfRole(role)} of service accounts allows every action, or nearly so, on everything`, fix: 'list the actions that the workload needs', places: [place] };
      }
    }
  },
};

function isForTokens({ trust }: Role): boolean {
  return typeof trust !== 'string' && (issuersOf(trust).length > 0 || trust.statements.some(isForEveryone));
}

function everythingAt(role: Role): Place | undefined {
  return role.unknownPolicies.some(arn => ADMINISTRATOR.test(arn)) ? below(role.place, 'Properties', 'ManagedPolicyArns')
    : role.policies.find(({ document }) => statementsOf(document).some(allowsAll))?.place;
}

/** Every action, all but some, or all of IAM, on everything: what is limited to a bucket is not the account. */
function allowsAll(statement: unknown): boolean {
  const texts = (element: string): string[] => [at(statement, element)].flat().filter(each => typeof each === 'string');
  const actions = texts('Action');
  // who may make roles with a permissions boundary alone has no more than that
  const isIam = at(statement, 'Condition') === undefined && actions.some(action => /^iam:\*+$/i.test(action));
  return at(statement, 'Effect') === 'Allow' && (at(statement, 'NotAction') !== undefined || isIam || actions.some(action => /^\*+(?::\*+)?$/.test(action)))
    && (at(statement, 'NotResource') !== undefined || texts('Resource').some(resource => /^(?:arn(?=:))?[*:]*\*$/.test(resource)));
}

function statementsOf(document: unknown): unknown[] {
  return [at(document, 'Statement')].flat();
}

export const roleUnused: Rule = {
  id: 'role-unused',
  severity: 'warning',
  title: 'A role that no service account is annotated with',
  why: 'The role trusts a service account that is in the manifests, or one of its namespace, and nothing there names the role: the pod gets nothing, or the role is left over.',
  bad: documents(ROLE, changed(SERVICE_ACCOUNT, '  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web\n', '')),
  good: documents(ROLE, SERVICE_ACCOUNT),
  *find({ roles, references, serviceAccounts, objects, givenByEks }) {
    const named = new Set([...references.map(({ role }) => role), ...givenByEks]);
    // a manifest that names a role that nobody knows may mean this one
    const isOpen = references.some(({ role, arn }) => !role && (isUnresolved(arn) || arn.includes('${cdk-irsa:')));
    const namespaces = new Set(objects.map(({ namespace }) => namespace));
    for (const role of roles.filter(each => !named.has(each) && !isOpen)) {
      const subject = subjectsOf(role).find(({ namespace }) => namespaces.has(namespace));
      if (subject) {
        const account = serviceAccounts.find(({ namespace, name }) => namespace === subject.namespace && name === subject.name);
        if (account && namesOtherwise(account, role)) {
          continue;
        }
        yield {
          message: `the ${nameOfRole(role)} trusts ${subject.namespace}/${subject.name}, ${account ? 'which is not annotated with it' : 'which is not in the manifests'}, and no other names it`,
          fix: `annotate the service account: eks.amazonaws.com/role-arn: ${readable(role.arn)}`,
          places: account ? [account.place, role.trustPlace] : [role.trustPlace],
        };
      }
    }
  },
};

/** A misspelt annotation, or a role that does not exist: other rules say so. */
function namesOtherwise(account: ServiceAccount, role: Role): boolean {
  const { roleArn } = account;
  return entriesOf(at(account.value, 'metadata', 'annotations')).some(([, value]) => value === role.arn || typeof value === 'string' && value === roleArn);
}

function subjectsOf({ trust }: Role): Array<{ namespace: string; name: string }> {
  return typeof trust === 'string' ? [] : trust.statements.filter(({ effect }) => effect === 'Allow').flatMap(({ conditions }) => conditions)
    .filter(({ operator, key }) => /^(?:ForAnyValue:)?String(?:Equals|Like)$/.test(operator) && /:sub$/i.test(key))
    .flatMap(({ values }) => values)
    .map(value => /^system:serviceaccount:([^:*?]+):([^:*?]+)$/.exec(value))
    .flatMap(match => match ? [{ namespace: match[1], name: match[2] }] : []);
}

export const roleShared: Rule = {
  id: 'role-shared',
  severity: 'warning',
  title: 'One role for several namespaces',
  why: 'What one team needs, the other has too; and CloudTrail cannot tell them apart by the role.',
  bad: documents(changed(ROLE, 'system:serviceaccount:apps:web', '[system:serviceaccount:apps:web, system:serviceaccount:jobs:web]'), SERVICE_ACCOUNT, changed(SERVICE_ACCOUNT, 'namespace: apps', 'namespace: jobs')),
  good: documents(ROLE, SERVICE_ACCOUNT),
  *find({ bindings, roles }) {
    for (const role of roles) {
      const users = bindings.filter(binding => binding.role === role);
      const namespaces = [...new Set(users.map(({ namespace }) => namespace).filter(namespace => !isUnresolved(namespace)))];
      if (namespaces.length > 1) {
        const [first, ...others] = namespaces.map(namespace => users.find(user => user.namespace === namespace)!.place);
        yield {
          message: `the ${nameOfRole(role)} is shared by the namespaces ${namespaces.map(readable).join(', ')}`,
          fix: 'give each namespace a role of its own, or suppress this with the reason',
          places: [first, ...others, role.place],
        };
      }
    }
  },
};

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-config
  namespace: apps
data:
  config: |
    [default]
    role_arn = arn:aws:iam::111122223333:role/web
    web_identity_token_file = /var/run/secrets/eks.amazonaws.com/serviceaccount/token

    [profile admin]
    role_arn = arn:aws:iam::111122223333:role/admin
    source_profile = default
`;
const ADMIN = `  Admin:
    Type: AWS::IAM::Role
    Properties:
      RoleName: admin
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal:
              AWS: arn:aws:iam::111122223333:role/web
            Action: sts:AssumeRole
`;

export const configSource: Rule = {
  id: 'config-source-profile',
  severity: 'error',
  title: 'A profile builds on one that is not there',
  why: 'SDKs refuse the profile: the source profile is not in the file, or the profiles go round in a circle.',
  bad: documents(ROLE + ADMIN, SERVICE_ACCOUNT, changed(CONFIG, 'source_profile = default', 'source_profile = base')),
  good: documents(ROLE + ADMIN, SERVICE_ACCOUNT, CONFIG),
  *find({ awsConfigs }) {
    for (const { object, profiles, place } of awsConfigs) {
      for (const { name, settings } of profiles.values()) {
        const source = settings.get('source_profile');
        const problem = source === undefined ? undefined : !profiles.has(source) ? 'which is not in the file'
          : source !== name && isCircle(name, profiles) ? 'and so on, in a circle' : undefined;
        if (problem) {
          yield {
            message: `profile '${name}' of ${title(object)} has the source profile '${String(source)}', ${problem}`,
            fix: `name one of ${[...profiles.keys()].filter(each => each !== name).join(', ') || 'the others'}`,
            places: [place],
          };
        }
      }
    }
  },
};

function isCircle(name: string, profiles: Facts['awsConfigs'][number]['profiles']): boolean {
  const seen = new Set<string>();
  let current: string | undefined = name;
  while (current !== undefined && !seen.has(current)) {
    seen.add(current);
    const next: string | undefined = profiles.get(current)?.settings.get('source_profile');
    current = next === current ? undefined : next;
  }
  return current !== undefined;
}

export const configHop: Rule = {
  id: 'config-hop',
  severity: 'error',
  title: 'A profile\'s role does not let its source in',
  why: 'The role of the profile has to trust the role of its source profile, and in another account that role needs the permission too. STS answers `AccessDenied`.',
  bad: documents(ROLE + changed(ADMIN, 'role/web', 'role/wbe'), SERVICE_ACCOUNT, CONFIG),
  good: documents(ROLE + ADMIN, SERVICE_ACCOUNT, CONFIG),
  *find(facts) {
    for (const hop of hopsOf(facts)) {
      const { verdict, reason } = hop;
      if (verdict === 'denied') {
        yield {
          message: `${hop.user} cannot become the ${nameOfRole(hop.to)}: ${reason}`,
          fix: `let the trust policy name ${readable(hop.from.arn)}, and its policies allow sts:AssumeRole on ${readable(hop.to.arn)}`,
          places: [hop.place, hop.to.trustPlace],
        };
      }
    }
  },
};
