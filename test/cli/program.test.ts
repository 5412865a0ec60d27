import * as fs from 'node:fs';
import * as path from 'node:path';
import { Aws, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { shell } from './shell';
import { IrsaServiceAccount, Manifests } from '../../src';
import { configMap, deployedOutputs, manifestsIn, newAgnosticStack, newApp, newRole, parse, ROLE_ARN_KEY, synth, temporaryFolder, tree } from '../k8s/helpers';

describe('cdk-irsa', () => {
  test.each([['--help'], ['help'], ['-h']])('%s explains the commands on standard output', async option => {
    const { code, out, err } = await shell(option);

    expect(code).toBe(0);
    expect(out).toMatch(/Usage: cdk-irsa[^]*render/);
    expect(err).toBe('');
  });

  test.each([[['render', '--help']], [['help', 'render']]])('%j explains the options, with an example', async args => {
    const { code, out, err } = await shell(...args);

    expect(code).toBe(0);
    expect(out).toMatch(/--outputs <file>[^]*--output-dir <folder>[^]*npx cdk-irsa render cdk\.out --outputs outputs\.json \| kubectl apply -f -/);
    expect(err).toBe('');
  });

  test('--version says the version of the package', async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };

    expect(await shell('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test.each<[string[], RegExp]>([
    [[], /Usage: cdk-irsa/],
    [['nonsense'], /nonsense/],
    [['render'], /path|--outputs/],
    [['render', 'cdk.out'], /--outputs <file>/],
    [['render', '--outputs', 'outputs.json'], /path/],
    [['render', 'cdk.out', '--outputs'], /--outputs <file>/],
    [['render', 'cdk.out', '--outputs', 'o.json', '--nonsense'], /--nonsense/],
    [['--nonsense'], /--nonsense/],
  ])('fails for %j, on standard error alone', async (args, message) => {
    const { code, out, err } = await shell(...args);

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });
});

describe('cdk-irsa render', () => {
  let assembly: string;
  let outputs: string;
  const answer = (intrinsic: string): string => intrinsic.includes('Port') ? '8080' : intrinsic.includes('Subnets') ? 'a,b' : intrinsic.includes('Arn')
    ? 'arn:aws:iam::111122223333:role/generated' : 'on';

  beforeAll(() => {
    const app = newApp();
    const stack = newAgnosticStack(app);
    const chart = new Manifests(stack, 'Manifests').addChart('chart', { namespace: 'default' });
    new IrsaServiceAccount(chart, 'Account', { role: newRole(stack) });
    configMap(chart, {
      bucket: new Bucket(stack, 'Bucket').bucketName,
      port: new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber,
      subnets: new CfnParameter(stack, 'Subnets', { type: 'CommaDelimitedList' }).valueAsList,
      literal: 'off',
      text: '# no comment\n  0o17',
    }, 'Waiting');
    configMap(chart, { ready: 'yes' }, 'Ready');
    const inner = new Stack(new Stage(app, 'Prod'), 'Stack');
    configMap(new Manifests(inner, 'Manifests').addChart('chart'), { region: Aws.REGION }, 'Staged');
    assembly = synth(app);
    const nested = path.join(assembly, 'assembly-Prod');
    const template = tree(nested).find(file => file.endsWith('.template.json'))!.replace('.template.json', '');
    outputs = path.join(temporaryFolder(), 'outputs.json');
    fs.writeFileSync(outputs, JSON.stringify({ ...deployedOutputs(assembly, ['Stack'], answer), ...deployedOutputs(nested, [template], answer) }));
  });

  const EXPECTED = {
    account: { [ROLE_ARN_KEY]: 'arn:aws:iam::111122223333:role/generated' },
    waiting: { bucket: 'on', port: 8080, subnets: ['a', 'b'], literal: 'off', text: '# no comment\n  0o17' },
    ready: { ready: 'yes' },
    staged: { region: 'on' },
  };

  function summary(text: string): Record<string, unknown> {
    return Object.fromEntries(parse(text).map(({ kind, metadata, data }) => kind === 'ServiceAccount' ? ['account', metadata.annotations] : [metadata.name, data]));
  }

  test('fills in the manifests of an assembly and its nested ones', async () => {
    const { code, out, err } = await shell('render', assembly, '--outputs', outputs);

    expect(err).toBe('');
    expect(code).toBe(0);
    expect(summary(out)).toEqual(EXPECTED);
    expect(parse(out).every(({ metadata }) => Object.keys(metadata.annotations ?? {}).every(key => key === ROLE_ARN_KEY))).toBe(true);
  });

  test('takes away what said that the manifests are not ready', async () => {
    const before = manifestsIn(assembly).map(({ metadata }) => Object.keys(metadata.annotations ?? {})).flat();
    const { out } = await shell('render', '--outputs', outputs, assembly);

    expect(before).toContain('run cdk-irsa render first');
    expect(out).not.toMatch(/cdk-irsa|^#/m);
  });

  test.each<[string, () => string, string[]]>([
    ['a folder of manifests', () => path.join(assembly, 'manifests'), ['account', 'ready', 'waiting']],
    ['a file', () => path.join(assembly, 'manifests/Stack/Manifests/chart.k8s.yaml'), ['account', 'ready', 'waiting']],
    ['a nested assembly', () => path.join(assembly, 'assembly-Prod'), ['staged']],
  ])('takes %s', async (_what, input, names) => {
    const { code, out } = await shell('render', input(), '--outputs', outputs);

    expect(code).toBe(0);
    expect(Object.keys(summary(out)).sort()).toEqual(names);
  });

  test('takes several outputs and inputs', async () => {
    const empty = path.join(temporaryFolder(), 'empty.json');
    fs.writeFileSync(empty, '{}');
    const { code, out } = await shell('render', path.join(assembly, 'assembly-Prod'), path.join(assembly, 'manifests'), '--outputs', empty, '--outputs', outputs);

    expect(code).toBe(0);
    expect(Object.keys(summary(out)).sort()).toEqual(['account', 'ready', 'staged', 'waiting']);
  });

  test('writes below an output folder, and says what', async () => {
    const folder = path.join(temporaryFolder(), 'rendered');
    const { code, out } = await shell('render', assembly, '--outputs', outputs, '--output-dir', folder);

    expect(code).toBe(0);
    expect(tree(folder).filter(file => !file.endsWith('/'))).toEqual(['assembly-Prod/manifests/Stack/Manifests/chart.k8s.yaml', 'manifests/Stack/Manifests/chart.k8s.yaml']);
    expect(out.split('\n').filter(Boolean).map(file => path.relative(folder, file))).toHaveLength(2);
    expect(summary(fs.readFileSync(path.join(folder, 'manifests/Stack/Manifests/chart.k8s.yaml'), 'utf8'))).toEqual({ account: EXPECTED.account, waiting: EXPECTED.waiting, ready: EXPECTED.ready });
  });

  test('leaves its input as it was', async () => {
    const before = manifestsIn(assembly);
    await shell('render', assembly, '--outputs', outputs);

    expect(manifestsIn(assembly)).toEqual(before);
  });

  test('fails when a value is missing: one line that names file and value, and nothing on standard output', async () => {
    const partial = path.join(temporaryFolder(), 'partial.json');
    const all = JSON.parse(fs.readFileSync(outputs, 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(partial, JSON.stringify({ Stack: all.Stack }));
    const { code, out, err } = await shell('render', assembly, '--outputs', partial);

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^cdk-irsa: [^\n]*assembly-Prod[^\n]*chart\.k8s\.yaml: the outputs have no value for Prod\/Stack[^\n]*-[0-9a-f]{8}; deploy its stack[^\n]*\n$/);
  });

  test.each<[string, () => string[]]>([
    ['the outputs do not exist', () => ['render', assembly, '--outputs', '/not/there.json']],
    ['the input does not exist', () => ['render', '/not/there', '--outputs', outputs]],
    ['a manifest is malformed', () => {
      const file = path.join(temporaryFolder(), 'a.yaml');
      fs.writeFileSync(file, 'a: [\nb: ${cdk-irsa:Stack/A.Ref-00000000}\n');
      return ['render', file, '--outputs', outputs];
    }],
    ['the outputs are no JSON', () => ['render', assembly, '--outputs', path.join(assembly, 'manifests/Stack/Manifests/chart.k8s.yaml')]],
  ])('fails when %s: one line, and nothing on standard output', async (_what, args) => {
    const { code, out, err } = await shell(...args());

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^cdk-irsa: [^\n]+\n$/);
  });
});
