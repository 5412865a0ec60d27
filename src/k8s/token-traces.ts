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
export function hasTokenTrace(text: string, before: () => string = () => ''): boolean {
  return hasWholeTrace(text) || BEGINNING.test(text) || hasTail(text, before) || hasRenamed(text);
}

/** Whether a text has what nothing but a CDK token has: even in bytes that are no text. */
export function hasWholeTrace(text: string): boolean {
  return MARKER.test(text) || NUMBER.test(text);
}

/**
 * `${Token[` and `#{Token[`, in whatever case, unless it is the array of a shell: `${token[1]}`. And the whole name with something else for the dot, without
 * brackets, or with something else in the place of each of them, as a label or a file name wants it: `TokenTOKEN.81`, `--Token-TOKEN-81--`.
 */
const MARKER = /[$#]\{token\[(?![^.\s{}[]*\]\})|token\[token\W?\d|token([^a-z0-9]{0,8})token(?:\.|\1)\d/i;

/**
 * Numbers that stand for tokens lie in a range of their own: -1.888…e+289. Without sign, rounded, or multiplied and divided by anything up to 10^12 they are
 * still numbers that nobody writes.
 */
const NUMBER = /\d\.\d{9,}e\+(?:2(?:7[7-9]|[89]\d)|30[01])(?!\d)|1\.8(?:9|88\d*)e\+289/i;

/** The first characters of a token, when the rest was cut off: a brace that nobody closes. Other languages have such braces, and their variables small letters. */
const BEGINNING = /[$#]\{(?:T(?:o(?:k(?:en?)?)?)?|tok(?:en?)?)(?!\w)[^}]*$/;

/** The last characters of a token, when the first were cut off: `TOKEN.34]}`, `.34]}`, `34]}`, and without the brace. */
const TAIL = /(?<!\d)(\d+)\](?:\}|$)/g;

function hasTail(text: string, before: () => string): boolean {
  const tails = [...text.matchAll(TAIL)].filter(([, number]) => tokenHint(Number(number)) !== undefined);
  if (tails.length === 0) {
    return false;
  }
  const list = `${before()}${text}`;
  const brackets = new Brackets(list);
  return tails.some(({ 0: tail, 1: number, index }) => {
    const place = list.length - text.length + index;
    const near = list.slice(Math.max(0, place - LONGEST_NAME), place);
    const open = brackets.openAt(place);
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

/** How many brackets are open in a text. One that closes nothing does not count, so that a stray one in a string changes nothing later. */
class Brackets {
  private place = 0;
  private square = 0;
  private curly = 0;

  constructor(private readonly text: string) {}

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

/** As far as a name may reach behind the word `token`: a construct path and an attribute. */
const LONGEST_NAME = 200;

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
