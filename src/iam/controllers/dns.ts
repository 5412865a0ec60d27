import { allow, allowWithoutResource, type ControllerData, scopedTo, unowned } from './policy-data';

/** What a controller of DNS records is scoped by. */
export interface HostedZoneScope {
  readonly hostedZoneArns?: readonly string[];
}

/** What cert-manager is scoped by. */
export interface CertManagerScope extends HostedZoneScope {
  readonly challengeRecords?: readonly string[];
}

const ZONES = unowned('route53', '', 'hostedzone/*');

/**
 * ExternalDNS: the records of some hosted zones.
 *
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/
 */
export function externalDns({ hostedZoneArns }: HostedZoneScope = {}): ControllerData {
  const zones = scopedTo('hostedZones', hostedZoneArns, ZONES);
  return {
    name: 'ExternalDNS',
    serviceAccounts: [['external-dns', 'external-dns']],
    sources: [{ url: 'https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/', version: 'v0.15' }],
    statements: [
      allow('ExternalDnsRecords', ['route53:ChangeResourceRecordSets'], zones),
      allow('ExternalDnsListRecords', ['route53:ListResourceRecordSets'], zones),
      // filters by tags ask for those of all zones; before 0.15 for one after another
      allow('ExternalDnsTags', ['route53:ListTagsForResource', 'route53:ListTagsForResources'], ZONES),
      allowWithoutResource('ExternalDnsListZones', ['route53:ListHostedZones']),
    ],
  };
}

/**
 * cert-manager, for DNS01 challenges: TXT records of some hosted zones, and no others.
 *
 * @see https://cert-manager.io/docs/configuration/acme/dns01/route53/
 */
export function certManager({ hostedZoneArns, challengeRecords }: CertManagerScope = {}): ControllerData {
  const zones = scopedTo('hostedZones', hostedZoneArns, ZONES);
  return {
    name: 'cert-manager',
    serviceAccounts: [['cert-manager', 'cert-manager']],
    sources: [
      { url: 'https://cert-manager.io/docs/configuration/acme/dns01/route53/', version: '9b815c7 (2024-09-11)' },
      { url: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html', version: '2026' },
    ],
    statements: [
      allow('CertManagerRecords', ['route53:ChangeResourceRecordSets'], zones, {
        'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'] },
        'ForAllValues:StringLike': { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': scopedTo('challengeRecords', challengeRecords, ['_acme-challenge.*']) },
        // ForAllValues holds for a request without the key as well
        'Null': { 'route53:ChangeResourceRecordSetsRecordTypes': 'false' },
      }),
      allow('CertManagerListRecords', ['route53:ListResourceRecordSets'], zones),
      allow('CertManagerChanges', ['route53:GetChange'], unowned('route53', '', 'change/*')),
      allowWithoutResource('CertManagerListZones', ['route53:ListHostedZonesByName']),
    ],
  };
}
