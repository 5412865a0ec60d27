/** Partitions by the beginning of their regions, and their domains; all else is `aws`. */
const PARTITIONS: ReadonlyArray<readonly [prefix: string, partition: string, domain: string]> = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov'],
];

/** The partition of a region, and the domain of its services. */
export function partitionOf(region: string): { readonly partition: string; readonly domain: string } {
  const [, partition, domain] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? ['', 'aws', 'amazonaws.com'];
  return { partition, domain };
}
