import { App, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TarballImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { ENV } from './helpers';
import { InlineTemplate } from '../../src/iam/inline-template';

function inline(): { stack: Stack; template: InlineTemplate } {
  // as the CDK CLI has it
  const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'Stack', { env: ENV });
  const template = new InlineTemplate(stack, 'Template');
  new CfnOutput(stack, 'Body', { value: template.body });
  return { stack, template };
}

test('the template is a string in the stack around it', () => {
  const { stack, template } = inline();
  new CfnRole(template, 'Role', { assumeRolePolicyDocument: {}, description: `in ${Aws.ACCOUNT_ID}` });
  const [{ Value: body }] = Object.values(Template.fromStack(stack).findOutputs('Body')) as { Value: string }[];

  expect(body).toBe(JSON.stringify({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, Description: { 'Fn::Join': ['', ['in ', { Ref: 'AWS::AccountId' }]] } } },
    },
  }));
});

test('its environment is that of whatever it is deployed to', () => {
  const { template } = inline();

  expect([template.account, template.region]).toEqual([Aws.ACCOUNT_ID, Aws.REGION]);
});

test.each([
  ['files', (template: Stack) => new Asset(template, 'Asset', { path: __filename })],
  ['images', (template: Stack) => new TarballImageAsset(template, 'Image', { tarballFile: __filename })],
])('fails with %s', (_, add) => {
  expect(() => add(inline().template)).toThrow('Stack/Template is a template within a template, which has no assets; make what needs them in a stack of its own');
});
