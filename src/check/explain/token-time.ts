import type { Explanation, Step } from './explanation';
import type { TokenClaims } from '../web-identity';

/** How far clocks may differ: STS allows as much at the end of a token's life. */
const SKEW_SECONDS = 300;

/** What the times in a token say: when it ends, and whether it is valid already. */
export function timeSteps(claims: TokenClaims, now: Date): Step[] {
  const early = startOf(claims, now);
  return [endStep(claims.exp, now), ...early === undefined ? [] : [{ holds: 'no', text: early } as const]];
}

/** What keeps STS from taking the token at this time, beside that it expired. */
export function timeProblem(claims: TokenClaims, now: Date): Pick<Explanation, 'summary' | 'fix'> | undefined {
  const early = startOf(claims, now);
  return claims.exp === undefined ? { summary: 'denied: the token has no expiry (exp), which STS requires', fix: 'take a token of the cluster: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com' }
    : early !== undefined ? { summary: `denied: ${early}`, fix: 'set the clocks of the issuer and of this machine' } : undefined;
}

function endStep(exp: number | undefined, now: Date): Step {
  return exp === undefined ? { holds: 'no', text: 'the token has no expiry (exp), which STS requires' }
    : exp * 1000 <= now.getTime() ? { holds: 'no', text: `the token expired at ${shown(exp)}` } : { holds: 'yes', text: `the token expires at ${shown(exp)}` };
}

function startOf(claims: TokenClaims, now: Date): string | undefined {
  const name = ['nbf', 'iat'].find(claim => typeof claims[claim] === 'number' && claims[claim] > now.getTime() / 1000 + SKEW_SECONDS);
  return name && `the token is of the future: ${name} is ${shown(claims[name] as number)}`;
}

function shown(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString();
}
