import { App, Aws, NestedStack, Stack } from 'aws-cdk-lib';
import { partitionOf, pseudoParameter } from '../../src/identity/pseudo-parameters';

const REGIONS = [
  ['eu-west-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
];

describe('the partition', () => {
  test.each(REGIONS)('of %s is %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  test('is not known where the region is a token', () => {
    expect(partitionOf(Aws.REGION)).toBeUndefined();
  });

  test('is not known where the region is unknown', () => {
    expect(partitionOf('xx-moon-1')).toBeUndefined();
  });
});

describe('in a stack with account and region', () => {
  test.each(REGIONS)('in %s every pseudo parameter has its value', (region, partition, suffix) => {
    const stack = new Stack(new App(), 'Stack', { stackName: 'my-stack', env: { account: '111111111111', region } });

    expect(pseudoParameter('AWS::AccountId', stack)).toBe('111111111111');
    expect(pseudoParameter('AWS::Region', stack)).toBe(region);
    expect(pseudoParameter('AWS::Partition', stack)).toBe(partition);
    expect(pseudoParameter('AWS::URLSuffix', stack)).toBe(suffix);
    expect(pseudoParameter('AWS::StackName', stack)).toBe('my-stack');
  });

  test.each(['AWS::StackId', 'AWS::NoValue', 'AWS::NotificationARNs', 'Bucket', ''])('%j is not known', name => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });

    expect(pseudoParameter(name, stack)).toBeUndefined();
  });
});

test('in an environment-agnostic stack only the stack name is known', () => {
  const stack = new Stack(new App(), 'Stack');

  const known = ['AWS::AccountId', 'AWS::Region', 'AWS::Partition', 'AWS::URLSuffix', 'AWS::StackName'].filter(name => pseudoParameter(name, stack) !== undefined);
  expect(known).toEqual(['AWS::StackName']);
});

test('in a nested stack the stack name is not known', () => {
  const nested = new NestedStack(new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Nested');

  expect(pseudoParameter('AWS::StackName', nested)).toBeUndefined();
  expect(pseudoParameter('AWS::AccountId', nested)).toBe('111111111111');
});
