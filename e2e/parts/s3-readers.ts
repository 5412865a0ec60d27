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

  /** The AWS CLI. */
  public async awsCli(container: Container, bucket: string, key: string): Promise<ReadResult> {
    const { command, args } = pythonTool(this.tools.python, 'aws', ['s3', 'cp', '--only-show-errors', `s3://${bucket}/${key}`, '-']);
    const result = await this.run(container, command, args);
    // the gateway's errors lack the wrapper in which the CLI looks for the code, so only the status is left
    return verdict(result, /AccessDenied|\(403\)|Forbidden|Unknown/.test(result.stderr));
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
  return { allowed: code === 0, text: stdout, message: stderr.trim() };
}
