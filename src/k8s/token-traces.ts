import { tokenHint, USUAL_HINT } from './known-tokens';

/**
 * Whether a text shows what is left of a CDK token.
 *
 * What is whole is certain. Pieces are not: `33]}` is what `split('.')` leaves of `${Token[TOKEN.33]}`, and the end of a list of numbers in JSON. A false alarm
 * fails the synth of somebody who did nothing wrong, so a piece counts when its number is that of a token which exists *and* either the name of that token
 * stands before it, or its brackets were never opened. In 146 MB of YAML, JSON, Markdown, Python and shell that were not ours, and 28 MB of
 * whatever else has a number before `]}` (1,817 times), whole and by line, this had no false alarm, with every number taken for a token's.
 *
 * @param before what stands before the text where it is one of a list: the arguments of a command may be JSON that was split at blanks
 */
export function hasTokenTrace(text: string, before: () => Preceding = () => NOTHING_BEFORE): boolean {
  return hasWholeTrace(text) || hasPiece(text, before) || hasRenamed(text);
}

/** The same for an id, which is short and chosen by people: `csrf-token-token-1` is none, unlike `tokentoken.1`, which cdk8s makes of `${Token[TOKEN.1]}`. */
export function hasTokenTraceInId(id: string): boolean {
  return hasMarker(id) || NUMBER.test(id) || hasPiece(id, () => NOTHING_BEFORE) || usualNames(id).some(isCertain) || hasRenamed(id);
}

/** Whether a text has what nothing but a CDK token has: even in bytes that are no text. */
export function hasWholeTrace(text: string): boolean {
  return hasMarker(text) || NUMBER.test(text) || usualNames(text).some(name => isCertain(name) || isOfToken(name));
}

function hasPiece(text: string, before: () => Preceding): boolean {
  return BEGINNING.test(text.slice(text.lastIndexOf('}') + 1)) || hasTail(text, before);
}

/** As far as a name may reach behind the word `token`: a construct path and an attribute. */
const LONGEST_NAME = 200;

/** `${Token[` and `#{Token[`, in whatever case, with what follows up to the next bracket that closes. */
const OPENED = new RegExp(`[$#]\\{token\\[(?=([^\\]\\n]{0,${LONGEST_NAME}})(\\]?))`, 'gi');

