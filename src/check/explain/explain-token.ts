import type { Explanation, Step } from './explanation';
import { changeThatPasses } from './fix';
import { type DecodedToken, isAlgorithmOfSts, type SignatureCheck } from './token';
import { timeProblem, timeSteps } from './token-time';
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

/** Why STS gives the role to the token, or does not: signature, provider, audience, times, trust policy. */
export function explainToken({ token: { header, claims }, roleArn, trustPolicy, providers, signature, now }: TokenQuestion): Explanation {
  const request = { roleArn, trustPolicy, claims, providers };
  const decision = evaluateWebIdentity({ ...request, now });
  const late = decision.error?.code === 'ExpiredTokenException' ? evaluateWebIdentity(request) : decision;
  // no keys are needed to see that STS does not take an algorithm
  const checked = signature ?? (isAlgorithmOfSts(header.alg) ? undefined : 'unknown algorithm');
  const steps: Step[] = [
    { holds: 'yes', text: `the token says iss ${claims.iss}, sub ${claims.sub}, aud ${[claims.aud].flat().join(', ')}` },
    signatureStep(checked, header.kid),
    ...refusalSteps(late, providers),
    ...timeSteps(claims, now),
    ...late.policies.map(({ action, verdict, statements }): Step => ({
      holds: truthOf(verdict), text: `the trust policy ${verdict === 'allowed' ? 'allows' : verdict === 'denied' ? 'does not allow' : 'may allow'} ${action}`, details: statements.map(statementStep),
    })),
  ];
  const problem = signatureProblem(checked) ?? (decision.error ? undefined : timeProblem(claims, now));
  if (problem) {
    return { steps, verdict: 'denied', error: 'InvalidIdentityToken', ...problem };
  }
  const { error, verdict, reason } = decision;
  return {
    steps,
    verdict,
    summary: `${verdict}: ${reason}`,
    ...error === undefined ? {} : { error: `${error.code}: ${error.message}` },
    ...verdict === 'denied' ? { fix: changeThatPasses(request, decision) } : {},
  };
}

const NOT_TAKEN = 'the token is signed in a way that STS does not take; it takes RS256 to RS512 and ES256 to ES512';

function signatureStep(signature: SignatureCheck | undefined, kid: unknown): Step {
  switch (signature) {
    case undefined: return { holds: 'unknown', text: 'the signature was not checked: pass the issuer\'s keys with --jwks' };
    case 'valid': return { holds: 'yes', text: `the signature is of the key ${String(kid)}` };
    case 'wrong': return { holds: 'no', text: `the signature is not of the key ${String(kid)}: the token was changed, or signed by another cluster` };
    case 'no such key': return { holds: 'no', text: `the issuer has no key ${String(kid)}: the token is of another cluster, or the keys are old` };
    case 'unknown algorithm': return { holds: 'no', text: NOT_TAKEN };
  }
}

function signatureProblem(signature: SignatureCheck | undefined): Pick<Explanation, 'summary' | 'fix'> | undefined {
  const fix = 'take the token of the cluster that the issuer belongs to, unchanged';
  switch (signature) {
    case 'wrong': return { summary: 'denied: the signature is not of the issuer\'s key', fix };
    case 'no such key': return { summary: 'denied: the signature is of a key that the issuer does not have', fix };
    case 'unknown algorithm': return { summary: `denied: ${NOT_TAKEN}`, fix };
    default: return undefined;
  }
}

function refusalSteps(decision: Decision, providers: readonly OidcProvider[] | undefined): Step[] {
  if (decision.error && decision.policies.length === 0) {
    return [{ holds: 'no', text: decision.reason }];
  }
  return [providers
    ? { holds: 'yes', text: 'the role\'s account has a provider for the issuer, which takes the audience' }
    : { holds: 'unknown', text: 'whether the role\'s account has a provider for the issuer that takes the audience was not checked: pass the template that makes it, or --providers' }];
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
