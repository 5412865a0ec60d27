import { UPSTREAM } from './upstream-actions';
import { VARIANTS } from './variants';

describe.each(UPSTREAM.map(each => [`${each.variant} (${each.url.split('/').at(-1) || each.url})`, each] as const))('%s', (_, { variant, url, version, actions, leftOut }) => {
  const data = new Map(VARIANTS).get(variant)!;

  test('is allowed every action of its document, but for those that there is a reason for', () => {
    const ours = new Set(data.statements.flatMap(statement => statement.actions));
    expect(actions.filter(action => !ours.has(action))).toEqual(Object.keys(leftOut));
  });

  test('cites the document as it was compared', () => {
    expect(data.sources).toContainEqual({ url, version });
  });
});
