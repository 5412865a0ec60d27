import { check, type CheckInput } from '../../src/check/check';
import { readInput } from '../../src/check/input/read-input';
import { at, entriesOf } from '../../src/check/json';
import { RULES } from '../../src/check/rules';
import { exampleAssembly } from '../example-assembly';

/** JSON that a test may change. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

interface Example {
  readonly objects: Json[];
  readonly resources: Json[];
  find(kind: string): Json;
  resource(type: string): Json;
}

const EXAMPLES = ['quickstart', 'role-chaining', 'pod-identity-migration'] as const;

const READS: Record<string, CheckInput> = {};
beforeAll(() => {
  for (const name of EXAMPLES) {
    READS[name] = readInput([exampleAssembly(name).directory], { parameters: new Map(), outputs: new Map() });
  }
});

/** An example with something changed in it, and the rules that find it. */
function rulesAfter(name: string, change: (example: Example) => void): string[] {
  const templates = READS[name].templates.map(template => ({ ...template, value: structuredClone(template.value) }));
  const manifests = READS[name].manifests.map(({ source, value }) => ({ source, value: structuredClone(value) }));
  const objects = manifests.map(({ value }) => value as Json);
  const resources = templates.flatMap(({ value }) => entriesOf(at(value, 'Resources')).map(([, resource]) => resource as Json));
  change({
    objects,
    resources,
    find: kind => objects.find(object => object.kind === kind),
    resource: type => resources.find(resource => resource.Type === type),
  });
  return [...new Set(check({ templates, manifests }).findings.map(({ rule }) => rule))];
}

const ROLE_ARN = 'eks.amazonaws.com/role-arn';
const MOUNT = '/var/run/secrets/eks.amazonaws.com/serviceaccount';

const account = (example: Example): Json => example.find('ServiceAccount');
const annotations = (example: Example): Json => account(example).metadata.annotations;
const pod = (example: Example): Json => example.find('Deployment').spec.template;
const container = (example: Example): Json => pod(example).spec.containers[0];
const trust = (example: Example): Json => example.resource('AWS::IAM::Role').Properties.AssumeRolePolicyDocument.Statement[0];
const equals = (example: Example): Json => trust(example).Condition.StringEquals;
const subKey = (example: Example): string => Object.keys(equals(example)).find(key => key.endsWith(':sub'))!;
const audKey = (example: Example): string => Object.keys(equals(example)).find(key => key.endsWith(':aud'))!;
const eksTrust = ({ resources }: Example): Json[] => resources.filter(({ Type: type }) => type === 'AWS::IAM::Role')
  .flatMap(role => role.Properties.AssumeRolePolicyDocument.Statement as Json[]).filter(({ Principal: principal }) => principal.Service === 'pods.eks.amazonaws.com');
const config = (example: Example): Json => example.find('ConfigMap').data;

