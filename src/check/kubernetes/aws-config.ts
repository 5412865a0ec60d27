import type { KubernetesObject } from './objects';
import { at, entriesOf } from '../json';
import { below, type Place } from '../place';

/** A profile of an AWS config file in a ConfigMap. */
export interface Profile {
  /** The file that it is in. */
  readonly place: Place;
  readonly name: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** An AWS config file in a ConfigMap. */
export interface AwsConfig {
  readonly object: KubernetesObject;
  readonly place: Place;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** The AWS config files in ConfigMaps: what has a profile with a role. */
export function awsConfigsOf(objects: readonly KubernetesObject[]): AwsConfig[] {
  return objects.filter(({ kind }) => kind === 'ConfigMap').flatMap(object => entriesOf(at(object.value, 'data')).flatMap(([key, text]) => {
    const place = below(object.place, 'data', key);
    const profiles = typeof text === 'string' && /^\s*\[[^\]]+\]\s*$/m.test(text) ? profilesIn(text, place) : new Map<string, Profile>();
    return [...profiles.values()].some(({ settings }) => settings.has('role_arn')) ? [{ object, place, profiles }] : [];
  }));
}

/**
 * The profiles of a config file. Indented lines are settings within a setting, which say nothing of roles.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
function profilesIn(text: string, place: Place): Map<string, Profile> {
  const profiles = new Map<string, Profile & { readonly settings: Map<string, string> }>();
  let current: (Profile & { readonly settings: Map<string, string> }) | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[\s*(?:profile\s+)?([^\]]*?)\s*\]/.exec(line);
    const setting = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (section) {
      const name = section[1];
      current = /^\[\s*(?:sso-session|services)\s/.test(line) ? undefined : profiles.get(name) ?? { place, name, settings: new Map() };
      if (current) {
        profiles.set(name, current);
      }
    } else if (setting && current) {
      current.settings.set(setting[1].toLowerCase(), setting[2]);
    }
  }
  return profiles;
}
