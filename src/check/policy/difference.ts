import { readable } from '../unresolved';

const SUBJECT = /^system:serviceaccount:([^:]*):([^:]*)$/;

/** How a value differs from the one that was wanted, in a few words; empty when there is nothing to point out. */
export function differenceOf(value: string, wanted: string, wildcards: boolean): string {
  return shape(value, wanted, wildcards) ?? subject(value, wanted, wildcards) ?? '';
}

/** A value for people. */
export function quoted(values: readonly string[]): string {
  const shown = values.slice(0, 3).map(readable).map(value => value === '' ? "'' (empty)" : value);
  return [...shown, ...values.length > 3 ? [`${values.length - 3} more`] : []].join(' or ');
}

function shape(value: string, wanted: string, wildcards: boolean): string | undefined {
  if (value === wanted) {
    return undefined;
  }
  if (value === wanted.trim()) {
    return 'white space around the value in the policy';
  }
  if (value.toLowerCase() === wanted.toLowerCase()) {
    return 'only the case of letters differs';
  }
  if (trimmed(value) === trimmed(wanted)) {
    return `one has ${value.startsWith('https://') === wanted.startsWith('https://') ? 'a slash at its end' : 'https:// in front'}, the other has not`;
  }
  return !wildcards && /[*?]/.test(wanted) ? 'StringEquals takes * and ? for themselves; wildcards work with StringLike' : undefined;
}

function trimmed(value: string): string {
  return value.replace(/^https:\/\//, '').replace(/\/$/, '');
}

function subject(value: string, wanted: string, wildcards: boolean): string | undefined {
  const [is, wants] = [SUBJECT.exec(value), SUBJECT.exec(wanted)];
  if (!is) {
    return undefined;
  }
  if (!wants) {
    return wildcards ? undefined : 'the policy has not the form system:serviceaccount:NAMESPACE:NAME';
  }
  if (is[1] === wants[2] && is[2] === wants[1]) {
    return 'namespace and name are the wrong way round';
  }
  const differing = [...is[1] === wants[1] ? [] : ['namespace'], ...is[2] === wants[2] ? [] : ['name']];
  return wildcards && /[*?]/.test(wanted) ? undefined : `${differing.join(' and ')} ${differing.length > 1 ? 'differ' : 'differs'}`;
}