const CHANGES: Record<string, [example: typeof EXAMPLES[number], change: (example: Example) => void]> = {
  'role-arn-malformed': ['quickstart', each => (annotations(each)[ROLE_ARN] = ` ${annotations(each)[ROLE_ARN]}`)],
  'role-missing': ['quickstart', each => (annotations(each)[ROLE_ARN] += 'x')],
  'partition-mismatch': ['quickstart', each => (annotations(each)[ROLE_ARN] = annotations(each)[ROLE_ARN].replace('arn:aws:', 'arn:aws-us-gov:'))],
  'trust-subject': ['quickstart', each => (equals(each)[subKey(each)] = 'system:serviceaccount:defualt:s3-reader')],
  'trust-audience': ['quickstart', each => (annotations(each)['eks.amazonaws.com/audience'] = 'vault')],
  'trust-denied': ['quickstart', each => (equals(each)['aws:SourceVpc'] = 'vpc-1', trust(each).Action = 'sts:AssumeRoleWithSAML')],
  'trust-no-provider': ['quickstart', each => (trust(each).Principal = { Service: 'ec2.amazonaws.com' })],
  'trust-malformed': ['quickstart', each => (trust(each).Resource = '*')],
  'trust-operator': ['quickstart', each => (trust(each).Condition.StringMatches = { 'aws:SourceIp': 'x' })],
  'trust-everyone': ['quickstart', each => each.resource('AWS::IAM::Role').Properties.AssumeRolePolicyDocument.Statement.push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' })],
  'aud-not-pinned': ['quickstart', each => delete equals(each)[audKey(each)]],
  'sub-not-pinned': ['quickstart', each => delete equals(each)[subKey(each)]],
  'sub-wildcard': ['quickstart', each => {
    trust(each).Condition.StringLike = { [subKey(each)]: 'system:serviceaccount:default:s3-*' };
    delete equals(each)[subKey(each)];
  }],
  'sub-wildcard-literal': ['quickstart', each => (equals(each)[subKey(each)] = ['system:serviceaccount:default:s3-reader', 'system:serviceaccount:default:*'])],
  'condition-issuer': ['quickstart', each => (trust(each).Condition.StringEqualsIfExists = { 'oidc.example.com:sub': 'system:serviceaccount:default:s3-reader' })],
  'provider-account': ['quickstart', each => (trust(each).Principal.Federated = [trust(each).Principal.Federated, 'arn:aws:iam::999999999999:oidc-provider/oidc.example.com'])],
  'provider-audience': ['quickstart', each => (each.resource('AWS::IAM::OIDCProvider').Properties.ClientIdList = ['sts.amazonaws.com.cn'])],
  'trust-length': ['quickstart', each => (equals(each)[subKey(each)] = [equals(each)[subKey(each)], ...Array.from({ length: 60 }, (_, n) => `system:serviceaccount:default:other-${n}`)])],
  'annotation-typo': ['quickstart', each => {
    annotations(each)['eks.amazonaws.com/rolearn'] = annotations(each)[ROLE_ARN];
    delete annotations(each)[ROLE_ARN];
  }],
  'annotation-on-workload': ['quickstart', each => (pod(each).metadata.annotations = { [ROLE_ARN]: annotations(each)[ROLE_ARN] })],
  'annotation-not-text': ['quickstart', each => (annotations(each)['eks.amazonaws.com/token-expiration'] = 3600)],
  'token-expiration': ['quickstart', each => (annotations(each)['eks.amazonaws.com/token-expiration'] = '1h')],
  'regional-sts': ['quickstart', each => (annotations(each)['eks.amazonaws.com/sts-regional-endpoints'] = 'on')],
  'skip-containers': ['quickstart', each => (pod(each).metadata.annotations = { 'eks.amazonaws.com/skip-containers': 'proxy' })],
  'service-account-namespace': ['quickstart', each => (each.find('Deployment').metadata.namespace = 'web')],
  'service-account-unused': ['quickstart', each => delete pod(each).spec.serviceAccountName],
  'webhook-skipped': ['quickstart', each => (pod(each).metadata.labels['eks.amazonaws.com/skip-pod-identity-webhook'] = 'true')],
  'api-token-mounted': ['quickstart', each => (pod(each).spec.automountServiceAccountToken = true)],
  'container-override': ['quickstart', each => (container(each).env = [{ name: 'AWS_ROLE_ARN', value: annotations(each)[ROLE_ARN] }])],
  'static-credentials': ['quickstart', each => (container(each).env = [{ name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'k', key: 'k' } } }])],
  'token-mount-taken': ['quickstart', each => (container(each).volumeMounts = [{ name: 'x', mountPath: `${MOUNT}/` }])],
  'projected-expiration': ['quickstart', each => (pod(each).spec.volumes = [{ name: 'x', projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 599 } }] } }])],
  'allows-everything': ['quickstart', each => (each.resource('AWS::IAM::Policy').Properties.PolicyDocument.Statement.push({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }))],
  'role-unused': ['quickstart', each => delete annotations(each)[ROLE_ARN]],
  'role-shared': ['quickstart', each => {
    equals(each)[subKey(each)] = [equals(each)[subKey(each)], 'system:serviceaccount:jobs:s3-reader'];
    const copy = structuredClone(account(each));
    copy.metadata.namespace = 'jobs';
    Object.assign(each.find('Deployment'), { kind: 'List', apiVersion: 'v1', items: [structuredClone(each.find('Deployment')), copy] });
  }],
  'config-source-profile': ['role-chaining', each => entriesOf(config(each)).forEach(([key, text]) => (config(each)[key] = String(text).replace('source_profile = account-b-admin', 'source_profile = b-admin')))],
  'config-hop': ['role-chaining', each => each.resources.filter(({ Type: type, Properties: properties }) => type === 'AWS::IAM::Role' && properties.RoleName === 'special-s3-access')
    .forEach(role => (role.Properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS = 'arn:aws:iam::567890123456:role/other'))],
  'pod-identity-trust': ['pod-identity-migration', each => eksTrust(each).forEach(statement => (statement.Action = 'sts:AssumeRole'))],
  'association-unused': ['pod-identity-migration', each => each.objects.filter(({ metadata: { name } }) => name === 'api' || name.startsWith('api-')).forEach(object => {
    const spec = object.kind === 'ServiceAccount' ? object.metadata : object.spec.template.spec;
    spec[object.kind === 'ServiceAccount' ? 'name' : 'serviceAccountName'] = 'api-c80f8ddd';
  })],
  'suppression': ['quickstart', each => (annotations(each)['cdk-irsa/ignore-everything'] = 'because')],
};
CHANGES['service-account-missing'] = ['quickstart', each => {
  const other = structuredClone(each.find('Deployment'));
  other.spec.template.spec.serviceAccountName = 's3-raeder';
  Object.assign(each.find('Deployment'), { kind: 'List', apiVersion: 'v1', items: [structuredClone(each.find('Deployment')), other] });
}];

test.each(EXAMPLES)('%s is fine as it is', name => {
  expect(check(READS[name])).toMatchObject({ findings: [], notChecked: [] });
});

test('every rule has a change', () => {
  expect(Object.keys(CHANGES).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

test.each(RULES.map(({ id }) => id))('%s is what a change of an example is found by, and nothing else', rule => {
  const [name, change] = CHANGES[rule];

  expect(rulesAfter(name, change)).toEqual([rule]);
});
