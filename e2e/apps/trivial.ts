// A CDK app without cdk-irsa: shows that the CDK CLI can deploy what cdk-irsa makes, and get its outputs back.
import { App, BootstraplessSynthesizer, CfnOutput, Stack, aws_iam as iam } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'Trivial', {
  env: { account: process.env.APP_ACCOUNT, region: 'eu-west-1' },
  synthesizer: new BootstraplessSynthesizer(),
});
const url = process.env.APP_ISSUER ?? '';
const audience = process.env.APP_AUDIENCE ?? 'sts.amazonaws.com';
const provider = new iam.CfnOIDCProvider(stack, 'Provider', { url, clientIdList: [audience] });
const hostPath = url.replace('https://', '');
const subject = `system:serviceaccount:default:${process.env.APP_SERVICE_ACCOUNT ?? 'app'}`;
const role = new iam.CfnRole(stack, 'Role', {
  // a string, as CloudFormation allows it
  assumeRolePolicyDocument: stack.toJsonString({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Federated: provider.attrArn },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${hostPath}:sub`]: subject, [`${hostPath}:aud`]: audience } },
    }],
  }),
});
new CfnOutput(stack, 'RoleArn', { value: role.attrArn });
new CfnOutput(stack, 'ProviderArn', { value: provider.ref });
