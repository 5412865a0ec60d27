/** Something in a rendered object that must not reach a cluster. */
export interface Leak {
  /** Where in the object: `spec.template.metadata.labels`. */
  readonly at: string;
  readonly problem: string;
}

/** A string or number of a rendered object, or the key of a map. */
interface Text {
  readonly at: string;
  readonly text: string;
  readonly isKey: boolean;
}

/**
 * Finds what is left of CDK tokens in a rendered object, in whatever form it got there: in values and map keys, as
 * encoded strings, lists and numbers, with changed case, and in base64, in whatever position. Finds dynamic references to secrets too, which only
 * CloudFormation resolves.
 */
export function tokenLeaks(value: unknown): Leak[] {
  return textsIn(value).flatMap(({ at, text, isKey }) => {
    const problem = problemOf(text);
    return problem === undefined ? [] : [{ at, problem: isKey ? `${problem} as a map key, which cannot be filled in` : problem }];
  });
}

/** All strings, numbers and map keys of an object, with their places. */
export function textsIn(value: unknown, path: string[] = []): Text[] {
  const at = path.join('.');
  if (typeof value === 'string' || typeof value === 'number') {
    return [{ at, text: String(value), isKey: false }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => textsIn(item, [...path, String(index)]));
  }
  return Object.entries(value ?? {}).flatMap(([key, item]) => [{ at, text: key, isKey: true }, ...textsIn(item, [...path, key])]);
}

/**
 * `${Token[TOKEN.1]}`, `#{Token[TOKEN.1]}` and their beginnings, with changed case, and what is left of them when somebody cut them, encoded
 * them for a URL, or replaced what a label may not have.
 */
const MARKER = /[$#]\{token\[|token(?:[^a-z0-9]|%5b)+(?:[a-z]\w*\.)*token[^a-z0-9]*\d+/i;

/** Numbers that stand for tokens lie in a range of their own: -1.888…e+289. */
const NUMBER_IN_TEXT = /-1\.\d{10,16}e\+289/i;

const DYNAMIC_REFERENCE = /\{\{resolve:/;

/** What any of these begins with inside base64, at each of the three ways bytes can fall. */
const MARKERS_IN_BASE64 = ['${Token[', '#{Token[', '${TOKEN[', '#{TOKEN[', '${token[', '#{token[', '-1.888154589', '{{resolve:']
  .flatMap(marker => [0, 1, 2].map(offset => inBase64(marker, offset)));

function problemOf(text: string): string | undefined {
  if (MARKER.test(text) || NUMBER_IN_TEXT.test(text)) {
    return `holds a CDK token ('${excerpt(text)}')`;
  }
  const unwrapped = text.replace(/\s/g, '');
  if (MARKERS_IN_BASE64.some(marker => unwrapped.includes(marker))) {
    return `holds a CDK token in base64 ('${excerpt(text)}'): encode the value after deployment`;
  }
  if (DYNAMIC_REFERENCE.test(text)) {
    return `holds a dynamic reference ('${excerpt(text)}'), which only CloudFormation resolves: let the cluster fetch the secret`;
  }
  return undefined;
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
