import { type Facts, factsOf } from './facts';
import type { Finding } from './finding';
import { hopsOf } from './hops';
import type { ManifestInput } from './kubernetes/objects';
import { below, type Place } from './place';
import { RULES } from './rules';
import { unknownAssociation } from './rules/pod-identity';
import { unknownRole } from './rules/role-arn';
import { unknownTrust } from './rules/trust';
import { unknownAccount } from './rules/workloads';
import { suppressionOf, suppressionsOf } from './suppressions';
import { nameOfRole } from './template/roles';
import type { TemplateInput } from './template/template-input';
import { unseenIn } from './template/unseen';
import { readable } from './unresolved';

/** Both sides, parsed. */
export interface CheckInput {
  readonly templates: readonly TemplateInput[];
  readonly manifests: readonly ManifestInput[];
}

/** What cannot be known from what was given. */
export interface NotChecked {
  /** A clause that begins with `whether` or `which`. */
  readonly what: string;
  readonly place: Place;
}

/** A finding that a file suppresses. */
export interface SuppressedFinding extends Finding {
  /** Why, in the words of the file. */
  readonly reason: string;
}

/** The answer of all rules. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Findings that a file suppresses, with its reason. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly notChecked: readonly NotChecked[];
  /** How much there was to look at. */
  readonly seen: { readonly roles: number; readonly serviceAccounts: number; readonly workloads: number };
}

/** Whether the two sides agree: a pure function of what is in files. */
export function check({ templates, manifests }: CheckInput): CheckResult {
  return checkFacts(factsOf(templates, manifests));
}

/** The same of what was read and connected already. */
export function checkFacts(facts: Facts): CheckResult {
  const found = RULES.flatMap(rule => [...rule.find(facts)].map(hit => ({ rule: rule.id, severity: rule.severity, ...hit })));
  const suppressions = suppressionsOf(facts);
  const reasons = new Map(found.map(finding => [finding, suppressionOf(finding, suppressions)?.reason]));
  return {
    findings: found.filter(finding => reasons.get(finding) === undefined),
    suppressed: found.flatMap(finding => reasons.get(finding) === undefined ? [] : [{ ...finding, reason: String(reasons.get(finding)) }]),
    notChecked: notCheckedOf(facts),
    seen: { roles: facts.roles.length, serviceAccounts: facts.serviceAccounts.length, workloads: facts.workloads.length },
  };
}

function notCheckedOf(facts: Facts): NotChecked[] {
  return [
    ...facts.references.flatMap(reference => said(unknownRole(reference, facts), reference.place)),
    ...unseenIn(facts.scopes).map(({ what, place }) => ({ what, place })),
    ...facts.bindings.flatMap(binding => said(unknownTrust(binding), binding.place)),
    ...facts.associations.flatMap(association => said(unknownAssociation(association), association.place)),
    ...[...hopsOf(facts)].flatMap(({ verdict, reason, user, to, place }) => said(verdict === 'unknown' ? `whether ${user} becomes the ${nameOfRole(to)}: ${reason}` : undefined, place)),
    ...facts.workloads.flatMap(workload => said(unknownAccount(workload, facts), below(workload.podSpecPlace, 'serviceAccountName'))),
  ];
}

function said(what: string | undefined, place: Place): NotChecked[] {
  return what === undefined ? [] : [{ what: readable(what), place }];
}
