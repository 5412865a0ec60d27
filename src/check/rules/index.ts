import { annotationNotText, annotationOnWorkload, annotationTypo, regionalSts, skipContainers, tokenExpiration } from './annotations';
import { containerOverride, projectedExpiration, staticCredentials, tokenMountTaken } from './containers';
import { allowsEverything, configHop, configSource, roleShared, roleUnused } from './permissions';
import { associationUnused, podIdentityTrust } from './pod-identity';
import { partitionMismatch, roleArnMalformed, roleMissing } from './role-arn';
import { suppressionUnclear } from './suppression';
import { trustAudience, trustDenied, trustNoProvider, trustSubject } from './trust';
import { trustEveryone } from './trust-everyone';
import { trustAudienceOpen, trustLength, trustLiteralWildcard, trustMalformed, trustOperator, trustSubjectOpen, trustWildcard } from './trust-policy';
import { conditionIssuer, providerAccount, providerAudience } from './trust-provider';
import { apiTokenMounted, serviceAccountMissing, serviceAccountNamespace, serviceAccountUnused, webhookSkipped } from './workloads';
import type { Rule } from '../finding';

/** Rules about one thing, in the order of the catalogue. */
export interface RuleGroup {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** All rules. Their ids are stable: suppressions name them. */
export const RULE_GROUPS: readonly RuleGroup[] = [
  {
    title: 'Do role and service account agree?',
    rules: [roleArnMalformed, roleMissing, partitionMismatch, trustSubject, trustAudience, trustDenied, trustNoProvider],
  },
  {
    title: 'Trust policies',
    rules: [
      trustMalformed, trustOperator, trustEveryone, trustAudienceOpen, trustSubjectOpen, trustWildcard, trustLiteralWildcard, conditionIssuer,
      providerAccount, providerAudience, trustLength,
    ],
  },
  { title: 'Annotations', rules: [annotationTypo, annotationOnWorkload, annotationNotText, tokenExpiration, regionalSts, skipContainers] },
  {
    title: 'Workloads',
    rules: [
      serviceAccountNamespace, serviceAccountMissing, serviceAccountUnused, webhookSkipped, apiTokenMounted, containerOverride, staticCredentials,
      tokenMountTaken,
      projectedExpiration,
    ],
  },
  { title: 'What roles may do, and who has them', rules: [allowsEverything, roleUnused, roleShared, configSource, configHop] },
  { title: 'EKS Pod Identity', rules: [podIdentityTrust, associationUnused] },
  { title: 'Suppressions', rules: [suppressionUnclear] },
];

/** All rules, one by one. */
export const RULES: readonly Rule[] = RULE_GROUPS.flatMap(({ rules }) => rules);
