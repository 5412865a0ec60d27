import { rulesFor } from './trust';
import { changed, documents, POD, SERVICE_ACCOUNT } from '../../../src/check/rules/example';

const ACCOUNT = changed(SERVICE_ACCOUNT, 'automountServiceAccountToken: false\n', '');

/** Something may be done in the cluster by this subject. */
function bound(subject: string, kind = 'RoleBinding'): string {
  return documents(ACCOUNT, POD, `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: b, namespace: apps}\nsubjects: [${subject}]\n`);
}

describe('a token for the API beside the role', () => {
  test.each([
    '{kind: ServiceAccount, name: web}',
    '{kind: ServiceAccount, name: web, namespace: apps}',
    '{kind: User, name: "system:serviceaccount:apps:web"}',
    '{kind: Group, name: "system:serviceaccounts:apps"}',
  ])('is for a binding of %s', subject => {
    expect([rulesFor(bound(subject)), rulesFor(bound(subject, 'ClusterRoleBinding'))]).toEqual([[], []]);
  });

  test.each([
    '{kind: ServiceAccount, name: web, namespace: jobs}',
    '{kind: User, name: "system:serviceaccount:jobs:web"}',
    '{kind: User, name: "system:serviceaccount:apps:other"}',
    '{kind: Group, name: "system:serviceaccounts:jobs"}',
    // every service account of the cluster, for things such as discovery: nothing about this one
    '{kind: Group, name: "system:serviceaccounts"}',
    '{kind: Group, name: apps}',
    '{}',
  ])('is not for a binding of %s', subject => {
    expect(rulesFor(bound(subject))).toEqual(['api-token-mounted']);
  });
});

describe('pods are found', () => {
  const [, spec] = POD.split('spec:\n');
  const inTemplate = (kind: string, apiVersion: string, keys: readonly string[]): string => {
    const indent = '  '.repeat(keys.length);
    return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: apps}\n${keys.map((key, depth) => `${'  '.repeat(depth)}${key}:\n`).join('')}${indent}spec:\n${spec.replace(/^/gm, indent).trimEnd()}\n`;
  };

  test.each([
    ['Pod', 'v1', []],
    ['PodTemplate', 'v1', ['template']],
    ['Deployment', 'apps/v1', ['spec', 'template']],
    ['CronJob', 'batch/v1', ['spec', 'jobTemplate', 'spec', 'template']],
    ['Rollout', 'argoproj.io/v1alpha1', ['spec', 'template']],
  ])('in a %s', (kind, apiVersion, keys) => {
    expect(rulesFor(documents(ACCOUNT, inTemplate(kind, apiVersion, keys)))).toEqual(['api-token-mounted']);
  });
});
