import * as ts from 'typescript';
import { deployment, imported, serviceAccount } from './manifests';

function syntaxErrors(app: string | undefined): unknown[] {
  return ts.transpileModule(app ?? '', { reportDiagnostics: true }).diagnostics ?? [];
}

test('has a stack for each account', () => {
  const { app } = imported([deployment('a', 'reader'), deployment('b', '"arn:aws:iam::210987654321:role/writer"')]);
  expect(app?.match(/^new .*$/gm)).toEqual([
    "new KiamMigration123456789012Stack(app, 'KiamMigration123456789012', { env: { account: '123456789012', region: 'eu-west-1' } });",
    "new KiamMigration210987654321Stack(app, 'KiamMigration210987654321', { env: { account: '210987654321', region: 'eu-west-1' } });",
  ]);
  expect(app?.match(/new ClusterOidcProvider/g)).toHaveLength(2);
  expect(syntaxErrors(app)).toEqual([]);
});

test('imports and makes nothing that it does not need', () => {
  const { app } = imported([deployment('a', 'reader', 'serviceAccountName: own'), serviceAccount('own')]);
  expect(app).not.toMatch(/Manifests|IrsaServiceAccount|\biam\b[,.]|const own/);
  expect(syntaxErrors(app)).toEqual([]);
});

test('tells apart what reads the same', () => {
  const other = deployment('x', 'reader').replace('name: x, namespace: apps', 'name: web, namespace: apps-a');
  const { app } = imported([deployment('a-web', 'reader'), deployment('a.web', 'writer'), other]);
  expect(app?.match(/new IrsaRole\(this, '(\w+)'/g)).toEqual(['AppsAWeb', 'AppsAWeb2', 'AppsAWeb3'].map(id => `new IrsaRole(this, '${id}'`));
  expect(syntaxErrors(app)).toEqual([]);
});

test('has nothing of a manifest in it that is not between quotes or in a comment', () => {
  const hostile = deployment('web', 'reader').replace('name: web', 'name: "x\\nprocess.exit(1) // \\u2028 \'"');
  const { app } = imported([hostile]);
  expect(app).toContain("// Deployment x process.exit(1) //   ' in apps, until now");
  expect(app?.split(/[\n\u2028]/).filter(line => line.trim().startsWith('process'))).toEqual([]);
  expect(syntaxErrors(app)).toEqual([]);
});
