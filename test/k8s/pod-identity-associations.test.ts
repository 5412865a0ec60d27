import { type App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import * as kplus from 'cdk8s-plus-28';
import { newApp, newRole, newStack, synth } from './helpers';
import { plainDeployment } from './injection-world';
import { IrsaServiceAccount, Manifests, WebIdentityInjection } from '../../src';

let stack: Stack;
let manifests: Manifests;
beforeEach(() => {
  stack = newStack(newApp());
  manifests = new Manifests(stack, 'Manifests');
});

function associate(namespace: string, serviceAccount: string, scope: Stack = stack): CfnPodIdentityAssociation {
  return new CfnPodIdentityAssociation(scope, 'Association', { clusterName: 'c', namespace, serviceAccount, roleArn: 'arn:aws:iam::111122223333:role/x' });
}

function warnings(): string[] {
  synth(stack.node.root as App);
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-irsa:podIdentityAssociationUnused')).map(({ entry }) => String(entry.data));
}

function inject(): void {
  WebIdentityInjection.into(plainDeployment(manifests.addChart('chart', { namespace: 'default' }), 'Plain', 'reader', ['a', 'b']), { role: newRole(stack) });
}

const WARNING = 'chart/Plain: a, b have web identity variables, and the service account default/reader has the Pod Identity association Stack/Association: '
  + "the variables win, so that the association's role is not used; remove the one or the other";

test('an association that injected variables keep from being used is warned of', () => {
  associate('default', 'reader');
  inject();
  expect(warnings()).toEqual([expect.stringContaining(WARNING)]);
});

test('one of another stack, made by type name, as well', () => {
  const other = newStack(stack.node.root as App, 'Other');
  new CfnResource(other, 'Theirs', { type: 'AWS::EKS::PodIdentityAssociation', properties: { ClusterName: 'c', Namespace: 'default', ServiceAccount: 'reader', RoleArn: 'x' } });
  inject();
  expect(warnings()).toEqual([expect.stringContaining('the Pod Identity association Other/Theirs')]);
});

test('one that an override has moved to the service account, as well', () => {
  associate('default', 'other').addPropertyOverride('ServiceAccount', 'reader');
  inject();
  expect(warnings()).toHaveLength(1);
});

test.each([['default', 'other'], ['other', 'reader']])('one of %s/%s is not', (namespace, name) => {
  associate(namespace, name);
  inject();
  expect(warnings()).toEqual([]);
});

test('one whose names only CloudFormation knows is not: nobody can tell', () => {
  associate('default', new CfnParameter(stack, 'Name').valueAsString);
  inject();
  expect(warnings()).toEqual([]);
});

test('one of pods that the webhook mutates is not: it prefers the association itself', () => {
  associate('default', 'reader');
  const chart = manifests.addChart('chart', { namespace: 'default' });
  const account = new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
  new kplus.Deployment(chart, 'Web', { serviceAccount: account, containers: [{ image: 'x' }] });
  expect(warnings()).toEqual([]);
});

test('variables that somebody set by hand count as well', () => {
  associate('default', 'reader');
  const chart = manifests.addChart('chart', { namespace: 'default' });
  new kplus.Deployment(chart, 'Web', {
    serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'Account', 'reader'),
    containers: [{ name: 'main', image: 'x', envVariables: { AWS_WEB_IDENTITY_TOKEN_FILE: kplus.EnvValue.fromValue('/token') } }],
  });
  expect(warnings()).toEqual([expect.stringContaining('chart/Web/Resource: main has web identity variables')]);
});
