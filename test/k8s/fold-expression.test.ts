import { isExpression } from '../../src/k8s/fold-expression';

describe('isExpression', () => {
  test.each([[{ Ref: 'a' }], [{ 'Fn::GetAtt': ['a', 'b'] }], [{ 'Fn::Join': ['', []] }]])('is %j', value => {
    expect(isExpression(value)).toBe(true);
  });

  test.each([[{}], [{ Ref: 'a', other: 'b' }], [{ ref: 'a' }], [{ Fn: 'a' }], [[]], [null], [undefined], ['Ref'], [1]])('is not %j', value => {
    expect(isExpression(value)).toBe(false);
  });
});
