import { Aws, Token } from 'aws-cdk-lib';
import { tokenHint } from '../../src/k8s/known-tokens';

/** Hint and number of a token, as its text has them. */
function nameOf(token: string): { hint: string; number: number } {
  const [, hint, number] = /^[$#]\{Token\[(.+)\.(\d+)\]\}$/.exec(token)!;
  return { hint, number: Number(number) };
}

describe('tokenHint', () => {
  test.each<[string, () => string]>([
    ['a string', () => Token.asString({ Ref: 'X' })],
    ['a list', () => Token.asList({ Ref: 'X' })[0]],
    ['a string with a hint', () => Token.asString({ Ref: 'X' }, { displayHint: 'Web-Queue.Arn' })],
    ['a pseudo parameter', () => Aws.REGION],
  ])('knows the name of %s, where this CDK keeps it', (_kind, make) => {
    const { hint, number } = nameOf(make());

    expect(tokenHint(number)).toBe(hint);
  });

  test('knows tokens that came after it was asked', () => {
    const { number } = nameOf(Token.asString({ Ref: 'X' }));
    expect(tokenHint(number + 1)).toBeUndefined();

    Token.asString({ Ref: 'Y' }, { displayHint: 'Later' });

    expect(tokenHint(number + 1)).toBe('Later');
  });

  test.each([[1_000_000], [Number.MAX_SAFE_INTEGER], [1e300]])('knows no token %p', number => {
    expect(tokenHint(number)).toBeUndefined();
  });

  test.each([[undefined], [{}], [{ stringTokenMap: {} }]])('takes every number for a token of the usual name where CDK has %p for its tokens', map => {
    const world = globalThis as { __cdkTokenMap?: unknown };
    const kept = world.__cdkTokenMap;
    world.__cdkTokenMap = map;
    try {
      expect(tokenHint(1_000_000)).toBe('TOKEN');
    } finally {
      world.__cdkTokenMap = kept;
    }
  });
});
