import { type Duration, Token } from 'aws-cdk-lib';
import {
  ifGiven, MAX_CHAINED_SECONDS, MAX_SESSION_SECONDS, sessionSeconds, validateExternalId, validateProfileName, validateRegion, validateRoleSessionName,
} from '../identity/assume-role-parameters';
import { isOneLine } from '../identity/one-line';
import { ROLE_ARN } from '../identity/role-arn-pattern';
import { TOKEN_FILE, TOKEN_FOLDER } from '../identity/webhook-contract';

/** Where the pod identity webhook mounts the token. */
const TOKEN_PATH = `${TOKEN_FOLDER}/${TOKEN_FILE}`;

/** Where a profile without a source profile finds its first credentials. */
export enum AwsCredentialSource {
  /** Keys in the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. */
  ENVIRONMENT = 'Environment',

  /** The role of the node. */
  EC2_INSTANCE_METADATA = 'Ec2InstanceMetadata',

  /** The container's own credentials: of an ECS task, or of EKS Pod Identity. */
  ECS_CONTAINER = 'EcsContainer',
}

/** What every profile can say. */
export interface AwsProfileOptions {
  /** The ARN of the role that the profile stands for. */
  readonly roleArn: string;

  /**
   * The name of the session, 2 to 64 letters, digits and `_+=,.@-`: it shows in CloudTrail.
   *
   * @default - each SDK makes one up
   */
  readonly roleSessionName?: string;

  /**
   * The region of calls to AWS.
   *
   * @default - what the environment says: the webhook of EKS sets `AWS_REGION`
   */
  readonly region?: string;

  /**
   * Whether older SDKs call the STS of their region instead of the global one.
   *
   * @default - left to the SDK; current ones do
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
   */
  readonly regionalSts?: boolean;
}

/** A profile whose role is assumed with the token of the pod. */
export interface WebIdentityProfileOptions extends AwsProfileOptions {
  /**
   * The file that has the token: an absolute path.
   *
   * @default /var/run/secrets/eks.amazonaws.com/serviceaccount/token, where the pod identity webhook mounts it
   */
  readonly tokenFile?: string;
}

/** A profile whose role is assumed with other credentials: exactly one of `sourceProfile` and `credentialSource` says which. */
export interface AssumeRoleProfileOptions extends AwsProfileOptions {
  /**
   * The profile that gives the credentials.
   *
   * @default - `credentialSource`
   */
  readonly sourceProfile?: string;

  /**
   * What gives the credentials, where it isn't a profile.
   *
   * @default - `sourceProfile`
   */
  readonly credentialSource?: AwsCredentialSource;

  /**
   * The external id that the role asks for.
   *
   * @default - none
   */
  readonly externalId?: string;

  /**
   * How long a session lasts: 15 minutes to one hour, and up to 12 hours with the keys of an IAM user
   * (`AwsCredentialSource.ENVIRONMENT`).
   *
   * @default Duration.hours(1)
   */
  readonly duration?: Duration;
}

/**
 * A profile of an AWS config file, as all SDKs read it.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export class AwsProfile {
  /** A role that is assumed with the token of the pod. */
  public static webIdentity(name: string, options: WebIdentityProfileOptions): AwsProfile {
    return new AwsProfile(name, undefined, [
      ['role_arn', validateRoleArn(options.roleArn)],
      ['web_identity_token_file', validateTokenFile(options.tokenFile ?? TOKEN_PATH)],
      ...commonSettings(options),
    ]);
  }

  /** A role that is assumed with the credentials of another profile, or with those that the container has anyway. */
  public static assumeRole(name: string, options: AssumeRoleProfileOptions): AwsProfile {
    const { sourceProfile, credentialSource, externalId, duration } = options;
    if ((sourceProfile === undefined) === (credentialSource === undefined)) {
      throw new Error(`profile '${name}' has ${sourceProfile === undefined ? 'neither sourceProfile nor' : 'both sourceProfile and'} credentialSource; `
        + 'pass the one that gives its credentials, or use AwsProfile.webIdentity');
    }
    // whoever has keys of an IAM user does not chain roles; all the other sources are roles themselves
    const max = credentialSource === AwsCredentialSource.ENVIRONMENT ? MAX_SESSION_SECONDS : MAX_CHAINED_SECONDS;
    return new AwsProfile(name, sourceProfile, [
      ['source_profile', sourceProfile],
      ['credential_source', credentialSource],
      ['role_arn', validateRoleArn(options.roleArn)],
      ['external_id', ifGiven(externalId, validateExternalId)],
      ['duration_seconds', ifGiven(duration, value => String(sessionSeconds(value, max)))],
      ...commonSettings(options),
    ]);
  }

  /** The settings, by their names in the file and in their order there. */
  public readonly settings: { [name: string]: string };

  private constructor(
    /** The name: what `AWS_PROFILE` and `--profile` say. */
    public readonly name: string,
    /**
     * The profile that gives the credentials.
     *
     * @default - none: a token or a credential source does
     */
    public readonly sourceProfile: string | undefined,
    settings: Array<[name: string, value: string | undefined]>,
  ) {
    validateProfileName(name);
    this.settings = Object.freeze(Object.fromEntries(settings.filter((setting): setting is [string, string] => setting[1] !== undefined)));
  }

  /** The profile as it stands in the file. */
  public toString(): string {
    return this._render(value => value);
  }

  /** @internal the profile with what is known by now */
  public _render(valueOf: (value: string, name: string) => string): string {
    const header = this.name === 'default' ? '[default]' : `[profile ${this.name}]`;
    return [header, ...Object.entries(this.settings).map(([name, value]) => `${name} = ${oneLine(name, valueOf(value, name))}`)].join('\n');
  }
}

/** A line break would begin another setting. */
function oneLine(name: string, value: string): string {
  if (!isOneLine(value)) {
    throw new Error(`${name} is ${JSON.stringify(value)}, with a line break or control character: it would be more than one setting`);
  }
  return value;
}

/** Checks a value that was a token when the profile was made. */
export function validateSetting(name: string, value: string): string {
  const validate = VALIDATE[name];
  return validate ? validate(value) : value;
}

const VALIDATE: Record<string, ((value: string) => string) | undefined> = {
  external_id: validateExternalId,
  region: validateRegion,
  role_arn: validateRoleArn,
  role_session_name: validateRoleSessionName,
};

function commonSettings({ roleSessionName, region, regionalSts }: AwsProfileOptions): Array<[string, string | undefined]> {
  return [
    ['role_session_name', ifGiven(roleSessionName, validateRoleSessionName)],
    ['region', ifGiven(region, validateRegion)],
    ['sts_regional_endpoints', ifGiven(regionalSts, regional => regional ? 'regional' : 'legacy')],
  ];
}

function validateRoleArn(arn: string): string {
  if (!Token.isUnresolved(arn) && !ROLE_ARN.test(arn)) {
    throw new Error(`'${arn}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)`);
  }
  return arn;
}

function validateTokenFile(file: string): string {
  if (!/^\/[\w./@:+=,-]+$/.test(file)) {
    throw new Error(`'${file}' is not a token file: an absolute path of letters, digits and ._/@:+=,- is expected, which all SDKs read alike`);
  }
  return file;
}
