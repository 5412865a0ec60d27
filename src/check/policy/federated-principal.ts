import { issuerOfProviderArn, parseArn } from '../arn';
import { isUnresolved, readable } from '../unresolved';
import type { Check } from './condition';
import type { Principal } from './document';
import { matchesText } from './operators';
import { any, type Truth } from './truth';

/**
 * Whether a trust policy's principal is the OIDC provider that a token comes through.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
 */
export function matchesProvider(principal: Principal, providerArn: string): Check {
  const federated = principal.names.get('Federated') ?? [];
  const listed = principal.everyone ? 'yes' : any([
    ...federated.map(name => matchesName(name, providerArn)),
    ...principal.names.get('AWS')?.some(name => name === '*') ? ['unknown' as const] : [],
    ...principal.names.has('unknown') ? ['unknown' as const] : [],
  ]);
  if (principal.negated) {
    return { truth: 'unknown', reason: 'IAM takes no NotPrincipal in trust policies' };
  }
  return { truth: listed, reason: reasonOf(principal, listed, federated, providerArn) };
}

function matchesName(name: string, providerArn: string): Truth {
  // a name is taken to the letter; only parts of a deployment may be anything
  return name === '*' ? 'unknown' : isUnresolved(name) || isUnresolved(providerArn) ? matchesText(providerArn, name, false) : name === providerArn ? 'yes' : 'no';
}

function reasonOf(principal: Principal, truth: Truth, federated: readonly string[], providerArn: string): string {
  if (truth === 'yes') {
    return principal.everyone ? 'the policy trusts everyone (*)' : `the policy trusts ${readable(providerArn)}`;
  }
  if (truth === 'unknown') {
    return `whether the policy trusts ${readable(providerArn)} is not known here`;
  }
  if (federated.length === 0) {
    return `the policy trusts ${[...principal.names].map(([type, names]) => `${type} ${names.map(readable).join(', ')}`).join(' and ')}, and no OIDC provider`;
  }
  const difference = federated.length === 1 ? differenceOf(federated[0], providerArn) : '';
  return `the token comes through ${readable(providerArn)}, the policy trusts ${federated.map(readable).join(', ')}${difference}`;
}

function differenceOf(name: string, providerArn: string): string {
  const [is, wants] = [parseArn(providerArn), parseArn(name)];
  if (!is || !wants || issuerOfProviderArn(name) === undefined) {
    return ': that is not the ARN of an OIDC provider';
  }
  const differing = [
    ...is.partition === wants.partition ? [] : ['partition'],
    ...is.account === wants.account ? [] : ['account'],
    ...is.resource === wants.resource ? [] : ['issuer'],
  ];
  return differing.length === 0 ? '' : `: ${differing.join(' and ')} ${differing.length > 1 ? 'differ' : 'differs'}`;
}
