import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { eksHostPathLength, ENVELOPE_LENGTH, intrinsicLengths, trustPolicyLength } from './trust-policy-size';
import { type TrustedProvider, trustStatements } from './trust-statements';
import { DEFAULT_AUDIENCE } from '../identity/audience';
import { isKept } from '../identity/kept-value';
import { ServiceAccountSubject } from '../identity/service-account-subject';

/** How long the trust policy for these subjects, and then for these clusters, will be at most, white space not counted. */
export type CountTrustPolicy = (subjects: readonly ServiceAccountSubject[]) => (providers: readonly TrustedProvider[]) => number;

/**
 * Counts trust policies by adding up their parts: trying out which clusters fit in one role needs many counts, and rendering each would be slow.
 *
 * A statement is as long as its provider makes it, plus its list of subjects.
 */
export function trustPolicyCounter(stack: Stack, wanted: string): CountTrustPolicy {
  // a lazy one may get its value later; each role counts once more when the template is written
  const audience = isKept(stack.resolve(wanted)) ? wanted : DEFAULT_AUDIENCE;
  const known = new Map<string, Overhead>();
  const overheadOf = (provider: TrustedProvider) => {
    const overhead = known.get(provider.arn) ?? statementOverhead(stack, audience, provider);
    known.set(provider.arn, overhead);
    return overhead;
  };
  return subjects => {
    const exact = listLength(subjects.filter(({ isPattern }) => !isPattern));
    const patterns = listLength(subjects.filter(({ isPattern }) => isPattern));
    return providers => providers.map(overheadOf).reduce((sum, overhead) => sum
      + (exact > 0 ? overhead.exact + exact : 0)
      + (patterns > 0 ? overhead.patterns + patterns : 0), EMPTY_LENGTH);
  };
}

/** Stands for the longest issuer that EKS gives to a cluster of any region. */
export function longestEksProvider(stack: Stack): TrustedProvider {
  const hostPath = 'x'.repeat(eksHostPathLength(Aws.REGION).max);
  return { hostPath, arn: stack.formatArn({ service: 'iam', region: '', account: '123456789012', resource: 'oidc-provider', resourceName: hostPath }) };
}

/** A comma goes with each statement but the first. */
const EMPTY_LENGTH = ENVELOPE_LENGTH - 1;

/** Characters of a provider's statement without its subjects and with its comma. */
interface Overhead {
  readonly exact: number;
  readonly patterns: number;
}

function statementOverhead(stack: Stack, audience: string, provider: TrustedProvider): Overhead {
  const without = (subject: ServiceAccountSubject) => {
    const document = new PolicyDocument({ statements: trustStatements({ providers: [provider], subjects: [subject], audience }) });
    const length = trustPolicyLength(stack.resolve(stack.toJsonString(document)), intrinsicLengths(stack, [provider]));
    return length.max - EMPTY_LENGTH - listLength([subject]);
  };
  return { exact: without(ServiceAccountSubject.of('a', 'b')), patterns: without(ServiceAccountSubject.anyInNamespace('a')) };
}

/** The length of the subjects as JSON: a single one needs no brackets. */
function listLength(subjects: readonly ServiceAccountSubject[]): number {
  const claims = [...new Set(subjects.map(({ claim }) => claim))];
  const quoted = claims.reduce((sum, claim) => sum + claim.length + '"",'.length, 0);
  switch (claims.length) {
    case 0: return 0;
    case 1: return quoted - ','.length;
    default: return quoted - ','.length + '[]'.length;
  }
}
