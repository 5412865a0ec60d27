import type { CheckResult } from '../../../src/check/check';
import { jsonReport } from '../../../src/check/report/json';
import { junitReport } from '../../../src/check/report/junit';
import { type Report, reportOf } from '../../../src/check/report/report';
import { sarifReport } from '../../../src/check/report/sarif';
import { tableReport } from '../../../src/check/report/table';
import { RULES } from '../../../src/check/rules';
import { unresolved } from '../../../src/check/unresolved';

const [A, B] = [{ file: 'b dir/a.yaml', document: 0 }, { file: 'a.json', document: 0 }];

function result(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    findings: [
      { rule: 'trust-subject', severity: 'error', message: 'a <b> & "c"', fix: 'do this', places: [{ source: A, path: ['x'] }, { source: B, path: ['yy'] }] },
      { rule: 'sub-wildcard', severity: 'warning', message: `d ${unresolved('Stack.X')}`, fix: 'do that', places: [{ source: B, path: ['z'] }] },
    ],
    suppressed: [{ rule: 'role-unused', severity: 'warning', message: 'e', fix: 'f', places: [{ source: A, path: [] }], reason: 'g' }],
    notChecked: [{ what: 'whether g', place: { source: A, path: ['x'] } }],
    seen: { roles: 1, serviceAccounts: 2, workloads: 0 },
    ...changes,
  };
}

function report(changes: Partial<CheckResult> = {}, options: Partial<Report> = {}): Report {
  return reportOf(result(changes), {
    strict: false, version: '1.2.3', colors: false, unreadable: [], positionOf: ({ path }) => ({ line: 3, column: String(path[0] ?? '').length + 1 }), ...options,
  });
}

const CLEAN = { findings: [], suppressed: [], notChecked: [] };

test('the table is for people: by files and lines, then what was not checked, then the sum', () => {
  expect(tableReport(report())).toBe(`a.json:3:2  warning  sub-wildcard
  d \${Stack.X}
  fix: do that

b dir/a.yaml:3:2  error  trust-subject
  a <b> & "c"
  fix: do this
  and: a.json:3:3

not checked: whether g (b dir/a.yaml:3:2)
1 error, 1 warning, 1 suppressed, 1 not checked (1 role, 2 service accounts, 0 workloads)
`);
});

test('the table of nothing is the sum', () => {
  expect(tableReport(report(CLEAN))).toBe('0 errors, 0 warnings (1 role, 2 service accounts, 0 workloads)\n');
});

test('the table says what was not read', () => {
  expect(tableReport(report(CLEAN, { unreadable: ['x.yaml:1:1: is binary'] }))).toContain('not read: x.yaml:1:1: is binary\n');
});

test('the table lists twenty things that were not checked, and how many more there are', () => {
  const notChecked = Array.from({ length: 23 }, (_, index) => ({ what: `whether ${index}`, place: { source: A, path: [] } }));
  const lines = tableReport(report({ ...CLEAN, notChecked })).split('\n').filter(line => line.startsWith('not checked'));

  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('not checked: 3 more; --format json lists them all');
});

