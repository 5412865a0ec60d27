import * as fs from 'node:fs';
import * as cdk from 'aws-cdk-lib';
import * as kplus from 'cdk8s-plus-28';
import * as ts from 'typescript';
import * as library from '../../../../src';
import { generateApp } from '../../../../src/migrate/eksctl/generate/app';
import { clusterProjectFiles } from '../../../../src/migrate/eksctl/generate/project-files';
import type { EksctlCluster } from '../../../../src/migrate/eksctl/model';
import { ACCOUNT, newApp, newProvider, newStack } from '../../../k8s/helpers';
import { CLUSTER_FILE, GENERATED_APP, generatedApp, OPTIONS, POLICY, read, realCluster, withAccounts, withAssociations, withFields } from '../inputs';
import { partsOf } from '../synthesized-parts';


function clusterOf(text: string): EksctlCluster {
  const { cluster, problems } = read(text);
  expect(problems).toEqual([]);
  return cluster!;
}

/** Runs a program as `npx tsx` does, with an app of the test. Whatever else it asks for is an error. */
function run(program: string): cdk.App {
  const app = newApp();
  const modules: Record<string, unknown> = {
    'aws-cdk-lib': { Stack: cdk.Stack, Tags: cdk.Tags, Duration: cdk.Duration, aws_iam: cdk.aws_iam, App: function App() { return app; } },
    'cdk-irsa': library,
    'cdk8s-plus-28': kplus,
  };
  const load = (name: string): unknown => {
    if (!Object.hasOwn(modules, name)) {
      throw new Error(`the program loads ${name}`);
    }
    return modules[name];
  };
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  // eslint-disable-next-line no-new-func, @typescript-eslint/no-implied-eval
  (new Function('require', 'exports', 'process', outputText) as (...args: unknown[]) => void)(load, {}, { env: {} });
  return app;
}

describe('the app for a realistic file', () => {
  const program = generateApp(realCluster(), OPTIONS);

  test('makes the same roles, associations and manifests as the construct', () => {
    const app = newApp();
    const stack = newStack(app);
    new library.EksctlServiceAccounts(stack, 'Eksctl', { config: library.EksctlConfig.fromFile(CLUSTER_FILE), provider: newProvider(stack, 'Provider'), roleNames: false });
    const ofConstruct = partsOf(app);
    const ofProgram = partsOf(run(program));

    expect(Object.keys(ofProgram.roles)).toHaveLength(19);
    expect({ ...ofProgram, roleNames: undefined }).toEqual({ ...ofConstruct, roleNames: undefined });
    expect(Object.values(ofProgram.roleNames).every(name => /-[0-9a-f]{10}$/.test(String(name)))).toBe(true);
  });

  test('is what the type check has seen', () => {
    // npm test checks the types of all files in here, and the lint rules are not those of its readers
    expect(fs.readFileSync(GENERATED_APP, 'utf8')).toBe(generatedApp());
  });

  test('explains the takeover, with the stacks of eksctl', () => {
    const head = program.slice(0, program.indexOf('import {'));

    expect(head).toMatch(/1\. Deploy: npx cdk deploy[^]*2\. Switch: [^]*3\. Remove the old roles[^]*4\. EKS Pod Identity/);
    expect(head).toContain('//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-addon-iamserviceaccount-velero-velero\n');
    expect(head).toMatch(/4\. EKS Pod Identity[^]*aws eks delete-pod-identity-association .*\(reports\/reader\)[^]*The way back[^]*--role-arn[^]*take iam\.podIdentityAssociations out of the file[^]*Once nothing uses/);
    expect(head).toMatch(/1\. Deploy: [^]*right before this, delete those of eksctl \(the last step\)[^]*2\. /);
    expect(head).toContain('//    aws cloudformation delete-stack --region eu-west-1 --stack-name eksctl-production-podidentityrole-reports-writer\n');
    expect(head).not.toContain('podidentityrole-reports-reader');
    expect(head).not.toContain('iamserviceaccount-backend-apps-legacy');
    expect(head).toContain('those of backend-apps/legacy, billing/billing');
    expect(head).toContain('aws-ebs-csi-driver');
    expect(program).toContain('// eksctl\'s role is called production-deployer, and an account has a name once');
    expect(program.split('\n').filter(line => line.startsWith('//')).every(line => line.length <= 160)).toBe(true);
  });

  test('is the same in every run', () => {
    expect(generateApp(realCluster(), OPTIONS)).toBe(program);
  });
});

