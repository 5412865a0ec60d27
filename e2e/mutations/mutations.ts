/** A text in one file of the package, and what it becomes. */
export interface Mutation {
  readonly name: string;
  /** In the package. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A scenario that has to fail. */
  readonly scenario: string;
  /** The case that is there for it, as the report names it. */
  readonly caughtBy: RegExp;
}

const TRUST = 'lib/iam/trust-statements.js';

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'aud is dropped from the trust policy',
    file: TRUST,
    from: '{ [`${hostPath}:aud`]: (0, pinned_audience_1.pinnedAudience)(trust.audience) }',
    to: '{}',
    // the provider takes both audiences there: where it takes one only, it refuses the other by itself
    scenario: 'custom audience',
    caughtBy: /fails for the audience sts\.amazonaws\.com/,
  },
  {
    name: 'aud is dropped from the statement for patterns',
    file: TRUST,
    from: 'statement({ StringEquals: audience, StringLike:',
    to: 'statement({ StringLike:',
    scenario: 'wildcard subjects',
    caughtBy: /fails for the audience reports\.example\.com/,
  },
  {
    name: 'sub is of another namespace',
    file: TRUST,
    from: 'subject => subject.claim',
    to: "subject => subject.claim.replace(/:([^:]+):([^:]+)$/, ':$1-2:$2')",
    scenario: 'literal issuer',
    caughtBy: /fails for the same name in another namespace/,
  },
  {
    name: 'StringLike with a wildcard name instead of StringEquals',
    file: TRUST,
    from: '{ StringEquals: { ...audience, [`${hostPath}:sub`]: oneOrList(exact) } }',
    to: "{ StringEquals: audience, StringLike: { [`${hostPath}:sub`]: oneOrList(exact.map(claim => claim.replace(/[^:]+$/, '*'))) } }",
    scenario: 'literal issuer',
    caughtBy: /fails for another service account/,
  },
  {
    name: 'one letter of the role name in the annotation is another',
    // where files are written: earlier, the library itself would see that role and annotation disagree
    file: 'lib/k8s/atomic-files.js',
    from: 'writeFileSync(temporary, content,',
    to: "writeFileSync(temporary, content.replace(/(role-arn: .*).$/m, '$1x'),",
    scenario: 'literal issuer',
    caughtBy: /the role is assumed by the service account itself/,
  },
  {
    name: 'nothing is injected into pods',
    file: 'lib/k8s/object-transforms.js',
    from: 'get(scope)(object, json)',
    to: 'get(scope)(object, json) && json',
    scenario: 'no webhook',
    caughtBy: /a pod of the workload is accepted and gets its variables and token/,
  },
  {
    name: 'all containers of a pod have the token of one audience',
    file: 'lib/k8s/webhook/inject-pod.js',
    from: 'special?.audience ?? ownAudience',
    to: 'ownAudience',
    scenario: 'many roles',
    caughtBy: /uploader: sdk reads the object/,
  },
];

/** A file of the package with a mutation: its text has to be there once. */
export function mutatedText(text: string, { file, from, to }: Mutation): string {
  const parts = text.split(from);
  if (parts.length !== 2) {
    throw new Error(`'${from}' occurs ${parts.length - 1} times in ${file}, expected once: adapt the mutation to the library`);
  }
  return parts.join(to);
}
