import * as fs from 'node:fs';
import * as path from 'node:path';
import { Result } from './exec';
import { inPod } from './pod';
import { pythonTool } from './python';

/** What a container is given: the variables and files that the manifests and tokens amount to. */
export interface Container {
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

export interface ReaderTools {
  readonly dir: string;
  readonly python: string;
  readonly awsSdk: string;
  /** Of STS and S3 alike. */
  readonly endpoint: string;
}

/** What reading an object came to. */
export interface ReadResult {
  readonly allowed: boolean;
  /** The object's content, where allowed. */
  readonly text: string;
  /** What the program complained about, where not. */
  readonly message: string;
}

/** Programs in a pod that read an object, each finding its credentials by itself. */
export class S3Readers {
  public constructor(private readonly tools: ReaderTools) {}

  /** The AWS SDK for JavaScript, default credential chain. */
  public async sdk(container: Container, bucket: string, key: string): Promise<ReadResult> {
    const args = [path.join(this.tools.awsSdk, 'read-object.js'), bucket, key];
    const result = await this.run(container, process.execPath, args);
    return verdict(result, result.code === 3);
  }

  /**
   * The AWS CLI. It finds no code in the gateway's errors, which lack a wrapper, and its exit code says nothing: the
   * status of the last answer is in the debug log only.
   */
  public async awsCli(container: Container, bucket: string, key: string): Promise<ReadResult> {
    const { command, args } = pythonTool(this.tools.python, 'aws', ['s3', 'cp', '--only-show-errors', '--debug', `s3://${bucket}/${key}`, '-']);
    const { stderr, ...result } = await this.run(container, command, args);
    const statuses = [...stderr.matchAll(/ - urllib3\.connectionpool - DEBUG - \S+ "[A-Z]+ \S+ HTTP\/1\.1" (\d+)/g)];
    return verdict({ ...result, stderr: withoutDebugLog(stderr) }, statuses.at(-1)?.[1] === '403');
  }

  private run({ env, files }: Container, command: string, args: readonly string[]): Promise<Result> {
    const layer = fs.mkdtempSync(path.join(this.tools.dir, 'pod-'));
    const outside = {
      AWS_ENDPOINT_URL: this.tools.endpoint,
      // a pod that gets nothing from its manifests must not find the machine's own role
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      NODE_NO_WARNINGS: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    return inPod(layer, { env: { ...outside, ...env }, files, command, args });
  }
}

function verdict({ code, stdout, stderr }: Result, refused: boolean): ReadResult {
  if (code !== 0 && !refused) {
    // a broken set-up must not pass for a refusal
    throw new Error(`expected an object or a refusal, got exit code ${code}: ${stderr.trim()}`);
  }
  return { allowed: code === 0, text: stdout, message: code === 0 ? '' : stderr.trim() };
}

/** What is left is what the CLI tells its user. */
function withoutDebugLog(stderr: string): string {
  return stderr.split('\n').filter((line) => !/^\d{4}-\d\d-\d\d |^Traceback|^\s/.test(line)).join('\n');
}
