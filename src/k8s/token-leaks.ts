import { decodingsOf, isReadable } from './encoded-text';
import { hasTokenTrace, hasTokenTraceInId, hasWholeTrace, NOTHING_BEFORE, type Preceding, precedingOf } from './token-traces';

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
  /** What its list has before it. */
  readonly before?: () => Preceding;
}

/**
 * Finds what is left of CDK tokens in a rendered object: in values and map keys; strings, lists and numbers; with changed case, cut or split, with other
 * characters for brackets, multiplied; and all of this in base64, in hexadecimal digits and encoded for a URL, also of one another. Finds dynamic references to
 * secrets too, which only CloudFormation resolves.
 *
 * What does not show can not be found: what was hashed, compressed or encrypted, a length, and a token of which no end is left.
 */
export function tokenLeaks(value: unknown): Leak[] {
  return textsIn(value).flatMap(({ at, text, isKey, before }) => {
    const problem = problemOf(text, before);
    return problem === undefined ? [] : [{ at, problem: isKey ? `${problem} as a map key, which cannot be filled in` : problem }];
  });
}

/** What is wrong with an id that names a file or folder: the numbers of tokens differ from synth to synth. */
export function idProblem(what: string, id: string): string | undefined {
  return hasTokenTraceInId(id) ? `the id of ${what}, '${id}', holds a CDK token, so that another name would be written with every synth; pass a literal id` : undefined;
}

/** Fails with an id that names a file or folder and has a token. */
export function assertLiteralId(what: string, id: string): void {
  const problem = idProblem(what, id);
  if (problem !== undefined) {
    throw new Error(problem);
  }
}

/** All strings, numbers and map keys of an object, with their places. */
export function textsIn(value: unknown, path: string[] = [], before?: () => Preceding): Text[] {
  const at = path.join('.');
  if (typeof value === 'string' || typeof value === 'number') {
    return [{ at, text: String(value), isKey: false, before }];
  }
  if (Array.isArray(value)) {
    const list = new ListTexts(value);
    return value.flatMap((item, index) => textsIn(item, [...path, String(index)], () => list.before(index)));
  }
  return Object.entries(value ?? {}).flatMap(([key, item]) => [{ at, text: key, isKey: true }, ...textsIn(item, [...path, key])]);
}

/** The items of a list as one text, which is gone through once, and only if somebody asks. */
class ListTexts {
  private readonly preceding = [NOTHING_BEFORE];

  constructor(private readonly items: readonly unknown[]) {}

  public before(index: number): Preceding {
    for (let done = this.preceding.length - 1; done < index; done++) {
      this.preceding.push(precedingOf(`${String(this.items[done])} `, this.preceding[done]));
    }
    return this.preceding[index];
  }
}

/** With one of the services that CloudFormation asks: other languages have such braces, `{{resolve: Function}}`. */
const DYNAMIC_REFERENCE = /\{\{resolve:(?:ssm|ssm-secure|secretsmanager):/;

/** How often a text may be encoded: the password for a registry is base64 in JSON in base64. */
const MAX_ENCODINGS = 3;

function problemOf(text: string, before?: () => Preceding): string | undefined {
  if (hasWholeTrace(text)) {
    return `holds a CDK token ('${excerpt(text)}')`;
  }
  if (hasTokenTrace(text, before)) {
    return `holds what is left of a CDK token ('${excerpt(text)}'): its value is not known yet, so that it cannot be cut here; use it whole, or cut it by Fn.split and Fn.select`;
  }
  if (DYNAMIC_REFERENCE.test(text)) {
    return `holds a dynamic reference ('${excerpt(text)}'), which only CloudFormation resolves: let the cluster fetch the secret`;
  }
  const encoded = decodingsOf(text).find(decoded => isLeak(decoded.text, MAX_ENCODINGS - 1));
  return encoded && `holds a CDK token in ${encoded.encoding} ('${excerpt(text)}'): encode the value after deployment`;
}

/** Bytes that are no text are looked through for what is certain only: there is something of everything in them. */
function isLeak(text: string, encodings: number): boolean {
  if (DYNAMIC_REFERENCE.test(text)) {
    return true;
  }
  return isReadable(text)
    ? hasTokenTrace(text) || (encodings > 0 && decodingsOf(text).some(decoded => isLeak(decoded.text, encodings - 1)))
    : hasWholeTrace(text);
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
