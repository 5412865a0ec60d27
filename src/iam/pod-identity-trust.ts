import { Lazy, type Stack, Token } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { foldedText } from './folded-text';
import type { PodIdentityOptions } from './pod-identity-options';
import { oneOrList, podIdentityStatements } from './pod-identity-statements';
import { ENVELOPE_LENGTH, HOW_TO_RAISE, type Length, trustPolicyLength } from './trust-policy-size';
import { isDynamicReference, isKept, shownLost } from '../identity/kept-value';
import { accountOfClusterArn, MAX_CLUSTER_NAME_LENGTH } from '../identity/pod-identity';
import type { ServiceAccountSubject } from '../identity/service-account-subject';

/** How a role of ours is trusted to EKS Pod Identity, and in which clusters: associations add theirs. */
export class PodIdentityTrust {
  /** Reads the options of a role; `undefined` for a role that EKS Pod Identity does not get. */
  public static of(
    user: string, stack: Stack, subjects: readonly ServiceAccountSubject[], options: PodIdentityOptions,
  ): PodIdentityTrust | undefined {
    const { podIdentity = false, podIdentityClusterArns = [], podIdentitySessionTags = true } = options;
    if (!podIdentity) {
      const [useless] = (['podIdentityClusterArns', 'podIdentitySessionTags'] as const).filter(option => options[option] !== undefined);
      if (useless) {
        throw new Error(`${user} has ${useless}, and EKS Pod Identity may not assume it; set podIdentity: true, or leave ${useless} out`);
      }
      return undefined;
    }
    podIdentityClusterArns.filter(arn => !Token.isUnresolved(arn)).forEach(arn => assertClusterArn(user, stack, arn));
    return new PodIdentityTrust(stack, subjects, podIdentitySessionTags, podIdentityClusterArns);
  }

  /** The statements of the trust policy. The clusters in them are filled in when the template is written. */
  public readonly statements: PolicyStatement[];

  private readonly clusterArns: string[];

  private constructor(
    private readonly stack: Stack,
    subjects: readonly ServiceAccountSubject[],
    /** Whether the trust policy compares session tags. */
    public readonly sessionTags: boolean,
    clusterArns: readonly string[],
  ) {
    this.clusterArns = [...clusterArns];
    this.statements = podIdentityStatements({
      account: stack.account, subjects, sessionTags, clusterArns: Lazy.uncachedAny({ produce: () => oneOrList(this.distinctArns()) }),
    });
  }

  /** Lets the pods of another cluster in. */
  public addCluster(arn: string): void {
    this.clusterArns.push(arn);
  }

  /** What is wrong once everything is there. */
  public problems(): string[] {
    return this.clusterArns.length > 0 ? clusterProblems(this.stack, this.clusterArns) : ['podIdentity is on, and no cluster is known in which: make a PodIdentityAssociation with this role, '
      + 'or pass podIdentityClusterArns for associations that are made elsewhere'];
  }

  /** How many characters of the trust policy are these statements. */
  public length(intrinsicLength: (intrinsic: unknown) => Length): Length {
    const document = new PolicyDocument({ statements: this.statements });
    const { min, max } = trustPolicyLength(this.stack.resolve(this.stack.toJsonString(document)), intrinsicLength);
    return { min: min - ENVELOPE_LENGTH, max: max - ENVELOPE_LENGTH };
  }

  /** How long a value will be that CloudFormation puts into the ARN of a cluster. */
  public clusterLength(intrinsic: unknown): Length | undefined {
    const wanted = JSON.stringify(intrinsic);
    for (const arn of this.clusterArns) {
      const resolved: unknown = this.stack.resolve(arn);
      if (JSON.stringify(resolved) === wanted) {
        return CLUSTER_ARN_LENGTH;
      }
      const last: unknown = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1]?.at(-1);
      if (JSON.stringify(last) === wanted) {
        return { min: 1, max: MAX_CLUSTER_NAME_LENGTH };
      }
    }
    return undefined;
  }

  /** The same cluster may be named by a literal and by an association. */
  private distinctArns(): string[] {
    return [...new Map(this.clusterArns.map(arn => [foldedText(this.stack, arn), arn])).values()];
  }
}

/** Says by how much a trust policy is too long that would fit without EKS Pod Identity, and the ways out. */
export function podIdentityTooLong(length: number, quota: number, podIdentity: number): string {
  return `trust policy is ${length} characters long and IAM takes ${quota} (white space not counted): ${podIdentity} of them are for EKS Pod Identity. `
    + `Give some of the service accounts, or of the clusters, a role of their own, leave the providers out when no pod needs them any more (providers: []), or ${HOW_TO_RAISE}`;
}

const CLUSTER_ARN_LENGTH: Length = {
  min: 'arn:aws:eks:us-east-1:123456789012:cluster/x'.length,
  max: 'arn:aws-us-gov:eks:us-isof-south-1:123456789012:cluster/'.length + MAX_CLUSTER_NAME_LENGTH,
};

/** What is wrong with the ARNs of clusters when the template is written: all may come to nothing by then, and the condition on them with them. */
function clusterProblems(stack: Stack, arns: readonly string[]): string[] {
  const values = arns.map((arn): unknown => stack.resolve(arn));
  return isKept(values)
    ? arns.flatMap(arn => clusterArnProblems(stack, arn))
    : [`has ${values.map(shownLost).join(', ')} among the ARNs of its clusters, so that any cluster of the account would do; pass one that has a value in every case`];
}

function clusterArnProblems(stack: Stack, arn: string): string[] {
  if (!Token.isUnresolved(arn)) {
    return [];
  }
  const value: unknown = stack.resolve(arn);
  const text = foldedText(stack, value);
  if (typeof value !== 'string' || isDynamicReference(value)) {
    return /[*?]/.test(text) ? [`has '${text}' among the ARNs of its clusters, in which a wildcard stands for other clusters; name each of them`] : [];
  }
  try {
    assertClusterArn('the role', stack, value);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function assertClusterArn(user: string, { account }: Stack, arn: string): void {
  const owner = accountOfClusterArn(arn);
  if (owner === undefined) {
    throw new Error(`${user} has '${arn}' among its podIdentityClusterArns, which is not the ARN of a cluster (arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME)`);
  }
  if (!Token.isUnresolved(account) && owner !== account) {
    throw new Error(`${user} is in account ${account} and the cluster ${arn} in account ${owner}: EKS Pod Identity gives pods roles of the cluster's account only; `
      + 'make the role there, and pass this one as targetRole of the association');
  }
}
