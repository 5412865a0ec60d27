import { Construct } from 'constructs';
import { isTokenLike, shownValue } from './key-like';

/** More than that is not needed to recognise a value. */
const MAX_SHOWN = 255;

/** Any value for a message, where it is of a type that it should not be. */
export function shownAny(value: unknown): string {
  switch (typeof value) {
    case 'string': return isTokenLike(value) ? shownValue(value) : `'${shortened(value)}'`;
    case 'function': return 'a function';
    case 'object': return value === null ? 'null' : shownObject(value);
    default: return String(value);
  }
}

function shownObject(value: object): string {
  if (Construct.isConstruct(value)) {
    return value.node.path;
  }
  const { name = 'object' } = (value.constructor ?? {}) as { readonly name?: string };
  try {
    return Array.isArray(value) || name === 'Object' ? shortened(JSON.stringify(value)) : `a ${name}`;
  } catch {
    return `an ${name}`;
  }
}

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
