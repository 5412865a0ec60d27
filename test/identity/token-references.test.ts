import { App, Aws, CfnParameter, CfnResource, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { referencesIn } from '../../src/identity/token-references';

function fixture() {
  const app = new App();
  const owner = new Stack(app, 'Owner');
  const consumer = new Stack(app, 'Consumer');
  const first = new CfnResource(owner, 'First', { type: 'Test::Thing' });
  const second = new CfnResource(owner, 'Second', { type: 'Test::Thing' });
  return { app, owner, consumer, first, second };
}

/** The stacks whose resources a value comes from. */
function ownersOf(value: unknown, scope: Stack): Stack[] {
  return referencesIn(value, scope).map(({ target }) => Stack.of(target));
}

test('a literal has no references', () => {
  const { consumer } = fixture();

  expect(referencesIn('https://example.com', consumer)).toEqual([]);
});

test.each([
  ['an attribute', ({ first }: ReturnType<typeof fixture>) => first.getAtt('Url').toString()],
  ['text around an attribute', ({ first }: ReturnType<typeof fixture>) => `https://${first.getAtt('Url')}/a`],
  ['an intrinsic function', ({ first }: ReturnType<typeof fixture>) => Fn.select(1, Fn.split('//', first.getAtt('Url').toString()))],
  ['a Lazy', ({ first }: ReturnType<typeof fixture>) => Lazy.string({ produce: () => first.getAtt('Url').toString() })],
  ['a parameter', ({ owner }: ReturnType<typeof fixture>) => new CfnParameter(owner, 'Url').valueAsString],
])('finds the owner behind %s', (_, make) => {
  const fixed = fixture();

  expect(ownersOf(make(fixed), fixed.consumer)).toEqual([fixed.owner]);
});

test.each([
  ['an import', Fn.importValue('Url')],
  ['a pseudo parameter of no stack', Aws.REGION],
  ['a Lazy that turns out literal', Lazy.string({ produce: () => 'https://example.com' })],
])('%s has no owner', (_, value) => {
  expect(ownersOf(value, fixture().consumer)).toEqual([]);
});

test('lists references in order, each once', () => {
  const { consumer, first, second } = fixture();
  const value = `${second.getAtt('Url')} ${first.getAtt('Url')} ${second.getAtt('Url')}`;

  expect(referencesIn(value, consumer).map(({ target }) => target)).toEqual([second, first]);
});

test('looks into lists and maps', () => {
  const { consumer, first, second } = fixture();

  expect(referencesIn([{ a: first.getAtt('Url') }, second.ref], consumer)).toHaveLength(2);
});

test('looking changes nothing: no export, no dependency', () => {
  const { app, owner, consumer, first } = fixture();

  referencesIn(`${first.getAtt('Url')}`, consumer);

  app.synth();
  expect(Template.fromStack(owner).toJSON().Outputs).toBeUndefined();
  expect(consumer.dependencies).toEqual([]);
});
