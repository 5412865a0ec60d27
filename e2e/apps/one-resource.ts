// A stack with a resource that the CloudFormation of the tests can't create: it has to say so.
import { App, BootstraplessSynthesizer, CfnResource, Stack } from 'aws-cdk-lib';

const stack = new Stack(new App(), 'UnknownType', { synthesizer: new BootstraplessSynthesizer() });
new CfnResource(stack, 'Nothing', { type: 'AWS::Nowhere::Nothing' });
