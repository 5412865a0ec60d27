import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { check, HALF_AN_HOUR, run, Result } from './exec';
import { motoCredentials } from './moto';
import { npmEnv } from './npm';

export interface CdkAppOptions {
  /** A folder that `npm install` has filled; stays as it is. */
  readonly dependencies: string;
  /** Where the app goes: must not exist yet. */
  readonly dir: string;
  /** Home of the CDK CLI. */
  readonly home: string;
  /** CloudFormation, IAM and STS. */
  readonly endpoint: string;
}

export interface DeployOptions {
  readonly account: string;
  /** @default - 'eu-west-1' */
  readonly region?: string;
  /** The cloud assembly: what `synth` made. */
  readonly assembly: string;
  readonly stacks: readonly string[];
  /** Values of `CfnParameter`s, such as `Stack:Issuer`. @default - none */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface BinOptions {
  /** Where it runs. @default - the folder of the app */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Outputs of a deployment: by stack, by name. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Errors that the newest aws-cdk-lib itself finds in templates fail the synthesis; without it they are warnings. */
export const STRICT_SYNTH = ['--context', '@aws-cdk/core:validateAgainstDefaultRules=true'];

/** The newest aws-cdk-lib holds templates to rules of its own, in four times the time that all else takes. The examples are for that. */
const NO_RULES = { CDK_VALIDATION: 'false' };

/** A CDK app in a folder of its own, synthesised and deployed by the CDK CLI that is installed there. */
export class CdkApp {
  /** `programs` are the paths of its TypeScript files. */
  public static create(options: CdkAppOptions, programs: readonly string[]): CdkApp {
    fs.mkdirSync(options.dir, { recursive: true });
    fs.copyFileSync(path.join(options.dependencies, 'package.json'), path.join(options.dir, 'package.json'));
    // hard links: 280 MB in half a second; npm replaces files of packages and never writes into them, so the source stays whole
    fs.mkdirSync(path.join(options.dir, 'node_modules'));
    linkTree(path.join(options.dependencies, 'node_modules'), path.join(options.dir, 'node_modules'));
    for (const program of programs) {
      fs.copyFileSync(program, path.join(options.dir, path.basename(program)));
    }
    return new CdkApp(options);
  }

  public readonly dir: string;

  private constructor(private readonly options: CdkAppOptions) {
    this.dir = options.dir;
  }

  /** `npm install` of a package file, as a user would do it. */
  public async install(tarball: string): Promise<void> {
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error', tarball];
    await check({ command: 'npm', args, cwd: this.dir, env: npmEnv(), timeoutMs: HALF_AN_HOUR });
  }

  /** A program that a package of the app brings along, with nothing of this environment. */
  public bin(name: string, args: readonly string[], options: BinOptions = {}): Promise<Result> {
    const { folder = this.dir, env = {} } = options;
    return run({ command: path.join(this.dir, 'node_modules', '.bin', name), args, cwd: folder, env: this.env(env) });
  }

  /** `cdk synth` of a program with these variables. The answer is the folder of the cloud assembly. */
  public async synth(program: string, env: Readonly<Record<string, string>> = {}, options: readonly string[] = []): Promise<string> {
    const output = fs.mkdtempSync(path.join(this.dir, `${path.basename(program, '.ts')}.out-`));
    await this.cdk(['synth', '--quiet', '--app', `node --import tsx ${program}`, '--output', output, ...options], this.env({ ...NO_RULES, ...env }));
    return output;
  }

  /** `cdk deploy`, without change sets since moto loses their outputs. The answer is the outputs file. */
  public async deploy(options: DeployOptions): Promise<string> {
    const { account, region = 'eu-west-1', assembly, stacks, parameters = {} } = options;
    const credentials = await motoCredentials(this.options.endpoint, account);
    const outputs = path.join(fs.mkdtempSync(path.join(this.dir, 'outputs-')), 'outputs.json');
    await this.cdk([
      // one account's stacks at a time: their dependencies in other accounts were deployed with other credentials
      'deploy', ...stacks, '--exclusively', '--app', assembly,
      '--method', 'direct', '--require-approval', 'never', '--outputs-file', outputs,
      ...Object.entries(parameters).flatMap(([name, value]) => ['--parameters', `${name}=${value}`]),
    ], this.env({
      AWS_ENDPOINT_URL: this.options.endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
      AWS_REGION: region,
    }));
    return outputs;
  }

  private cdk(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    return check({ command: path.join(this.dir, 'node_modules', '.bin', 'cdk'), args: [...args, '--no-notices', '--no-version-reporting'], cwd: this.dir, env });
  }

  /** Nothing of the machine's AWS configuration, and nothing written outside of the run. */
  private env(more: Readonly<Record<string, string>>): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.options.home,
      // it asks the system for the home of its user
      CDK_HOME: path.join(this.options.home, '.cdk'),
      TMPDIR: tmpdir(),
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
      ...more,
    };
  }
}

export function readOutputs(file: string): Outputs {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Outputs;
}

function linkTree(from: string, to: string): void {
  // npm does write into its own note of what is installed; it makes a new one where there is none
  for (const entry of fs.readdirSync(from, { withFileTypes: true }).filter(({ name }) => name !== '.package-lock.json')) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) {
      fs.mkdirSync(target);
      linkTree(source, target);
    } else if (entry.isSymbolicLink()) {
      fs.symlinkSync(fs.readlinkSync(source), target);
    } else {
      link(source, target);
    }
  }
}

function link(source: string, target: string): void {
  try {
    fs.linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') {
      throw error;
    }
    // the temporary folder is a file system of its own
    fs.copyFileSync(source, target);
  }
}
