import { Token } from 'aws-cdk-lib';

/** Something in a rendered object that must not reach a cluster. */
export interface Leak {
  /** Where in the object: `spec.template.metadata.labels`. */
  readonly at: string;
  readonly problem: string;
}

/**
 * Finds what is left of CDK tokens in a rendered object, in whatever form it got there: in values and map keys, as
 * encoded strings, lists and numbers, with changed case, and in base64, in whatever position. Finds dynamic references to secrets too, which only
 * CloudFormation resolves.
 */
export function tokenLeaks(value: unknown, at: string[] = []): Leak[] {
  if (typeof value === 'string') {
    return leaksInString(value, at.join('.'));
  }
  if (typeof value === 'number') {
    return Token.isUnresolved(value) ? [{ at: at.join('.'), problem: `holds the CDK token ${value}` }] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => tokenLeaks(item, [...at, String(index)]));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => [
      ...leaksInString(key, at.join('.')).map(leak => ({ at: leak.at, problem: `${leak.problem} as a map key, which cannot be filled in` })),
      ...tokenLeaks(item, [...at, key]),
    ]);
  }
  return [];
}

/** `${Token[`, `#{Token[`, and the same after toUpperCase or toLowerCase. */
const MARKER = /[$#]\{token\[/i;

/** Numbers that stand for tokens lie in a range of their own: -1.888…e+289. */
const NUMBER_IN_TEXT = /-1\.8881545897\d*e\+289/i;

const DYNAMIC_REFERENCE = /\{\{resolve:/;

/** What the markers look like inside base64, at each of the three ways bytes can fall. */
const MARKERS_IN_BASE64 = ['${Token[', '#{Token['].flatMap(marker => [0, 1, 2].map(offset => inBase64(marker, offset)));

function leaksInString(text: string, at: string): Leak[] {
  if (MARKER.test(text) || NUMBER_IN_TEXT.test(text)) {
    return [{ at, problem: `holds a CDK token ('${excerpt(text)}')` }];
  }
  if (MARKERS_IN_BASE64.some(marker => text.includes(marker))) {
    return [{ at, problem: `holds a CDK token in base64 ('${excerpt(text)}'): encode the value after deployment` }];
  }
  if (DYNAMIC_REFERENCE.test(text)) {
    return [{ at, problem: `holds a dynamic reference ('${excerpt(text)}'), which only CloudFormation resolves: let the cluster fetch the secret` }];
  }
  return [];
}

/** The base64 of a text that begins `offset` bytes into a group of three, without what depends on its neighbours. */
function inBase64(text: string, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64').replace(/=+$/, '');
  const first = offset === 0 ? 0 : offset + 1;
  const whole = Math.floor((offset + Buffer.byteLength(text)) / 3) * 4;
  return encoded.slice(first, whole);
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
