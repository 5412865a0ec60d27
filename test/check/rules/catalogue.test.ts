import * as fs from 'node:fs';
import * as path from 'node:path';
import { RULES } from '../../../src/check/rules';
import { catalogue } from '../../../src/check/rules/catalogue';

test('docs/rules.md is what the rules say; write it again with npm run docs', () => {
  expect(fs.readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'rules.md'), 'utf8')).toBe(catalogue());
});

test.each(RULES.map(rule => [rule.id, rule] as const))('%s is there with both examples', (id, { bad, good }) => {
  const chapter = catalogue().split(`\n## ${id}\n`)[1].split('\n## ')[0];
  const lines = chapter.split('```diff\n')[1].split('\n```')[0].split('\n');
  const without = (sign: string) => `${lines.filter(line => !line.startsWith(sign)).map(line => line.slice(2)).join('\n')}\n`;

  expect([without('+'), without('-')]).toEqual([bad, good]);
});
