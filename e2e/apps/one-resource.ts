// A stack with one resource: for types that the CloudFormation of the tests can't create, or that there are not.
import { App, BootstraplessSynthesizer, CfnResource, Stack } from 'aws-cdk-lib';

const stack = new Stack(new App(), 'OneResource', { synthesizer: new BootstraplessSynthesizer() });
new CfnResource(stack, 'Resource', { type: process.env.APP_TYPE! });
