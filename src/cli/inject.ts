import { manifestsAt } from './manifest-input';
import { podTemplatesOf } from './pod-template-option';
import { nameOf, readText, STANDARD_INPUT } from './read-text';
import { AUDIENCE_SYNTAX, isAudience, shownAudience } from '../identity/audience-syntax';
import { type InjectedManifests, injectManifests } from '../k8s/inject/inject-manifests';
import type { ManifestText } from '../k8s/inject/manifest-text';

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
    podTemplates: podTemplatesOf(options.podTemplate ?? []),
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
    throw new Error(`--audience is ${shownAudience(audience)}, and no role can trust that: ${AUDIENCE_SYNTAX} are expected`);
  }
  if (region !== undefined && !/^[a-z0-9-]+$/.test(region)) {
    throw new Error(`--region is '${region}'; the name of a region is expected, such as eu-west-1`);
  }
}
