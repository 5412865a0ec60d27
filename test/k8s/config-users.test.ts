import type { App, Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ACCOUNT, newApp, newRole, newStack, synth } from './helpers';
import { AwsConfigFile, AwsConfigMap, IrsaServiceAccount, Manifests, RoleChain, ServiceAccountSubject } from '../../src';

/** Mounts a token, as the webhook would. */
function mountToken(audience: string, mountPath = '/var/run/secrets/eks.amazonaws.com/serviceaccount'): (deployment: kplus.Deployment) => void {
  const volume = { name: 'token', projected: { sources: [{ serviceAccountToken: { audience, path: 'token' } }] } };
  return deployment => ApiObject.of(deployment).addJsonPatch(
    JsonPatch.add('/spec/template/spec/volumes/-', volume),
    JsonPatch.add('/spec/template/spec/containers/0/volumeMounts/-', { name: 'token', mountPath, readOnly: true }),
  );
}

describe('the pods that an AWS config file of a chain is mounted into', () => {
  let app: App;
  let stack: Stack;
  let chart: Chart;
  let pod: ReturnType<typeof newRole>;
  beforeEach(() => {
    app = newApp();
    stack = newStack(app, 'Tools');
    chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    pod = newRole(stack, 'Pod', { roleName: 'pod' });
  });

  /** What synth says of a pod with this service account that the chain's file is mounted into. */
  function problemsOf(serviceAccount: kplus.IServiceAccount | undefined, role: IRole = pod,
    change: (deployment: kplus.Deployment) => void = () => {}): string {
    const web = new kplus.Deployment(chart, 'Web', { serviceAccount, containers: [{ image: 'web:1' }] });
    const chain = new RoleChain(stack, 'Chain', { role });
    new AwsConfigMap(chart, 'Config', { file: AwsConfigFile.fromRoleChain(chain) }).mountInto(web);
    change(web);
    try {
      synth(app);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  }

  test('are those of a service account that the first role trusts', () => {
    expect(problemsOf(new IrsaServiceAccount(chart, 'ServiceAccount', { role: pod }))).toBe('');
  });

  test('may have another role by themselves, if the first role of the chain trusts them too', () => {
    expect(problemsOf(new IrsaServiceAccount(chart, 'ServiceAccount', { role: newRole(stack, 'Other') }))).toBe('');
  });

  test('may have a service account that is not made here', () => {
    expect(problemsOf(kplus.ServiceAccount.fromServiceAccountName(chart, 'ServiceAccount', 'reader'))).toBe('');
  });

  test('fail without a service account', () => {
    expect(problemsOf(undefined)).toContain('chart/Web has no service account that Tools/Pod trusts; give it one: serviceAccount: new IrsaServiceAccount(chart, id, { role }); '
      + 'the file of chart/Config begins with that role');
  });

  test('fail with a service account that the first role does not trust', () => {
    const other = newRole(stack, 'Other', { serviceAccounts: [ServiceAccountSubject.of('default', 'other')] });
    expect(problemsOf(new IrsaServiceAccount(chart, 'ServiceAccount', { role: other }))).toContain(
      'chart/Web runs as default/other, which Tools/Pod does not trust (it trusts default/reader)');
  });

  test('fail with an imported service account of another name', () => {
    expect(problemsOf(kplus.ServiceAccount.fromServiceAccountName(chart, 'ServiceAccount', 'other'))).toContain('chart/Web runs as default/other');
  });

  test('fail in another namespace', () => {
    chart = new Manifests(stack, 'Elsewhere').addChart('chart', { namespace: 'apps' });
    expect(problemsOf(kplus.ServiceAccount.fromServiceAccountName(chart, 'ServiceAccount', 'reader'))).toContain('chart/Web runs as apps/reader');
  });

  test('fail with a service account without the annotation: no webhook would mount the token', () => {
    const plain = new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: 'reader' } });
    expect(problemsOf(plain)).toContain('chart/Web runs as chart/ServiceAccount, which has no annotation eks.amazonaws.com/role-arn, so that no token is mounted');
  });

  test('need no annotation where the token is mounted anyway', () => {
    const plain = new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: 'reader' } });
    expect(problemsOf(plain, pod, mountToken('sts.amazonaws.com'))).toBe('');
  });

  test.each<[string, (deployment: kplus.Deployment) => void]>([
    ['another audience', mountToken('vault')],
    ['another place', mountToken('sts.amazonaws.com', '/var/run/secrets/vault')],
  ])('fail without the annotation where the token that is mounted is for %s', (_, change) => {
    const plain = new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: 'reader' } });
    expect(problemsOf(plain, pod, change)).toContain('so that no token is mounted');
  });

  test('fail with an empty annotation, which has the webhook do nothing', () => {
    const plain = new kplus.ServiceAccount(chart, 'ServiceAccount', { metadata: { name: 'reader', annotations: { 'eks.amazonaws.com/role-arn': '' } } });
    expect(problemsOf(plain)).toContain('which has no annotation eks.amazonaws.com/role-arn');
  });

  test('fail with tokens for another audience than the first role trusts', () => {
    const special = newRole(stack, 'Special', { audience: 'special' });
    expect(problemsOf(new IrsaServiceAccount(chart, 'ServiceAccount', { role: pod }), special)).toContain(
      "chart/Web gets tokens for the audience 'sts.amazonaws.com' by chart/ServiceAccount, and Tools/Special trusts 'special'");
  });

  test('fail when a patch has them run as somebody else', () => {
    const account = new IrsaServiceAccount(chart, 'ServiceAccount', { role: pod });
    expect(problemsOf(account, pod, web => ApiObject.of(web).addJsonPatch(JsonPatch.replace('/spec/template/spec/serviceAccountName', 'evil')))).toContain(
      'chart/Web runs as default/evil');
  });

  test('may name their service account by the old field', () => {
    const byOldField = (name: string) => (web: kplus.Deployment) => ApiObject.of(web).addJsonPatch(
      JsonPatch.remove('/spec/template/spec/serviceAccountName'), JsonPatch.add('/spec/template/spec/serviceAccount', name));
    const account = new IrsaServiceAccount(chart, 'ServiceAccount', { role: pod });

    expect(problemsOf(account, pod, byOldField('reader'))).toBe('');
  });

  test('fail when the old field has them run as somebody else', () => {
    const account = new IrsaServiceAccount(chart, 'ServiceAccount', { role: pod });
    expect(problemsOf(account, pod, web => ApiObject.of(web).addJsonPatch(
      JsonPatch.remove('/spec/template/spec/serviceAccountName'), JsonPatch.add('/spec/template/spec/serviceAccount', 'evil')))).toContain('chart/Web runs as default/evil');
  });

  test('fail when the first role trusts no token of anybody', () => {
    const nodes = new Role(stack, 'Nodes', { roleName: 'nodes', assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    expect(problemsOf(new IrsaServiceAccount(chart, 'ServiceAccount', { role: pod }), nodes)).toContain(
      'chart/Web would begin with the role Tools/Nodes, which trusts no token of any service account: STS would refuse it; make it an IrsaRole, or its assumedBy a ServiceAccountPrincipal');
  });

  test('need a service account even where only the ARN of the role is known', () => {
    const imported = Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${ACCOUNT}:role/imported`);
    expect(problemsOf(undefined, imported)).toContain('chart/Web has no service account that Tools/Imported trusts');
  });

  test('without a namespace are known by the name of the service account', () => {
    chart = new Manifests(stack, 'Anywhere').addChart('chart');
    expect(problemsOf(kplus.ServiceAccount.fromServiceAccountName(chart, 'ServiceAccount', 'other'))).toContain('chart/Web runs as (no namespace)/other');
  });
});
