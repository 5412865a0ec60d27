import * as fs from 'node:fs';
import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { filesOf, hasFiles } from './app-files';
import type { IrsaChecksOptions } from './irsa-checks-options';
import { type IrsaFinding, IrsaFindingSeverity } from './irsa-finding';
import { isLookupPass } from '../check/input/assembly';
import type { Report } from '../check/report/report';

/**
 * The checks of `cdk-irsa check` for unit tests, with whatever test framework: does what an app makes agree?
 *
 * Like `Template.fromStack` it synthesises the app, once. Findings are left out as for `cdk-irsa check`: with the reason, in the metadata of a resource or
 * the annotations of an object.
 *
 * @example
 * IrsaChecks.of(app).assertNoFindings();
 */
export class IrsaChecks {
  /**
   * Checks an app, or what of it concerns a Stage, a stack or another construct: then findings are those in the templates and manifests that are in there.
   *
   * @param scope the app, or a Stage, a stack or another construct in it that has a stack or `Manifests` in it
   */
  public static of(scope: IConstruct, options: IrsaChecksOptions = {}): IrsaChecks {
    const app = scope.node.root;
    if (!Stage.isStage(app)) {
      throw new Error(`'${scope.node.path}' is not in a CDK app; make it in a Stack or an App`);
    }
    if (!Stage.isStage(scope) && !hasFiles(scope)) {
      throw new Error(`'${scope.node.path}' has neither a stack nor Manifests in it, so nothing would ever be found; pass the app, a Stage, a stack or a Manifests`);
    }
    // apps are not to pay for their tests
    const { checkAssembly, reportOfAssembly } = require('./check-assembly') as typeof import('./check-assembly');
    const { directory } = app.synth();
    if (isLookupPass(directory)) {
      throw new Error('the app has values that the CDK CLI has to look up first, and cannot be checked without them; run cdk synth and keep cdk.context.json, or give the App a context with them');
    }
    const { manifests = [], templates = [] } = options;
    const concerns = scope === app ? () => true : filesOf(scope);
    const checked = checkAssembly({ assembly: directory, others: [...manifests, ...templates], concerns });
    return new IrsaChecks(reportOfAssembly(checked, fs.realpathSync(directory)));
  }

  /** All that was found, in the order of files. */
  public readonly findings: IrsaFinding[];

  /** What cannot be known before deployment or without further files, one clause each. */
  public readonly notChecked: string[];

  private constructor(private readonly report: Report) {
    this.findings = report.findings.map(({ rule, severity, message, fix, locations }) => ({
      rule, severity: severity === 'error' ? IrsaFindingSeverity.ERROR : IrsaFindingSeverity.WARNING, message, fix, locations: locations.map(shown),
    }));
    this.notChecked = report.notChecked.map(({ what }) => what);
  }

  /** Fails with a table of all that was found, warnings included. */
  public assertNoFindings(): void {
    this.assertNone(this.findings);
  }

  /** Fails with a table of all that was found if there is an error in it; warnings alone pass. */
  public assertNoErrors(): void {
    this.assertNone(this.findings.filter(({ severity }) => severity === IrsaFindingSeverity.ERROR));
  }

  private assertNone(findings: readonly IrsaFinding[]): void {
    if (findings.length > 0) {
      const { tableReport } = require('../check/report/table') as typeof import('../check/report/table');
      throw new Error(`templates and manifests do not agree:\n\n${tableReport(this.report)}`);
    }
  }
}

function shown({ file, line, column }: Report['findings'][number]['locations'][number]): string {
  return `${file}:${line}:${column}`;
}
