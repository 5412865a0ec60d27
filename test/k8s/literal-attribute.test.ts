import { App, CfnResource, Lazy, type Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ACCOUNT, newAgnosticStack, newStack } from './helpers';
import { literalAttribute } from '../../src/k8s/literal-attribute';

function role(scope: Construct, props: { roleName?: string; path?: string } = {}): CfnRole {
  return new CfnRole(scope, 'Role', { assumeRolePolicyDocument: {}, ...props });
}

describe('literalAttribute', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = newStack(app);
  });

  describe('of a role', () => {
    test.each([
      [undefined, 'reader'],
      ['/', 'reader'],
      ['/a/', 'a/reader'],
      ['/a/b/', 'a/b/reader'],
    ])('with the path %p is the ARN and name that it will have', (path, tail) => {
      const resource = role(stack, { roleName: 'reader', path });

      expect(literalAttribute(resource, 'Arn', true)).toBe(`arn:aws:iam::${ACCOUNT}:role/${tail}`);
      expect(literalAttribute(resource, 'Ref', true)).toBe('reader');
    });

    test.each([
      ['eu-west-1', 'aws'], ['us-east-1', 'aws'], ['cn-north-1', 'aws-cn'], ['cn-northwest-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov'], ['us-gov-east-1', 'aws-us-gov'],
      ['us-iso-east-1', 'aws-iso'], ['us-isob-east-1', 'aws-iso-b'], ['us-isof-south-1', 'aws-iso-f'], ['eu-isoe-west-1', 'aws-iso-e'], ['eusc-de-east-1', 'aws-eusc'],
    ])('in %s is in the partition %s', (region, partition) => {
      expect(literalAttribute(role(newStack(app, 'Other', { env: { account: ACCOUNT, region } }), { roleName: 'reader' }), 'Arn', true))
        .toBe(`arn:${partition}:iam::${ACCOUNT}:role/reader`);
    });

    test('in a region that CDK does not know has no ARN: nobody can say the partition', () => {
      const resource = role(newStack(app, 'Other', { env: { account: ACCOUNT, region: 'xx-nowhere-1' } }), { roleName: 'reader' });

      expect(literalAttribute(resource, 'Arn', true)).toBeUndefined();
      expect(literalAttribute(resource, 'Ref', true)).toBe('reader');
    });

    test('follows what is changed after it was made', () => {
      const resource = role(stack, { roleName: 'before', path: '/before/' });
      resource.roleName = 'assigned';
      expect(literalAttribute(resource, 'Ref', true)).toBe('assigned');

      resource.addPropertyOverride('RoleName', 'overridden');
      resource.addPropertyDeletionOverride('Path');
      expect(literalAttribute(resource, 'Arn', true)).toBe(`arn:aws:iam::${ACCOUNT}:role/overridden`);

      resource.addPropertyDeletionOverride('RoleName');
      expect(literalAttribute(resource, 'Arn', true)).toBeUndefined();
    });

    test('takes a lazy name for what it becomes', () => {
      expect(literalAttribute(role(stack, { roleName: Lazy.string({ produce: () => 'lazy' }) }), 'Ref', true)).toBe('lazy');
    });

    test('is not known when CloudFormation names it', () => {
      expect(literalAttribute(role(stack), 'Arn', true)).toBeUndefined();
      expect(literalAttribute(role(newStack(app, 'Other')), 'Ref', true)).toBeUndefined();
    });

    test('is not known when name or path is', () => {
      const name = new CfnBucket(stack, 'Bucket').ref;

      expect(literalAttribute(role(stack, { roleName: name }), 'Ref', true)).toBeUndefined();
      expect(literalAttribute(role(newStack(app, 'Other'), { roleName: 'reader', path: `/${name}/` }), 'Arn', true)).toBeUndefined();
    });

    test('has a name but no ARN in a stack without account', () => {
      const resource = role(newAgnosticStack(app, 'Agnostic'), { roleName: 'reader' });

      expect(literalAttribute(resource, 'Arn', true)).toBeUndefined();
      expect(literalAttribute(resource, 'Ref', true)).toBe('reader');
    });

    test('has no literal id', () => {
      expect(literalAttribute(role(stack, { roleName: 'reader' }), 'RoleId', true)).toBeUndefined();
    });
  });

  describe('of an OIDC provider', () => {
    test.each(['Arn', 'Ref'])('%s is the ARN of its issuer', attribute => {
      const provider = new CfnOIDCProvider(stack, 'Provider', { url: 'https://oidc.example.org/id/1' });

      expect(literalAttribute(provider, attribute, true)).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.org/id/1`);
    });

    test('is not known where the issuer is not', () => {
      const provider = new CfnOIDCProvider(stack, 'Provider', { url: new CfnBucket(stack, 'Bucket').attrWebsiteUrl });

      expect(literalAttribute(provider, 'Arn', true)).toBeUndefined();
    });
  });

  test('of a resource that CloudFormation names is not known', () => {
    const bucket = new CfnBucket(stack, 'Bucket');

    expect(literalAttribute(bucket, 'Ref', true)).toBeUndefined();
    expect(literalAttribute(bucket, 'Arn', true)).toBeUndefined();
  });

  test('of a resource that nobody knows is not known', () => {
    expect(literalAttribute(new CfnResource(stack, 'Own', { type: 'Own::Type::Here', properties: { Name: 'x' } }), 'Ref', true)).toBeUndefined();
  });

  test.each<[string, string]>([
    ['AWS::DynamoDB::Table', 'TableName'],
    ['AWS::ECR::Repository', 'RepositoryName'],
    ['AWS::EKS::Cluster', 'Name'],
    ['AWS::Kinesis::Stream', 'Name'],
    ['AWS::Logs::LogGroup', 'LogGroupName'],
    ['AWS::S3::Bucket', 'BucketName'],
    ['AWS::SSM::Parameter', 'Name'],
  ])('of a named %s is its name', (type, property) => {
    expect(literalAttribute(new CfnResource(stack, 'Named', { type, properties: { [property]: 'x' } }), 'Ref', true)).toBe('x');
  });

  test('of a construct that is no resource is not known', () => {
    expect(literalAttribute(new Construct(stack, 'Construct'), 'Ref', true)).toBeUndefined();
  });
});
