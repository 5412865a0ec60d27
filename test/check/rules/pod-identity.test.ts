import { rulesFor } from './trust';
import { changed, documents, POD, SERVICE_ACCOUNT } from '../../../src/check/rules/example';
import { associationUnused } from '../../../src/check/rules/pod-identity';

const ASSOCIATION = associationUnused.good.split('---\n')[0];
const OTHER = changed(POD, 'serviceAccountName: web', 'serviceAccountName: web-c80f8ddd');
const PLAIN = changed(SERVICE_ACCOUNT, '  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web\n', '');

test.each(['web-c80f8ddd', 'wbe', 'webs'])('an association for a service account that is called %s in the manifests', name => {
  expect(rulesFor(documents(ASSOCIATION, changed(OTHER, 'web-c80f8ddd', name)))).toEqual(['association-unused']);
});

test.each<[string, string]>([
  ['the pod has it', documents(ASSOCIATION, POD)],
  ['it is there, and its workload elsewhere', documents(ASSOCIATION, PLAIN, OTHER)],
  ['there are no manifests', ASSOCIATION],
  ['what is there is something else: it may come with a chart', documents(ASSOCIATION, changed(OTHER, 'web-c80f8ddd', 'api'))],
  ['the manifests are of another namespace', documents(ASSOCIATION, changed(OTHER, 'namespace: apps', 'namespace: jobs'))],
  ['a pod of whatever namespace has it', documents(ASSOCIATION, OTHER, changed(POD, '  namespace: apps\n', ''))],
  ['only a deployment knows its name', documents(changed(ASSOCIATION, 'ServiceAccount: web', 'ServiceAccount: !Ref Name'), OTHER)],
])('nothing is found when %s', (_, text) => {
  expect(rulesFor(text)).not.toContain('association-unused');
});
