import type { Explanation, Step } from './explanation';
import { changeThatPasses } from './fix';
import type { DecodedToken, SignatureCheck } from './token';
import type { Decision } from '../decision';
import { statementName, type StatementResult } from '../policy/statement';
import { evaluateWebIdentity, type OidcProvider } from '../web-identity';

/** A token and the role that it is for. */
export interface TokenQuestion {
  readonly token: DecodedToken;
  readonly roleArn: string;
  /** An object, or JSON as a string. */
  readonly trustPolicy: unknown;
  /** @default not known */
  readonly providers?: readonly OidcProvider[];
  /** @default not compared */
  readonly signature?: SignatureCheck;
  readonly now: Date;
}

/** Why STS gives the role to the token, or does not: signature, provider, audience, expiry, trust policy. */
export function explainToken({ token: { header, claims }, roleArn, trustPolicy, providers, signature, now }: TokenQuestion): Explanation {
  const request = { roleArn, trustPolicy, claims, providers };
  const decision = evaluateWebIdentity({ ...request, now });
  const late = decision.error?.code === 'ExpiredTokenException' ? evaluateWebIdentity(request) : decision;
  const { exp } = claims;
  const steps: Step[] = [
    { holds: 'yes', text: `the token says iss ${claims.iss}, sub ${claims.sub}, aud ${[claims.aud].flat().join(', ')}` },
    signatureStep(signature, header.kid),
    ...refusalSteps(late, providers),
    exp === undefined ? { holds: 'unknown', text: 'the token has no expiry' } : expiryStep(exp, now),
    ...late.policies.map(({ action, verdict, statements }): Step => ({
      holds: truthOf(verdict), text: `the trust policy ${verdict === 'allowed' ? 'allows' : verdict === 'denied' ? 'does not allow' : 'may allow'} ${action}`, details: statements.map(statementStep),
    })),
  ];
  const error = signatureError(signature) ?? (decision.error && `${decision.error.code}: ${decision.error.message}`);
  const verdict = error === undefined ? decision.verdict : 'denied';
  return {
    steps,
    verdict,
    summary: signatureError(signature) ? `denied: the signature is ${signature === 'wrong' ? 'not of the issuer\'s key' : 'of a key that the issuer does not have'}` : `${verdict}: ${decision.reason}`,
    ...error === undefined ? {} : { error },
    ...verdict === 'denied' ? { fix: signatureError(signature) ? 'take the token of the cluster that the issuer belongs to, unchanged' : changeThatPasses(request, decision) } : {},
  };
}

function signatureStep(signature: SignatureCheck | undefined, kid: unknown): Step {
  switch (signature) {
    case undefined: return { holds: 'unknown', text: 'the signature was not checked: pass the issuer\'s keys with --jwks' };
    case 'valid': return { holds: 'yes', text: `the signature is of the key ${String(kid)}` };
    case 'wrong': return { holds: 'no', text: `the signature is not of the key ${String(kid)}: the token was changed, or signed by another cluster` };
    case 'no such key': return { holds: 'no', text: `the issuer has no key ${String(kid)}: the token is of another cluster, or the keys are old` };
    case 'unknown algorithm': return { holds: 'no', text: 'the token is signed in a way that STS does not take; it takes RS256 to RS512 and ES256 to ES512' };
  }
}

function signatureError(signature: SignatureCheck | undefined): string | undefined {
  return signature === undefined || signature === 'valid' ? undefined : 'InvalidIdentityToken';
}

function refusalSteps(decision: Decision, providers: readonly OidcProvider[] | undefined): Step[] {
  if (decision.error && decision.policies.length === 0) {
    return [{ holds: 'no', text: decision.reason }];
  }
  return [providers
    ? { holds: 'yes', text: 'the role\'s account has a provider for the issuer, which takes the audience' }
    : { holds: 'unknown', text: 'whether the role\'s account has a provider for the issuer that takes the audience was not checked: pass the template that makes it, or --providers' }];
}

function expiryStep(exp: number, now: Date): Step {
  const time = new Date(exp * 1000);
  const shown = Number.isNaN(time.getTime()) ? String(exp) : time.toISOString();
  return exp * 1000 <= now.getTime() ? { holds: 'no', text: `the token expired at ${shown}` } : { holds: 'yes', text: `the token expires at ${shown}` };
}

function statementStep(statement: StatementResult): Step {
  const effect = statement.effect === 'unknown' ? '' : ` (${statement.effect})`;
  const applies = { yes: 'applies', no: 'does not apply', unknown: 'may apply' }[statement.applies];
  // that a Deny applies is what stands in the way
  const holds = statement.effect === 'Deny' && statement.applies !== 'unknown' ? statement.applies === 'yes' ? 'no' : 'yes' : statement.applies;
  return { holds, text: `${statementName(statement)}${effect} ${applies}`, details: statement.checks.map(({ truth, reason }) => ({ holds: truth, text: reason })) };
}

function truthOf(verdict: Decision['verdict']): Step['holds'] {
  return ({ allowed: 'yes', denied: 'no', unknown: 'unknown' } as const)[verdict];
}
