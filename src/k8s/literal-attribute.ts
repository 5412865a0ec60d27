import { Arn, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { roleResourceName } from '../iam/role-arn-elsewhere';
import { partitionOf, pseudoParameter } from '../identity/pseudo-parameters';
import { templateProperty } from '../identity/template-property';

/**
 * The name of a resource, and the ARN of a role or OIDC provider, where synth can know it: the resource has a literal name, and for
 * an ARN its stack an account and region.
 *
 * Read from the resource as it will be in the template, after all overrides, and not from what a construct was told:
 * what CloudFormation makes is what the manifest has to say.
 *
 * @param attribute `Arn` or `Ref`
 * @param hold whether the value goes into a manifest: the synth then fails when something changes it later
 */
export function literalAttribute(resource: IConstruct, attribute: string, hold: boolean): string | undefined {
  if (!CfnResource.isCfnResource(resource)) {
    return undefined;
  }
  const value = currentAttribute(resource, attribute);
  if (value === undefined) {
    PROMISED.get(resource)?.delete(attribute);
  } else if (hold) {
    holdTo(resource, attribute, value);
  }
  return value;
}

const PROMISED = new WeakMap<CfnResource, Map<string, string>>();

/** Fails the synth where something changes a value after it went into a manifest: an aspect that comes late, or one of an outer Stage. */
function holdTo(resource: CfnResource, attribute: string, value: string): void {
  const promised = PROMISED.get(resource);
  if (promised) {
    promised.set(attribute, value);
    return;
  }
  const values = new Map([[attribute, value]]);
  PROMISED.set(resource, values);
  resource.node.addValidation({
    validate: () => [...values]
      .filter(([name, written]) => currentAttribute(resource, name) !== written)
      .map(([name, written]) => `${name} is '${currentAttribute(resource, name)}' in the template, and '${written}' went into a manifest before; `
        + 'give the aspect that changes it a lower priority number than AspectPriority.READONLY'),
  });
}

function currentAttribute(resource: CfnResource, attribute: string): string | undefined {
  switch (resource.cfnResourceType) {
    case CfnRole.CFN_RESOURCE_TYPE_NAME: return roleAttribute(resource, attribute);
    case CfnOIDCProvider.CFN_RESOURCE_TYPE_NAME: return providerAttribute(resource, attribute);
    default: return attribute === 'Ref' ? literalName(resource) : undefined;
  }
}

/**
 * Resources of which `Ref` gives the name, and the property that sets it: what pods are usually told about.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html "Return values"
 */
const NAME_PROPERTY: Record<string, string> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::EKS::Cluster': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SSM::Parameter': 'Name',
};

function literalName(resource: CfnResource): string | undefined {
  const property = NAME_PROPERTY[resource.cfnResourceType];
  const name = property && templateProperty(resource, property);
  return typeof name === 'string' ? name : undefined;
}

function roleAttribute(resource: CfnResource, attribute: string): string | undefined {
  const resourceName = roleResourceName(resource);
  switch (attribute) {
    case 'Ref': return literalName(resource);
    case 'Arn': return resourceName && iamArn(resource.stack, 'role', resourceName);
    default: return undefined;
  }
}

function providerAttribute(resource: CfnResource, attribute: string): string | undefined {
  const url = templateProperty(resource, 'Url');
  return typeof url === 'string' && (attribute === 'Arn' || attribute === 'Ref')
    ? iamArn(resource.stack, 'oidc-provider', url.replace(/^https:\/\//, ''))
    : undefined;
}

function iamArn(stack: Stack, resource: string, resourceName: string): string | undefined {
  const account = pseudoParameter('AWS::AccountId', stack);
  const partition = partitionOf(stack.region);
  return account && partition
    ? Arn.format({ service: 'iam', region: '', account, partition, resource, resourceName })
    : undefined;
}
