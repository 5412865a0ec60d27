import type * as fs from 'node:fs';
import { App, Aws, CfnParameter, Fn, type IResolvable, Lazy, NestedStack, type Stack, Token, Tokenization } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ACCOUNT, newAgnosticStack, newRole, newStack } from './helpers';
import { type DeployTimeToken, evaluateToken, literalValue, StackValue } from '../../src/k8s/token-value';

/** A string as one token, a concatenation too. */
function token(value: string): IResolvable {
  return Token.isUnresolved(value) && Tokenization.reverseString(value).length > 1 ? Lazy.any({ produce: () => value }) : Token.asAny(value);
}

/** What comes out, with `<description>` for what only CloudFormation knows, and what that is. */
function evaluated(of: IResolvable, fallback?: Stack): { value: unknown; pending: DeployTimeToken[]; whole: boolean[] } {
  const pending: DeployTimeToken[] = [];
  const whole: boolean[] = [];
  const value = evaluateToken(of, {
    fallback,
    hold: false,
    deployTime: (deployTime, isWhole) => {
      pending.push(deployTime);
      whole.push(isWhole);
      return `<${deployTime.description}>`;
    },
  });
  return { value, pending, whole };
}

describe('evaluateToken', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = newStack(app);
  });

  test('gives the literal ARN of a role of a stack with account and region', () => {
    const role = newRole(stack, 'Role', { roleName: 'reader' });

    expect(evaluated(token(role.roleArn))).toEqual({ value: `arn:aws:iam::${ACCOUNT}:role/reader`, pending: [], whole: [] });
  });

  test.each<[string, (scope: Stack) => string, unknown]>([
    ['AWS::Region', () => Aws.REGION, 'eu-west-1'],
    ['AWS::AccountId', () => Aws.ACCOUNT_ID, ACCOUNT],
    ['AWS::Partition', () => Aws.PARTITION, 'aws'],
    ['AWS::URLSuffix', () => Aws.URL_SUFFIX, 'amazonaws.com'],
    ['AWS::StackName', () => Aws.STACK_NAME, 'Stack'],
    ['AWS::NoValue', () => Aws.NO_VALUE, undefined],
    ['a join of them', () => Fn.join(':', ['arn', Aws.PARTITION, Aws.REGION]), 'arn:aws:eu-west-1'],
    ['an ARN', scope => scope.formatArn({ service: 's3', resource: 'x' }), `arn:aws:s3:eu-west-1:${ACCOUNT}:x`],
  ])('fills %s in from the stack it is used in', (_name, value, expected) => {
    expect(evaluated(token(value(stack)), stack)).toEqual({ value: expected, pending: [], whole: [] });
  });

  test.each([['AWS::StackId', Aws.STACK_ID], ['AWS::NotificationARNs', Fn.select(0, Aws.NOTIFICATION_ARNS)]])('leaves %s to CloudFormation', (name, value) => {
    expect(JSON.stringify(evaluated(token(value), stack).pending[0].expression)).toContain(name);
  });

  test.each([['AWS::Region', Aws.REGION], ['AWS::AccountId', Aws.ACCOUNT_ID], ['AWS::Partition', Aws.PARTITION]])(
    'leaves %s to CloudFormation in a stack without account and region', (name, value) => {
      const agnostic = newAgnosticStack(app, 'Agnostic');
      const { pending, whole } = evaluated(token(value), agnostic);

      expect(pending).toMatchObject([{ expression: { Ref: name }, description: `Agnostic.{"Ref":"${name}"}` }]);
      expect(pending[0].owner).toBe(agnostic);
      expect(whole).toEqual([true]);
    });

  test('has no owner where nothing says one', () => {
    expect(evaluated(token(Aws.REGION)).pending[0].owner).toBeUndefined();
  });

  test('fills pseudo parameters in from the stack of the resource, not from where the value is used', () => {
    const china = newStack(app, 'China', { env: { account: ACCOUNT, region: 'cn-north-1' } });
    const role = newRole(china, 'Role', { roleName: 'reader' });

    expect(evaluated(token(role.roleArn), stack).value).toBe(`arn:aws-cn:iam::${ACCOUNT}:role/reader`);
  });

  test('a StackValue has the pseudo parameters of its stack, wherever it is used', () => {
    const china = newStack(app, 'China', { env: { account: ACCOUNT, region: 'cn-north-1' } });

    expect(evaluated(new StackValue(`arn:${Aws.PARTITION}:x`, china), stack).value).toBe('arn:aws-cn:x');
  });

  test('joins text around a deploy-time value', () => {
    const bucket = new Bucket(stack, 'Bucket');

    expect(evaluated(token(`s3://${bucket.bucketName}/${Aws.REGION}`))).toMatchObject({ value: 's3://<Stack/Bucket/Resource.Ref>/eu-west-1', whole: [false] });
  });

  test('keeps a function of a deploy-time value whole', () => {
    const bucket = new Bucket(stack, 'Bucket');
    const logicalId = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
    const { pending, whole } = evaluated(token(Fn.select(1, Fn.split('-', bucket.bucketName))));

    expect(pending).toMatchObject([{ expression: { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: logicalId }] }] } }]);
    expect(whole).toEqual([true]);
  });

  describe('made of two stacks whose resources have the same logical ids', () => {
    let other: Stack;
    beforeEach(() => {
      other = newStack(app, 'Other');
    });

    const bothRoles = () => [newRole(stack, 'Role', { roleName: 'one' }).roleArn, newRole(other, 'Role', { roleName: 'two' }).roleArn];
    const BOTH = [`arn:aws:iam::${ACCOUNT}:role/one`, `arn:aws:iam::${ACCOUNT}:role/two`];

    test.each<[string, (arns: string[]) => IResolvable, unknown]>([
      ['text', arns => token(arns.join(',')), BOTH.join(',')],
      ['Fn::Join', arns => token(Fn.join(',', arns)), BOTH.join(',')],
      ['a lazy list', arns => Lazy.any({ produce: () => arns }), BOTH],
      ['a lazy map', arns => Lazy.any({ produce: () => ({ arns }) }), { arns: BOTH }],
    ])('gives each its own ARN in %s', (_name, make, expected) => {
      expect(evaluated(make(bothRoles())).value).toEqual(expected);
    });

    test('gives each its own ARN in JSON', () => {
      const [a, b] = bothRoles();

      expect(JSON.parse(evaluated(token(stack.toJsonString({ a, b }))).value as string)).toEqual({ a: BOTH[0], b: BOTH[1] });
    });

    test('knows the owner of each where only CloudFormation knows the value, a nested stack included', () => {
      const nested = new NestedStack(other, 'Nested');
      const names = [stack, other, nested].map(owner => new Bucket(owner, 'Bucket').bucketName);
      const { value, pending } = evaluated(Lazy.any({ produce: () => ({ names }) }));

      expect(value).toEqual({ names: ['<Stack/Bucket/Resource.Ref>', '<Other/Bucket/Resource.Ref>', '<Other/Nested/Bucket/Resource.Ref>'] });
      expect(pending.map(({ owner }) => owner?.node.path)).toEqual(['Stack', 'Other', 'Other/Nested']);
    });

    test('fails when CloudFormation would have to compute something of both', () => {
      const names = [stack, other].map(owner => new Bucket(owner, 'Bucket').bucketName);

      expect(() => evaluated(token(Fn.select(0, Fn.split('-', Fn.join('-', names))))))
        .toThrow(/computed from values of several stacks \(Stack, Other\).*pass the values one by one/);
    });
  });

  test('evaluates what is in maps and lists', () => {
    const role = newRole(stack, 'Role', { roleName: 'reader' });
    const lazy = Lazy.any({ produce: () => ({ a: [role.roleName, 1, true], b: { c: role.roleName } }) });

    expect(evaluated(lazy).value).toEqual({ a: ['reader', 1, true], b: { c: 'reader' } });
  });

  test('finds the role of a nested stack', () => {
    const role = newRole(new NestedStack(stack, 'Nested'), 'Role', { roleName: 'reader' });

    expect(evaluated(token(role.roleArn)).value).toBe(`arn:aws:iam::${ACCOUNT}:role/reader`);
  });

  test('makes no apps or stacks in the tree of the user, and no folders', () => {
    const folders = jest.spyOn(jest.requireActual<typeof fs>('node:fs'), 'mkdtempSync');
    const role = newRole(stack, 'Role', { roleName: 'reader' });
    const before = app.node.findAll().length;
    for (let i = 0; i < 10; i++) {
      evaluated(token(role.roleArn));
      evaluated(token(Aws.REGION));
    }

    expect(app.node.findAll()).toHaveLength(before);
    expect(folders.mock.calls.length).toBeLessThanOrEqual(1);
  });

  test('gives a literal back', () => {
    expect(evaluated(token('a')).value).toBe('a');
  });
});

describe('literalValue', () => {
  test('is the value where synth knows all of it, and undefined where a part is missing', () => {
    const stack = newStack(new App());
    const role = newRole(stack, 'Role', { roleName: 'reader' });
    const parameter = new CfnParameter(stack, 'Parameter');

    expect(literalValue(token(role.roleName), false)).toBe('reader');
    expect(literalValue(token(`${role.roleName}-${parameter.valueAsString}`), false)).toBeUndefined();
  });
});
