import { type Command, Option } from 'commander';
import { manifestsAt } from './manifest-input';
import { nameOf, readText, STANDARD_INPUT } from './read-text';
import { AUDIENCE_SYNTAX, isAudience } from '../identity/audience-syntax';
import { type InjectedManifests, injectManifests } from '../k8s/inject/inject-manifests';
import type { ManifestText } from '../k8s/inject/manifest-text';
import { parsePath } from '../k8s/webhook/pod-templates';

/** Options of `cdk-irsa inject`. */
export interface InjectCommandOptions {
  readonly serviceAccounts?: readonly string[];
  readonly webhookParity?: boolean;
  readonly region?: string;
  readonly regionalSts?: boolean;
  readonly audience?: string;
  readonly namespace?: string;
  readonly podTemplate?: readonly string[];
  readonly strict?: boolean;
}

/** Adds the command `inject` to what it is called for. */
export function defineInject(command: Command, out: (text: string) => void, err: (text: string) => void): void {
  const repeatable = (flags: string, description: string): Option => new Option(flags, description)
    .argParser((value: string, values: string[] | undefined) => [...values ?? [], value]);
  command
    .description('give the pods in manifests the credentials that the pod identity webhook would, and print the manifests')
    .argument('[path...]', 'manifests: files, folders, the output folder of cdk synth, or - for standard input, which is also read without any')
    .addOption(repeatable('--service-accounts <path>', 'manifests with service accounts, if they are not among the others; repeatable'))
    .option('--region <region>', 'region for containers that set none')
    .option('--regional-sts', 'have SDKs call the STS endpoint of their region (default: with --region, but for --webhook-parity)')
    .option('--no-regional-sts', 'leave that to the SDKs')
    .option('--audience <audience>', 'audience of tokens where the service account names none (default: sts.amazonaws.com)')
    .option('-n, --namespace <namespace>', 'namespace of objects that name none, as for kubectl')
    .addOption(repeatable('--pod-template <kind=path>', 'where a custom resource has its pods, such as Rollout=spec.template; repeatable'))
    .option('--webhook-parity', 'do exactly what the webhook does, and check no more than it')
    .option('--strict', 'fail when the service account of a workload is not among the manifests, or its pods are not found')
    .addHelpText('after', '\nExample:\n  helm template web ./chart | npx cdk-irsa inject | kubectl apply -f -')
    .action((paths: string[], options: InjectCommandOptions) => {
      const { text, notes } = inject(paths, options);
      notes.forEach(note => err(`cdk-irsa: note: ${note}\n`));
      out(text);
    });
}

/** Reads what the command line names, and injects it. */
export function inject(paths: readonly string[], options: InjectCommandOptions): InjectedManifests {
  const { audience, region, regionalSts, webhookParity: parity, namespace, strict } = options;
  assertSettings(options);
  const files = filesOf(paths.length === 0 ? [STANDARD_INPUT] : paths);
  const serviceAccounts = filesOf(options.serviceAccounts ?? []);
  if ([...files, ...serviceAccounts].filter(file => file === STANDARD_INPUT).length > 1) {
    throw new Error('standard input (-) is named twice, and can be read once; name it once');
  }
  return injectManifests(files.map(manifestText), {
    serviceAccounts: serviceAccounts.map(manifestText),
    settings: { audience, region, regionalSts: regionalSts ?? (region !== undefined && !parity) },
    parity,
    strict,
    namespace,
    podTemplates: podTemplates(options.podTemplate ?? []),
  });
}

function filesOf(inputs: readonly string[]): string[] {
  return inputs.flatMap(input => input === STANDARD_INPUT ? [input] : manifestsAt(input).map(({ path }) => path));
}

function manifestText(file: string): ManifestText {
  return { name: nameOf(file), text: readText(file) };
}

function assertSettings({ audience, region }: InjectCommandOptions): void {
  if (audience !== undefined && !isAudience(audience)) {
    throw new Error(`--audience is '${audience}', and no role can trust that: IAM takes ${AUDIENCE_SYNTAX}`);
  }
  if (region !== undefined && !/^[a-z0-9-]+$/.test(region)) {
    throw new Error(`--region is '${region}'; the name of a region is expected, such as eu-west-1`);
  }
}

function podTemplates(options: readonly string[]): Record<string, string> {
  return Object.fromEntries(options.map(option => {
    const [kind, path, more] = option.split('=');
    if (!kind || !path || more !== undefined) {
      throw new Error(`--pod-template is '${option}'; a kind and a path are expected, such as Rollout=spec.template or argoproj.io/Rollout=spec.template`);
    }
    parsePath(kind, path);
    return [kind, path];
  }));
}
