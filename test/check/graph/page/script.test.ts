import * as ts from 'typescript';
import { SCRIPT } from '../../../../src/check/graph/page/script';

test('is JavaScript that browsers of the last years read', () => {
  const { diagnostics } = ts.transpileModule(SCRIPT, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2021, allowJs: true } });

  expect(diagnostics).toEqual([]);
  expect(() => new Function(SCRIPT)).not.toThrow();
});

test('never makes markup or code of a text', () => {
  expect(SCRIPT).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\('on/);
});
