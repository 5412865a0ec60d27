import type { Finding } from '../finding';
import type { Place } from '../place';
import type { Verdict } from '../policy/decide';

/**
 * What can become something, or be had:
 *
 * - `service-account`: of a namespace, and of a cluster where a trust policy says which
 * - `subject`: other tokens that a trust policy names: a pattern, any token of an issuer, tokens of something that is not Kubernetes
 * - `principal`: who comes without a token: accounts, users, services, everyone
 * - `role`
 * - `policy`: what is attached to a role, or part of it
 */
export type NodeKind = 'service-account' | 'subject' | 'principal' | 'role' | 'policy';

/**
 * Why one leads to the other:
 *
 * - `annotation`: manifests name the role, by annotation, variable or config file
 * - `trust`: the trust policy names the token, and no manifest asks for the role
 * - `match`: a pattern of a trust policy covers the service account
 * - `assume`: `sts:AssumeRole`
 * - `policy`: it is attached, or part of the role
 */
export type EdgeKind = 'annotation' | 'trust' | 'match' | 'assume' | 'policy';

/** A node. Texts are for people: what only a deployment knows stands as `${…}`, control characters as `\u0007`. */
export interface GraphNode {
  /** The same in every run, for the same thing: a word of letters and digits, whatever the name is. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Of roles, policies and accounts. @default - none, or not known */
  readonly account?: string;
  /** The issuer of the tokens without its scheme. @default - none, or not known */
  readonly cluster?: string;
  /** @default - none */
  readonly namespace?: string;
  readonly arn?: string;
  /** Whether it is only spoken of: nothing that was given makes it. */
  readonly isUnknown: boolean;
  /** What else there is to say, a clause each. */
  readonly notes: readonly string[];
  /** Where it is made. */
  readonly places: readonly Place[];
  /** What `check` found in it. */
  readonly findings: readonly Finding[];
}

/** One leads to the other. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** `denied` for what somebody asks for and does not get. */
  readonly verdict: Verdict;
  /** Who asks for it, and what is against it, a clause each. */
  readonly notes: readonly string[];
}

/** Who can become what. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** What `check` found elsewhere. */
  readonly otherFindings: readonly Finding[];
}