describe('what is in a file does nothing in the app', () => {
  const HOSTILE = [
    "'); process.exit(1); ('", '"', '`', '${process.exit(1)}', '`${process.exit(1)}`', '\\', "\\'", '*/ process.exit(1) /*', '// x', '\n process.exit(1) //', '\u2028process.exit(1)', '\u202eevil', '</script>', '\ud83d\ude00',
    'e\u0301', '$&', '$1', '%s',
  ];

  test.each(HOSTILE)('as a text: %j', text => {
    const quoted = JSON.stringify(text);
    const cluster = clusterOf(withAccounts(
      `  - metadata: {name: web, namespace: apps, labels: {${quoted}: ${quoted}}, annotations: {${quoted}: ${quoted}}}`,
      `    tags: {${quoted}: ${quoted}}`,
      `    attachPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: ${quoted}, Condition: {${quoted}: {${quoted}: ${quoted}}}}]}`,
    ));
    const parts = partsOf(run(generateApp(cluster, { ...OPTIONS, file: `${text}.yaml` })));

    expect(parts.roles['apps/web']).toMatchObject({
      Tags: [{ Key: text, Value: text }],
      Policies: [{ PolicyDocument: { Statement: [{ Resource: text, Condition: { [text]: { [text]: text } } }] } }],
    });
    expect(parts.manifests['apps/web'].metadata).toMatchObject({ labels: { [text]: text }, annotations: { [text]: text } });
  });

  test('as the name of a file or an add-on', () => {
    const text = '\n process.exit(1) //';
    const cluster = clusterOf(`${withFields(POLICY)}addons: [{name: ${JSON.stringify(text)}, attachPolicyARNs: [x]}]\n`);

    expect(partsOf(run(generateApp(cluster, { ...OPTIONS, file: text })))).toMatchObject({ roles: { 'apps/web': {} } });
  });

  test('a prototype is a label like any other', () => {
    const cluster = clusterOf(withAccounts('  - metadata: {name: web, namespace: apps, annotations: {__proto__: x}}', `    ${POLICY}`));

    expect(generateApp(cluster, OPTIONS)).toContain("annotations: { ['__proto__']: 'x' }");
  });
});

describe('names', () => {
  test('that are the same without their dashes get variables of their own', () => {
    const names = [['a-b', 'c'], ['a', 'b-c'], ['a', 'b.c'], ['1', '2'], ['class', 'new']];
    const cluster = clusterOf(withAccounts(...names.flatMap(([namespace, name]) => [`  - metadata: {name: "${name}", namespace: "${namespace}"}`, `    ${POLICY}`])));

    expect(Object.keys(partsOf(run(generateApp(cluster, OPTIONS))).manifests).sort()).toEqual(names.map(name => name.join('/')).sort());
  });

  test('of policies that are told apart by their case get ids of their own', () => {
    const arns = ['my-policy', 'MyPolicy'].map(name => `arn:aws:iam::111122223333:policy/${name}`);
    const { roles } = partsOf(run(generateApp(clusterOf(withFields(`attachPolicyARNs: ${JSON.stringify(arns)}`)), OPTIONS)));

    expect(roles['apps/web'].ManagedPolicyArns).toEqual(arns);
  });

  test.each([['Prod_1', 'Prod-1-service-accounts'], ['1st', 'cluster-1st-service-accounts']])('the stack for the cluster %s is %s', (cluster, stack) => {
    expect(run(generateApp(clusterOf(withFields(POLICY).replace('name: c,', `name: "${cluster}",`)), OPTIONS)).synth().stacks[0].stackName).toBe(stack);
  });
});

describe('options', () => {
  test('without an issuer it is looked up, without an account it is that of the CDK CLI', () => {
    const program = generateApp(clusterOf(withFields(POLICY)), { file: 'cluster.yaml' });

    expect(program).toContain("OidcIssuer.fromLookup(this, { clusterName: 'c' })");
    expect(program).toContain('account: process.env.CDK_DEFAULT_ACCOUNT, region');
  });

  test('without service accounts there is no provider, and nothing is imported that is not used', () => {
    const program = generateApp(clusterOf(withAssociations('  - {namespace: a, serviceAccountName: b, permissionPolicyARNs: ["arn:aws:iam::aws:policy/X"], disableSessionTags: true}')), OPTIONS);

    expect(program).not.toMatch(/provider =|OidcIssuer|ClusterOidcProvider|Controller|IrsaServiceAccount|kplus|Duration|\bTags\b/);
    expect(partsOf(run(program))).toMatchObject({ providers: 0, associations: { 'a/b': { DisableSessionTags: true } } });
  });

  test('partitions', () => {
    const text = withFields('wellKnownPolicies: {imageBuilder: true}', 'permissionsBoundary: arn:aws-cn:iam::111122223333:policy/b').replace('eu-west-1', 'cn-north-1');
    const { roles } = partsOf(run(generateApp(clusterOf(text), OPTIONS)));

    expect(JSON.stringify(roles)).toContain(`arn:aws-cn:ecr:cn-north-1:${ACCOUNT}:repository/*`);
  });

  test('the project needs what the app imports, in the version that wrote it', () => {
    const files = Object.fromEntries(clusterProjectFiles(realCluster(), OPTIONS, '1.2.3').map(({ name, content }) => [name, content]));

    expect(Object.keys(files)).toEqual(['app.ts', 'cdk.json', 'package.json', 'tsconfig.json']);
    expect(JSON.parse(files['package.json'])).toMatchObject({ name: 'production-service-accounts', dependencies: { 'cdk-irsa': '^1.2.3', 'aws-cdk-lib': '^2.240.0', 'cdk8s-plus-28': '^2.5.6' } });
    expect(JSON.parse(clusterProjectFiles(realCluster(), OPTIONS, '0.0.0')[2].content)).toMatchObject({ dependencies: { 'cdk-irsa': '*' } });
    expect(JSON.parse(files['cdk.json'])).toEqual({ app: 'npx tsx app.ts' });
  });
});
