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
    const profiles = typeof text === 'string' && /role_arn/i.test(text) ? profilesIn(text, place) : new Map<string, Profile>();
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
  for (const line of text.split('\n')) {
    const section = sectionOf(line);
    const setting = settingOf(line);
    if (section !== undefined) {
      const name = section.replace(/^profile\s+/, '');
      current = /^(?:sso-session|services)\s/.test(section) ? undefined : profiles.get(name) ?? { place, name, settings: new Map() };
      if (current) {
        profiles.set(name, current);
      }
    } else if (setting && current) {
      current.settings.set(...setting);
    }
  }
  return profiles;
}

/** What stands in the brackets of a line. Lines may be long and anybody's: patterns that look for both ends of blanks would take the square of their length. */
function sectionOf(line: string): string | undefined {
  const end = line.startsWith('[') ? line.indexOf(']') : -1;
  return end < 0 ? undefined : line.slice(1, end).trim();
}

function settingOf(line: string): [name: string, value: string] | undefined {
  const equals = line.indexOf('=');
  return equals <= 0 || /^[\s#;]/.test(line) ? undefined : [line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim()];
}
