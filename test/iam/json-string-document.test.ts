import { App, CfnOutput, CfnParameter, CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole, FederatedPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { deployedTrust, onlyRole } from './helpers';
import { jsonStringDocument } from '../../src/iam/json-string-document';

const DEPLOYED = {
  Version: '2012-10-17',
  Statement: [{
    Action: 'sts:AssumeRoleWithWebIdentity', Effect: 'Allow', Principal: { Federated: 'arn' }, Condition: { StringEquals: { 'host/path:sub': 'me' } },
  }],
};

const KEYS = new WeakMap<PolicyDocument, string>();

function documentWith(hostPath: string, times = 1): PolicyDocument {
  const document = new PolicyDocument({
    statements: Array.from({ length: times }, () => new PolicyStatement({
      actions: ['sts:AssumeRoleWithWebIdentity'], principals: [new FederatedPrincipal('arn')], conditions: { StringEquals: { [`${hostPath}:sub`]: 'me' } },
    })),
  });
  KEYS.set(document, hostPath);
  return document;
}

function roleWith(stack: Stack, document: PolicyDocument): CfnRole {
  return new CfnRole(stack, 'Role', { assumeRolePolicyDocument: jsonStringDocument(stack, document, [KEYS.get(document)!]) });
}

test('a token in a condition key gives a JSON string, joined by CloudFormation', () => {
  const stack = new Stack(new App());
  roleWith(stack, documentWith(new CfnParameter(stack, 'HostPath').valueAsString));

  const rendered = onlyRole(stack).AssumeRolePolicyDocument;
  expect(Object.keys(rendered as object)).toEqual(['Fn::Join']);
  expect(deployedTrust(rendered, { 'Ref:HostPath': 'host/path' })).toEqual(DEPLOYED);
});

test('a literal document stays an object', () => {
  const stack = new Stack(new App());
  roleWith(stack, documentWith('host/path'));

  expect(onlyRole(stack).AssumeRolePolicyDocument).toEqual(DEPLOYED);
});

test('a Lazy that turns out literal gives an object', () => {
  const stack = new Stack(new App());
  roleWith(stack, documentWith(Lazy.string({ produce: () => 'host/path' })));

  expect(onlyRole(stack).AssumeRolePolicyDocument).toEqual(DEPLOYED);
});

test('equal statements are merged, as in any policy document', () => {
  const stack = new Stack(new App());
  roleWith(stack, documentWith(new CfnParameter(stack, 'HostPath').valueAsString, 3));

  expect(deployedTrust(onlyRole(stack).AssumeRolePolicyDocument, { 'Ref:HostPath': 'host/path' })).toEqual(DEPLOYED);
});

test('statements that are added later are in it', () => {
  const stack = new Stack(new App());
  const document = documentWith(new CfnParameter(stack, 'HostPath').valueAsString);
  roleWith(stack, document);
  document.addStatements(new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new FederatedPrincipal('later')] }));

  const { Statement } = deployedTrust(onlyRole(stack).AssumeRolePolicyDocument, { 'Ref:HostPath': 'host/path' });
  expect(Statement.map(({ Principal }) => Principal)).toEqual([{ Federated: 'arn' }, { Federated: 'later' }]);
});

test('references to other stacks are found: export, import and dependency', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner');
  const consumer = new Stack(app, 'Consumer');
  const cluster = new CfnResource(owner, 'Cluster', { type: 'Test::Cluster' });
  roleWith(consumer, documentWith(cluster.getAtt('HostPath').toString()));

  const outputs = Template.fromStack(owner).toJSON().Outputs as Record<string, { Export: { Name: string }; Value: unknown }>;
  const [{ Export, Value }] = Object.values(outputs);
  expect(Value).toEqual({ 'Fn::GetAtt': ['Cluster', 'HostPath'] });
  expect(deployedTrust(onlyRole(consumer).AssumeRolePolicyDocument, { [`Import:${Export.Name}`]: 'host/path' })).toEqual(DEPLOYED);
  expect(consumer.dependencies).toEqual([owner]);
});

test('references of other properties are found too', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner');
  const consumer = new Stack(app, 'Consumer');
  const cluster = new CfnResource(owner, 'Cluster', { type: 'Test::Cluster' });
  const role = roleWith(consumer, documentWith(new CfnParameter(consumer, 'HostPath').valueAsString));
  role.description = cluster.getAtt('Name').toString();
  new CfnOutput(owner, 'Own', { value: 'here' });

  expect(JSON.stringify(onlyRole(consumer).Description)).toContain('Fn::ImportValue');
});