test('the table has colours only when it is told so', () => {
  // eslint-disable-next-line no-control-regex
  const escapes = /\x1b\[/;

  expect(tableReport(report())).not.toMatch(escapes);
  expect(tableReport(report({}, { colors: true }))).toMatch(escapes);
});

test('no report lets names in files write to a terminal', () => {
  const hostile = report({ findings: [{ rule: 'trust-subject', severity: 'error', message: 'a\x1b[2J\u202e\nb', fix: 'c\r', places: [{ source: A, path: [] }] }] });

  for (const print of [tableReport, jsonReport, sarifReport, junitReport]) {
    // eslint-disable-next-line no-control-regex
    expect(print(hostile)).not.toMatch(/\x1b|\u202e|\r/);
  }
  expect(tableReport(hostile)).toContain('a\\u001b[2J\\u202e\\u000ab');
});

test('JSON has everything', () => {
  expect(JSON.parse(jsonReport(report({}, { unreadable: ['x'] })))).toEqual({
    version: 1,
    findings: [
      { rule: 'sub-wildcard', severity: 'warning', message: 'd ${Stack.X}', fix: 'do that', locations: [{ file: 'a.json', line: 3, column: 2 }] },
      {
        rule: 'trust-subject',
        severity: 'error',
        message: 'a <b> & "c"',
        fix: 'do this',
        locations: [{ file: 'b dir/a.yaml', line: 3, column: 2 }, { file: 'a.json', line: 3, column: 3 }],
      },
    ],
    suppressed: [{ rule: 'role-unused', severity: 'warning', message: 'e', fix: 'f', locations: [{ file: 'b dir/a.yaml', line: 3, column: 1 }], reason: 'g' }],
    notChecked: [{ what: 'whether g', location: { file: 'b dir/a.yaml', line: 3, column: 2 } }],
    unreadable: ['x'],
    seen: { roles: 1, serviceAccounts: 2, workloads: 0 },
  });
});

// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
test('SARIF has rules, results with both sides, and what is suppressed', () => {
  const { version, runs: [run] } = JSON.parse(sarifReport(report()));

  expect(version).toBe('2.1.0');
  expect(run.tool.driver).toMatchObject({ name: 'cdk-irsa', semanticVersion: '1.2.3' });
  expect(run.tool.driver.rules).toHaveLength(RULES.length);
  expect(run.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  expect(run.results.map((each: { ruleId: string }) => each.ruleId)).toEqual(['sub-wildcard', 'trust-subject', 'role-unused']);
  expect(run.results[1]).toEqual({
    ruleId: 'trust-subject',
    ruleIndex: RULES.findIndex(({ id }) => id === 'trust-subject'),
    level: 'error',
    message: { text: 'a <b> & "c"; fix: do this' },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'b%20dir/a.yaml' }, region: { startLine: 3, startColumn: 2 } } }],
    relatedLocations: [{ id: 1, physicalLocation: { artifactLocation: { uri: 'a.json' }, region: { startLine: 3, startColumn: 3 } } }],
  });
  expect(run.results[2].suppressions).toEqual([{ kind: 'inSource', justification: 'g' }]);
  expect(run.results[0].suppressions).toBeUndefined();
});

test('SARIF says what was not read', () => {
  const { runs: [run] } = JSON.parse(sarifReport(report(CLEAN, { unreadable: ['x'] })));

  expect(run.invocations).toEqual([{ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', message: { text: 'x' } }] }]);
});

describe('JUnit', () => {
  test('has a test case for each rule and one for reading, errors as failures, warnings as output', () => {
    const xml = junitReport(report());

    expect(xml).toContain(`<testsuite name="cdk-irsa check" tests="${RULES.length + 1}" failures="1" errors="0">`);
    expect(xml.match(/<testcase /g)).toHaveLength(RULES.length + 1);
    expect(xml).toContain('<failure message="a &lt;b&gt; &amp; &quot;c&quot;">b dir/a.yaml:3:2, a.json:3:3: a &lt;b&gt; &amp; &quot;c&quot;; fix: do this</failure>');
    expect(xml).toContain('<system-out>a.json:3:2: d ${Stack.X}; fix: do that</system-out>');
  });

  test('fails for warnings when they are to fail', () => {
    expect(junitReport(report({}, { strict: true }))).toContain('failures="2"');
  });

  test('has an error for what was not read', () => {
    expect(junitReport(report(CLEAN, { unreadable: ['a<b', 'c'] }))).toMatch(/failures="0" errors="1">\n.*<error message="a&lt;b">a&lt;b\nc<\/error>/);
  });

  test('has no character that XML does not take', () => {
    const message = 'a\ud800b\uffff';

    expect(junitReport(report({ findings: [{ rule: 'trust-subject', severity: 'error', message, fix: 'c', places: [{ source: A, path: [] }] }] }))).toContain('"a\ufffdb\ufffd"');
  });
});
