/** Do the mutations still fit the library? They run by themselves, `npm run e2e:mutations`, and not with every change. */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import { SCENARIOS } from './scenarios';
import { MUTATIONS, mutatedText } from '../mutations/mutations';

for (const mutation of MUTATIONS) {
  test(`has its place in the library, and a scenario: ${mutation.name}`, () => {
    const text = fs.readFileSync(path.join(__dirname, '..', '..', mutation.file), 'utf8');
    assert.notEqual(mutatedText(text, mutation), text);
    assert.ok(SCENARIOS.some(({ name }) => name === mutation.scenario), `there is no scenario '${mutation.scenario}'`);
  });
}
