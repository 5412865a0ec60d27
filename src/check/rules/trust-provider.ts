import { changed, ROLE } from './example';
import { serviceAccountStatementsOf, statements, statementsOf } from './trust-statements';
import { issuerOfProviderArn, parseArn } from '../arn';
import type { Rule } from '../finding';
import { nameOfRole } from '../template/roles';
import { federatedOf } from '../trust-answer';
import { isUnresolved, readable } from '../unresolved';

const SUB_LINE = '                oidc.example.com:sub: system:serviceaccount:apps:web\n';

export const providerAccount: Rule = {
  id: 'provider-account',
  severity: 'error',
  title: 'The provider is in another account than the role',
  why: 'STS looks for the token\'s provider in the account of the role, and answers `InvalidIdentityToken: No OpenIDConnect provider found in your account`.',
  bad: changed(ROLE, '111122223333:oidc-provider', '444455556666:oidc-provider'),
  good: ROLE,
  *find({ roles }) {
    for (const role of roles) {
      const own = parseArn(role.arn);
      const foreign = statementsOf(role).flatMap(federatedOf).find(name => {
        const provider = issuerOfProviderArn(name) === undefined ? undefined : parseArn(name);
        return own && provider && [[own.account, provider.account], [own.partition, provider.partition]]
          .some(([a, b]) => a !== b && !isUnresolved(a) && !isUnresolved(b));
      });
      if (foreign !== undefined) {
        yield {
          message: `the ${nameOfRole(role)} of account ${readable(role.account)} trusts the provider ${readable(foreign)}`,
          fix: `make a provider for the issuer in account ${readable(role.account)}, and name that`,
          places: [role.trustPlace],
        };
      }
    }
  },
};

export const conditionIssuer: Rule = {
  id: 'condition-issuer',
  severity: 'error',
  title: 'A condition asks for the token of another issuer',
  why: 'Keys for `sub` and `aud` begin with the issuer of the statement\'s provider, without `https://`. A token of that provider has no other, and the condition never holds.',
  bad: changed(ROLE, SUB_LINE, '                other.example.com:sub: system:serviceaccount:apps:web\n'),
  good: ROLE,
  find: facts => statements(facts, (statement, issuers) => {
    const known = issuers.filter(issuer => !isUnresolved(issuer)).map(issuer => issuer.toLowerCase());
    const foreign = known.length < issuers.length ? undefined : statement.conditions
      .map(({ key }) => key)
      .find(key => /:(?:sub|aud)$/i.test(key) && !isUnresolved(key) && !known.includes(key.toLowerCase().replace(/:(?:sub|aud)$/, '')));
    return foreign === undefined ? undefined : { problem: `trusts ${issuers.map(readable).join(', ')} and compares ${foreign}`, fix: `write ${issuers[0]}:${foreign.split(':').at(-1)!}` };
  }),
};

export const providerAudience: Rule = {
  id: 'provider-audience',
  severity: 'error',
  title: 'The provider does not take the audience',
  why: 'STS compares the audience of a token with the client ids of the provider before it looks at any trust policy: `InvalidIdentityToken: Incorrect token audience`.',
  bad: changed(ROLE, 'Resources:\n', 'Resources:\n  Provider:\n    Type: AWS::IAM::OIDCProvider\n    Properties:\n      Url: https://oidc.example.com\n      ClientIdList: [sts]\n'),
  good: changed(ROLE, 'Resources:\n', 'Resources:\n  Provider:\n    Type: AWS::IAM::OIDCProvider\n    Properties:\n      Url: https://oidc.example.com\n      ClientIdList: [sts.amazonaws.com]\n'),
  *find({ roles, providers }) {
    for (const role of roles) {
      for (const statement of serviceAccountStatementsOf(role)) {
        const wanted = statement.conditions
          .filter(({ key, operator }) => /:aud$/i.test(key) && /Equals$/.test(operator) && !/Not/.test(operator))
          .flatMap(({ values }) => values);
        const provider = providers.find(({ arn }) => federatedOf(statement).includes(arn));
        const isKnown = provider && wanted.length > 0 && ![...wanted, ...provider.clientIds].some(isUnresolved);
        if (isKnown && !wanted.some(audience => provider.clientIds.includes(audience))) {
          yield {
            message: `the ${nameOfRole(role)} wants tokens for ${wanted.join(' or ')}, and its provider takes ${provider.clientIds.join(', ') || 'none'}`,
            fix: `add ${wanted[0]} to the provider's client ids`,
            places: [provider.place, role.trustPlace],
          };
        }
      }
    }
  },
};