/** The whole name without the first characters, with something else for the dot. */
const UNOPENED = /token\[token\W?\d/i;

/**
 * Scripts have arrays of that name, `${token[1]//-/+}`, `${token["a"].b}`: what is in the brackets does not end in a dot and a number. A string that ends
 * within them was that around a token which was cut: `["${Token[TOK"]`.
 */
function hasMarker(text: string): boolean {
  return UNOPENED.test(text)
    || [...text.matchAll(OPENED)].some(([, inside, close]) => close === '' || /\.\d+$/.test(inside) || inside.split(/["'`]/).length % 2 === 0);
}

/**
 * The usual name without brackets, or with something else in the place of each of them and the dot, as a label or a file name wants it: `TokenTOKEN.81`,
 * `--Token-TOKEN-81--`. What cdk8s makes of the ids around an object is told apart by its hash: `token-token-1-c8fdd8b9`.
 */
const USUAL_NAME = /(token)([^a-z0-9]{0,8})(token)(?:\.|\2)(\d+)(?=([\w.-]{0,63}-c8[\da-f]{6}(?!\w))?)/gi;

interface UsualName {
  readonly words: string;
  readonly gap: string;
  readonly number: number;
  readonly isMadeOfIds: boolean;
}

function usualNames(text: string): UsualName[] {
  return [...text.matchAll(USUAL_NAME)].map(([, first, gap, second, number, hash]) => ({ words: `${first}${second}`, gap, number: Number(number), isMadeOfIds: hash !== undefined }));
}

/** Nobody writes the words as CDK does, nor both as one in small letters or capitals. */
function isCertain({ words, gap }: UsualName): boolean {
  return words === 'TokenTOKEN' || (gap === '' && (words === words.toLowerCase() || words === words.toUpperCase()));
}

/** What stands between keys and values, columns and the parts of a path: `token=token.12`, `token, token, 1`. A single blank may stand for a bracket. */
const BETWEEN_VALUES = /["'`=:,;|/]|\s\s|[^\S ]/;

/** Whether what people may write, `token-token-1`, has the number of a token, and is not made of ids, which have been looked at. */
function isOfToken({ gap, number, isMadeOfIds }: UsualName): boolean {
  return !isMadeOfIds && !BETWEEN_VALUES.test(gap) && tokenHint(number) === USUAL_HINT;
}

/**
 * Numbers that stand for tokens lie in a range of their own: -1.888…e+289. Without sign, rounded, or multiplied and divided by anything up to 10^12 they are
 * still numbers that nobody writes.
 */
const NUMBER = /\d\.\d{9,}e\+(?:2(?:7[7-9]|[89]\d)|30[01])(?!\d)|1\.8(?:9|88\d*)e\+289/i;

/**
 * The first characters of a token, when the rest was cut off: a brace that nobody closes, behind the last that is closed. Other languages have such braces,
 * and their variables small letters.
 */
const BEGINNING = /[$#]\{(?:T(?:o(?:k(?:en?)?)?)?|tok(?:en?)?)(?!\w)/;

/** The last characters of a token, when the first were cut off: `TOKEN.34]}`, `.34]}`, `34]}`, and without the brace. */
const TAIL = /(?<!\d)(\d+)\](?:\}|$)/g;

function hasTail(text: string, before: () => Preceding): boolean {
  const tails = [...text.matchAll(TAIL)].filter(([, number]) => tokenHint(Number(number)) !== undefined);
  if (tails.length === 0) {
    return false;
  }
  const { end, open: openBefore } = before();
  const brackets = new Brackets(text, openBefore);
  return tails.some(({ 0: tail, 1: number, index }) => {
    const near = `${index < LONGEST_NAME ? end : ''}${text.slice(Math.max(0, index - LONGEST_NAME), index)}`.slice(-LONGEST_NAME);
    const open = brackets.openAt(index);
    const named = isNamed(near, tokenHint(Number(number))!);
    return tail.endsWith('}') ? named || isUnopened(near, open) : named && open.square === 0;
  });
}

/** Whether a text ends in the name of a token, or in a last part of it that is a word of its own: `host=EN.34]}`. */
function isNamed(before: string, hint: string): boolean {
  const name = `${hint}.`.toLowerCase();
  const end = before.toLowerCase();
  let length = 0;
  while (length < Math.min(end.length, name.length) && end[end.length - 1 - length] === name[name.length - 1 - length]) {
    length++;
  }
  const whole = length === name.length;
  return /[a-z]/.test(name.slice(name.length - length)) && (whole || !/[a-z0-9[]$/.test(end.slice(0, end.length - length)));
}

/** What a string begins after. No language has a number right behind a string. */
const BEGINS_STRING = /(?:^|["'`])\.?$/;

/** What a value may begin after as well: `host=…`, `host: …`, `s3://…`. */
const BEGINS_VALUE = /(?:[/@]|[=:][ \t]?)\.?$/;

/** Whether what follows a text begins a string, or neither of its brackets was opened before, or the inner one was not where a value begins. */
function isUnopened(before: string, open: OpenBrackets): boolean {
  return BEGINS_STRING.test(before) || (/[^a-z0-9]$/i.test(before) && open.square === 0 && (BEGINS_VALUE.test(before) || open.curly === 0));
}

interface OpenBrackets {
  readonly square: number;
  readonly curly: number;
}

/** What stands before a text: as much of its end as a name may have, and the brackets that are open there. */
export interface Preceding {
  readonly end: string;
  readonly open: OpenBrackets;
}

export const NOTHING_BEFORE: Preceding = { end: '', open: { square: 0, curly: 0 } };

/** What stands before what follows a text. */
export function precedingOf(text: string, before: Preceding = NOTHING_BEFORE): Preceding {
  return { end: `${before.end}${text}`.slice(-LONGEST_NAME), open: new Brackets(text, before.open).openAt(text.length) };
}

/** How many brackets are open in a text. One that closes nothing does not count, so that a stray one in a string changes nothing later. */
class Brackets {
  private place = 0;
  private square: number;
  private curly: number;

  constructor(private readonly text: string, before: OpenBrackets) {
    ({ square: this.square, curly: this.curly } = before);
  }

  /** At a place behind those that were asked for before: large texts have many, and are gone through once. */
  public openAt(place: number): OpenBrackets {
    for (; this.place < place; this.place++) {
      switch (this.text[this.place]) {
        case '[': this.square++; break;
        case ']': this.square = Math.max(0, this.square - 1); break;
        case '{': this.curly++; break;
        case '}': this.curly = Math.max(0, this.curly - 1); break;
        default:
      }
    }
    return { square: this.square, curly: this.curly };
  }
}

/** Names other than the usual one with whatever in the place of their brackets and dots: `--Token-AWS-Region-4--`. */
function hasRenamed(text: string): boolean {
  return [...text.matchAll(/token/gi)].some(({ index }) => {
    const rest = text.slice(index + 'token'.length, index + LONGEST_NAME);
    return [...rest.matchAll(/\d+/g)].some(({ 0: number, index: at }) => {
      const hint = tokenHint(Number(number));
      return hint !== undefined && hint !== USUAL_HINT && lettersOf(hint).length > 2 && lettersOf(rest.slice(0, at)) === lettersOf(hint);
    });
  });
}

function lettersOf(text: string): string {
  return text.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
