import { type LocatedFinding, type Report, shown } from './report';
import { RULES } from '../rules';

/** For build servers: a test case for each rule, and one for reading the files. */
export function junitReport({ findings, unreadable, strict }: Report): string {
  const cases = RULES.map(({ id, title }) => testCase(id, title, findings.filter(({ rule }) => rule === id), strict));
  const failed = cases.filter(({ failure }) => failure).length;
  const problem = unreadable.length === 0 ? '/>' : `><error message="${escaped(unreadable[0])}">${escaped(unreadable.join('\n'))}</error></testcase>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="cdk-irsa check" tests="${cases.length + 1}" failures="${failed}" errors="${unreadable.length === 0 ? 0 : 1}">`,
    `    <testcase classname="cdk-irsa check" name="files can be read"${problem}`,
    ...cases.map(({ xml }) => `    ${xml}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

interface TestCase {
  readonly xml: string;
  readonly failure: boolean;
}

function testCase(id: string, title: string, findings: readonly LocatedFinding[], strict: boolean): TestCase {
  const open = `<testcase classname="cdk-irsa check" name="${escaped(`${id}: ${title}`)}"`;
  const failure = findings.some(({ severity }) => severity === 'error' || strict);
  const text = escaped(findings.map(({ message, fix, locations }) => `${locations.map(shown).join(', ')}: ${message}; fix: ${fix}`).join('\n'));
  const xml = findings.length === 0 ? `${open}/>`
    : failure ? `${open}><failure message="${escaped(findings[0].message)}">${text}</failure></testcase>`
      : `${open}><system-out>${text}</system-out></testcase>`;
  return { xml, failure };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&apos;' };

function escaped(text: string): string {
  const wellFormed = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
  return wellFormed.replace(/[&<>"']/g, character => ENTITIES[character]);
}
