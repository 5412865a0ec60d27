import type { LocatedFinding, Location, Report } from './report';
import { RULES } from '../rules';

/** For code scanning. */
export function sarifReport(report: Report): string {
  const { findings, suppressed, unreadable, version } = report;
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'cdk-irsa',
          semanticVersion: version,
          rules: RULES.map(({ id, title, why, severity }) => ({
            id, shortDescription: { text: title }, fullDescription: { text: why }, defaultConfiguration: { level: severity },
          })),
        },
      },
      invocations: [{
        executionSuccessful: unreadable.length === 0,
        toolExecutionNotifications: unreadable.map(text => ({ level: 'error', message: { text } })),
      }],
      results: [
        ...findings.map(result),
        // GitHub shows what is suppressed as closed
        ...suppressed.map(finding => ({ ...result(finding), suppressions: [{ kind: 'inSource', justification: finding.reason }] })),
      ],
    }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function result({ rule, severity, message, fix, locations: [first, ...others] }: LocatedFinding): object {
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: `${message}; fix: ${fix}` },
    locations: [locationOf(first)],
    ...others.length > 0 ? { relatedLocations: others.map((each, index) => ({ id: index + 1, ...locationOf(each) })) } : {},
  };
}

function locationOf({ file, line, column }: Location): object {
  const uri = file.split(/[\\/]/).map(encodeURIComponent).join('/');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line, startColumn: column } } };
}
