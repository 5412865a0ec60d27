import { createHash } from 'node:crypto';
import { App, ResolutionContext } from 'cdk8s';
import { type AbstractPod, ConfigMap, type ConfigMapProps, Volume } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { AwsConfigFile } from './aws-config-file';
import {
  assertSameNamespace, type AwsConfigMountOptions, changedVariables, CONFIG_FILE_NAME, configVariables, containersOf, lazyText, mountConfig, rollWith,
} from './aws-config-mount';
import { validateSetting } from './aws-profile';
import { CdkTokenResolver } from './cdk-token-resolver';
import { configUserProblems } from './config-users';
import { placeholder, placeholderNames, placeholdersOfLines } from './placeholder';
import { checkWhenRendered } from './rendered-app';
import { isLookupDummy, ROLE_ARN } from '../identity/role-arn-pattern';

/** Properties of an `AwsConfigMap`. */
export interface AwsConfigMapProps extends ConfigMapProps {
  /** The file: that of a chain of roles (`AwsConfigFile.fromRoleChain`), or one with profiles of your own. */
  readonly file: AwsConfigFile;
}

/**
 * An AWS config file in the cluster, and its mount: programs that only know profiles find their roles by it.
 *
 * A `kplus.ConfigMap` like any other, with the file under the key `config`.
 */
export class AwsConfigMap extends ConfigMap {
  /** The file. */
  public readonly file: AwsConfigFile;

  private readonly volume: Volume;

  constructor(scope: Construct, id: string, props: AwsConfigMapProps) {
    const { file, ...rest } = props;
    super(scope, id, rest);
    this.file = file;
    this.addData(CONFIG_FILE_NAME, lazyText(() => this.finalText()));
    this.volume = Volume.fromConfigMap(this, 'Volume', this, { name: `aws-config-${sha256(this.node.path).slice(0, 8)}` });
    checkWhenRendered(App.of(this));
  }

  /**
   * Mounts the file into containers of a pod or workload, as `/etc/aws-config/config`, and sets `AWS_CONFIG_FILE`.
   *
   * The pods get an annotation that changes with the ConfigMap, so that a change rolls them: a hash, and beside it the values that only
   * deployment brings.
   */
  public mountInto(pod: AbstractPod, options: AwsConfigMountOptions = {}): void {
    const { containers = containersOf(pod), profile } = options;
    const first = profile === undefined ? undefined : this.file._rootOf(profile);
    const firstRoleArn = first?.settings.web_identity_token_file === undefined
      ? undefined
      : lazyText(() => this.checkedArn(this.resolved(first.settings.role_arn)));

    assertSameNamespace(this, pod);
    const variables = configVariables(options, firstRoleArn);
    mountConfig(pod, containers, this.volume, variables);
    rollWith(pod, () => this.fingerprint());
    this.applyBefore(pod);
    const validateMounts = () => [...options.containers ? [] : this.validateAllMounted(pod), ...changedVariables(pod, containers, variables)];
    this.node.addValidation({ validate: () => [...this.validateProfile(profile), ...validateMounts(), ...this.validateUser(pod)] });
  }

  /** Pods that start with the new annotation have to find the new file. */
  private applyBefore(pod: AbstractPod): void {
    if (App.of(pod) === App.of(this)) {
      pod.node.addDependency(this);
    }
  }

  /** The file as it will be written. */
  private finalText(): string {
    return this.file._render((value, name) => {
      const resolved = this.resolved(value);
      return name === 'role_arn' ? placeholdersOfLines(this.checkedArn(resolved)) : this.checkedSetting(name, resolved);
    });
  }

  /** With what synth knows, and placeholders for the rest. */
  private resolved(text: string): string {
    const context = new ResolutionContext(this.apiObject, ['data', CONFIG_FILE_NAME], text);
    this.resolver.resolve(context);
    return (context.replaced ? context.replacedValue : context.value) as string;
  }

  /** What synth knows is for every app; only one with a resolver of ours can have placeholders. */
  private get resolver(): CdkTokenResolver {
    return App.of(this).resolvers.find((candidate): candidate is CdkTokenResolver => candidate instanceof CdkTokenResolver) ?? new CdkTokenResolver();
  }

  /** What was a token when the profile was made is checked now, and what is one still, by `cdk-irsa render`. */
  private checkedSetting(name: string, value: string): string {
    return placeholderNames(value).length > 0 ? placeholdersOfLines(value) : validateSetting(name, value);
  }

  private checkedArn(arn: string): string {
    // Role.customizeRoles makes a report of roles that have no name yet: their ARNs just end
    const checked = arn.endsWith(':role') || isLookupDummy(arn) ? this.resolver._withoutValue(`${this.node.path}.${arn}`) ?? arn : arn;
    if (!ROLE_ARN.test(checked) && placeholderNames(checked).length === 0) {
      throw new Error(`${this.node.path}: '${arn}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME)`);
    }
    return checked;
  }

  /** Of the object as it will be written, patches included. */
  private fingerprint(): string {
    const { data, binaryData } = this.apiObject.toJson() as Record<string, unknown>;
    const text = JSON.stringify([data, binaryData]);
    return [sha256(text).slice(0, 16), ...placeholderNames(text).map(name => placeholder(name, 'string'))].join(' ');
  }

  private validateProfile(profile: string | undefined): string[] {
    const names = this.file.profiles.map(({ name }) => name);
    return profile === undefined || names.includes(profile)
      ? []
      : [`there is no profile '${profile}' in the file, which a container is to use; it has ${names.join(', ')}`];
  }

  /** The chain begins with the token of a service account, so the pod has to be one that the first role trusts. */
  private validateUser(pod: AbstractPod): string[] {
    return this.file._chain ? configUserProblems(pod, this.file._chain.role).map(problem => `${problem}; the file of ${this.node.path} begins with that role`) : [];
  }

  private validateAllMounted(pod: AbstractPod): string[] {
    return containersOf(pod).filter(({ mounts }) => !mounts.some(({ volume }) => volume === this.volume))
      .map(({ name }) => `container '${name}' of ${pod.node.path} came after mountInto and does not have the file; call mountInto after it, `
        + 'or say which containers get it');
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
