import { createColors } from 'picocolors';
import { count, type Report, shown } from './report';

/** How many of the things that could not be checked are listed. */
const MAX_NOT_CHECKED = 20;

/** For people: a paragraph for each finding, then what was not checked, then the sum. */
export function tableReport(report: Report): string {
  const { bold, dim, red, yellow, green } = createColors(report.colors);
  const findings = report.findings.map(({ rule, severity, message, fix, locations: [first, ...others] }) => [
    `${bold(shown(first))}  ${severity === 'error' ? red(severity) : yellow(severity)}  ${rule}`,
    `  ${message}`,
    `  fix: ${fix}`,
    ...others.map(other => dim(`  and: ${shown(other)}`)),
    '',
  ].join('\n'));
  const hidden = report.notChecked.length - MAX_NOT_CHECKED;
  const notChecked = [
    ...report.notChecked.slice(0, MAX_NOT_CHECKED).map(({ what, location }) => `not checked: ${what} ${dim(`(${shown(location)})`)}`),
    ...hidden > 0 ? [`not checked: ${hidden} more; --format json lists them all`] : [],
  ];
  const unreadable = report.unreadable.map(problem => `${red('not read')}: ${problem}`);
  const [errors, warnings] = (['error', 'warning'] as const).map(severity => report.findings.filter(finding => finding.severity === severity).length);
  const { roles, serviceAccounts, workloads } = report.seen;
  const sum = [
    errors > 0 ? red(count(errors, 'error')) : green(count(0, 'error')), count(warnings, 'warning'),
    ...report.suppressed.length > 0 ? [`${report.suppressed.length} suppressed`] : [], ...report.notChecked.length > 0 ? [`${report.notChecked.length} not checked`] : [],
  ].join(', ');
  return [
    ...findings, ...notChecked, ...unreadable,
    `${sum} (${count(roles, 'role')}, ${count(serviceAccounts, 'service account')}, ${count(workloads, 'workload')})`,
    '',
  ].join('\n');
}
