import * as path from 'node:path';
import type {
  IPolicyValidationContextBeta1, IPolicyValidationPluginBeta1, PolicyValidationPluginReportBeta1, PolicyViolationBeta1,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { constructsOf } from './app-files';
import type { IrsaChecksOptions } from './irsa-checks-options';
import { isLookupPass, rootAssembly } from '../check/input/assembly';

/** Properties of `IrsaValidationPlugin`. */
export interface IrsaValidationPluginProps extends IrsaChecksOptions {
  /**
   * Whether warnings fail `cdk synth` too: then they are reported as errors.
   *
   * @default false
   */
  readonly strict?: boolean;
}

/**
 * The checks of `cdk-irsa check` as part of `cdk synth`: it fails with CDK's own report where templates and Kubernetes manifests do not agree.
 *
 * Looks at all templates of the app, nested stacks included, at the manifests that `Manifests` writes, and at files of others that are named here. On a Stage instead of
 * the app, only what concerns that Stage is reported.
 *
 * Warnings are shown and fail nothing, unless `strict` says so. Findings are left out as for `cdk-irsa check`: with the reason, in the metadata of
 * a resource or the annotations of an object.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 * @example
 * const app = new App({ policyValidationBeta1: [new IrsaValidationPlugin({ manifests: ['deploy/manifests'] })] });
 */
export class IrsaValidationPlugin implements IPolicyValidationPluginBeta1 {
  /** How CDK's report calls it. */
  public readonly name: string = 'cdk-irsa';

  constructor(private readonly props: IrsaValidationPluginProps = {}) {}

  /** The version of this package. */
  public get version(): string | undefined {
    const { packageVersion } = require('../package-version') as typeof import('../package-version');
    return packageVersion();
  }

  /** Ids of all rules, as docs/rules.md lists them. */
  public get ruleIds(): string[] | undefined {
    const { RULES } = require('../check/rules') as typeof import('../check/rules');
    return RULES.map(({ id }) => id);
  }

  /**
   * Called by CDK when templates and manifests are written.
   *
   * @param context what CDK says of the app
   */
  public validate(context: IPolicyValidationContextBeta1): PolicyValidationPluginReportBeta1 {
    const folders = [...new Set(context.templatePaths.map(template => path.dirname(template)))];
    if (folders.length === 0) {
      return this.report([]);
    }
    const assembly = rootAssembly(folders[0]);
    // a failure would keep the CDK CLI from looking up what is missing
    return isLookupPass(assembly) ? this.report([], ['anything: the CDK CLI looks values up first, and runs the app again']) : this.check(assembly, context);
  }

  private check(assembly: string, context: NewerContext): PolicyValidationPluginReportBeta1 {
    // loaded when it is needed: an app starts without
    const { checkAssembly, filesOfStacks, reportOfAssembly } = require('./check-assembly') as typeof import('./check-assembly');
    const { tableReport } = require('../check/report/table') as typeof import('../check/report/table');
    const { violationsOf } = require('./violations') as typeof import('./violations');
    const { manifests = [], templates = [], strict = false } = this.props;
    const concerns = filesOfStacks(assembly, context.templatePaths);
    const checked = checkAssembly({ assembly, others: [...manifests, ...templates], concerns });
    const violations = violationsOf(checked, { strict, constructOf: constructsOf(context.appConstruct) });
    const report = this.report(violations, checked.result.notChecked.map(({ what }) => what));
    if (report.success && report.violations.length > 0 && !context.stackTemplates) {
      process.stderr.write(tableReport(reportOfAssembly(checked, process.cwd())));
    }
    return report;
  }

  private report(violations: PolicyViolationBeta1[], notChecked: readonly string[] = []): PolicyValidationPluginReportBeta1 {
    return {
      success: violations.every(({ severity }) => severity !== 'error'),
      violations,
      pluginVersion: this.version,
      ...notChecked.length > 0 ? { metadata: { notChecked: notChecked.join('; ') } } : {},
    };
  }
}

/** CDK from 2.251 on says more, and shows warnings itself. */
interface NewerContext {
  readonly templatePaths: readonly string[];
  readonly stackTemplates?: unknown;
  readonly appConstruct?: IConstruct;
}
