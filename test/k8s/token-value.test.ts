import type * as fs from 'node:fs';
import { App, Aws, CfnParameter, Fn, type IResolvable, Lazy, NestedStack, type Stack, Token, Tokenization } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ACCOUNT, newAgnosticStack, newRole, newStack } from './helpers';
import { evaluateToken, mapExpressions } from '../../src/k8s/token-value';

/** A string as one token, a concatenation too. */
function token(value: string): IResolvable {
  return Token.isUnresolved(value) && Tokenization.reverseString(value).length > 1 ? Lazy.any({ produce: () => value }) : Token.asAny(value);
}

/** What comes out, with the path of the stack for the stack. */
function evaluated(of: IResolvable, fallback?: Stack): { value: unknown; owner?: string; description: string } {
  const { value, owner, description } = evaluateToken(of, fallback, false);
  return { value, owner: owner?.node.path, description };
}

describe('evaluateToken', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = newStack(app);
  });

  test('gives the literal ARN of a role of a stack with account and region, and says whose it is', () => {
    const role = newRole(stack, 'Role', { roleName: 'reader' });

    expect(evaluated(token(role.roleArn))).toEqual({
      value: `arn:aws:iam::${ACCOUNT}:role/reader`, owner: 'Stack', description: 'Stack/Role/Resource.Arn',
    });
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
    expect(evaluated(token(value(stack)), stack)).toMatchObject({ value: expected, owner: 'Stack' });
  });

  test.each([['AWS::StackId', Aws.STACK_ID], ['AWS::NotificationARNs', Fn.select(0, Aws.NOTIFICATION_ARNS)]])('leaves %s to CloudFormation', (name, value) => {
    expect(JSON.stringify(evaluated(token(value), stack).value)).toContain(name);
  });

  test.each([['AWS::Region', Aws.REGION], ['AWS::AccountId', Aws.ACCOUNT_ID], ['AWS::Partition', Aws.PARTITION]])(
    'leaves %s to CloudFormation in a stack without account and region', (name, value) => {
      const agnostic = newAgnosticStack(app, 'Agnostic');

      expect(evaluated(token(value), agnostic)).toEqual({ value: { Ref: name }, owner: 'Agnostic', description: `Agnostic.{"Ref":"${name}"}` });
    });

  test('has no owner where nothing says one', () => {
    expect(evaluated(token(Aws.REGION)).owner).toBeUndefined();
  });

  test('fills pseudo parameters in from the stack of the resource, not from where the value is used', () => {
    const china = newStack(app, 'China', { env: { account: ACCOUNT, region: 'cn-north-1' } });
    const role = newRole(china, 'Role', { roleName: 'reader' });

    expect(evaluated(token(role.roleArn), stack).value).toBe(`arn:aws-cn:iam::${ACCOUNT}:role/reader`);
  });

  test('keeps a function of a deploy-time value whole', () => {
    const bucket = new Bucket(stack, 'Bucket');
    const logicalId = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);

    expect(evaluated(token(`s3://${bucket.bucketName}/${Aws.REGION}`)).value)
      .toEqual({ 'Fn::Join': ['', ['s3://', { Ref: logicalId }, '/', { Ref: 'AWS::Region' }]] });
  });

  test('evaluates what is in maps and lists', () => {
    const role = newRole(stack, 'Role', { roleName: 'reader' });
    const lazy = Lazy.any({ produce: () => ({ a: [role.roleName, 1, true], b: { c: role.roleName } }) });

    expect(evaluated(lazy).value).toEqual({ a: ['reader', 1, true], b: { c: 'reader' } });
  });

  test('describes a value by all that it is made of', () => {
    const value = `${new Bucket(stack, 'One').bucketName}${new Bucket(stack, 'Two').bucketArn}`;

    expect(evaluated(token(value)).description).toBe('Stack/One/Resource.Ref-Stack/Two/Resource.Arn');
  });

  test('finds the role of a nested stack', () => {
    const nested = new NestedStack(stack, 'Nested');
    const role = newRole(nested, 'Role', { roleName: 'reader' });

    expect(evaluated(token(role.roleArn))).toMatchObject({ value: `arn:aws:iam::${ACCOUNT}:role/reader`, owner: 'Stack/Nested' });
  });

  test.each([[true], [false]])('says whether a parameter with NoEcho (%p) is in it', noEcho => {
    const parameter = new CfnParameter(stack, 'Parameter', { noEcho });

    expect(evaluateToken(token(`x${parameter.valueAsString}`), undefined, false).secret).toBe(noEcho);
  });

  test('makes no apps or stacks in the tree of the user, and no folders', () => {
    const folders = jest.spyOn(jest.requireActual<typeof fs>('node:fs'), 'mkdtempSync');
    const role = newRole(stack, 'Role', { roleName: 'reader' });
    const before = app.node.findAll().length;
    for (let i = 0; i < 10; i++) {
      evaluateToken(token(role.roleArn), undefined, false);
      evaluateToken(token(Aws.REGION), undefined, false);
    }

    expect(app.node.findAll()).toHaveLength(before);
    expect(folders.mock.calls.length).toBeLessThanOrEqual(1);
  });

  test('gives a literal back', () => {
    expect(evaluated(token('a'))).toMatchObject({ value: 'a', owner: undefined });
  });
});

describe('mapExpressions', () => {
  test('replaces expressions, wherever they are, and copies the rest', () => {
    const value = { a: { Ref: 'x' }, b: [{ Ref: 'y' }, 1], c: { d: { 'Fn::Sub': 'z' } }, e: null };

    expect(mapExpressions(value, expression => Object.values(expression)[0])).toEqual({ a: 'x', b: ['y', 1], c: { d: 'z' }, e: null });
    expect(value.a).toEqual({ Ref: 'x' });
  });

  test('leaves dates alone', () => {
    const date = new Date(0);

    expect(mapExpressions({ date }, () => 'x')).toEqual({ date });
  });
});
