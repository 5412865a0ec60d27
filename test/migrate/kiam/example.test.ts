import * as fs from 'node:fs';
import * as path from 'node:path';
import { BASE, ISSUER } from './manifests';
import { importKiam } from '../../../src/migrate/kiam/import-kiam';

const EXAMPLE = path.join(__dirname, '..', '..', '..', 'examples', 'kiam-migration');

const read = (...names: string[]): string => fs.readFileSync(path.join(EXAMPLE, ...names), 'utf8');

/** The tests of the examples synthesise the app, and check it together with the manifests. */
test('the example kiam-migration is what the command makes of its manifests', () => {
  const details = { name: 'roles.json', bytes: Buffer.from(read('roles.json')) };
  const { app, edited, problems, notes } = importKiam([{ name: 'reports.yaml', text: read('kiam', 'reports.yaml') }], { issuer: ISSUER, baseRoleArn: BASE, accountDetails: [details] });

  expect(app).toBe(read('app.ts'));
  expect(edited).toEqual([{ name: 'reports.yaml', text: read('manifests', 'reports.yaml') }]);
  expect([problems, notes]).toEqual([[], [expect.stringMatching(/^pods of reports\/web keep the token for the API of the cluster/)]]);
});
