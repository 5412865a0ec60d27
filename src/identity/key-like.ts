/** Longer than that no file is called, and hardly a path. */
const MAX_SHOWN = 255;

/** No key, and no number of one, is as short. */
const MIN_KEY = 32;

/** How a JSON Web Token begins, and its parts are divided: whoever has one is who it says. */
const TOKEN = /^(?:[Bb]earer\s+)?eyJ[^.]*\.[^.]*\./;

/** PEM; DER (a SEQUENCE) in base64, base64url or hex; PEM in base64, as Secrets of Kubernetes are printed; a JSON Web Key; a token with its signature. */
const KEYS = [/[\r\n]|-----/, /^(M[A-Za-z]|LS0t)[A-Za-z0-9+/_=-]{40,}$/, /^30[0-9a-f]{60,}$/i, /^\{.*"[a-z]+"\s*:/i, TOKEN];

/** A private key in PEM, to its end if it has one. */
const PRIVATE_KEYS = /-----\s*BEGIN[^-]*PRIVATE\s+KEY[^]*?(?:-----\s*END[^-]*-----|$)/gi;

/** Whether a text that should be something else, such as a path, looks like a key. */
export function isKeyLike(value: string): boolean {
  const text = bare(value);
  return KEYS.some(pattern => pattern.test(text));
}

/** Whether a text that should be something else looks like a token. */
export function isTokenLike(value: string): boolean {
  return TOKEN.test(bare(value));
}

/** A path for a message, in quotes: left out if it may be (a part of) a key, which no message may have. */
export function shownPath(path: string): string {
  return path.length > MAX_SHOWN || mayBeKey(path) && !path.startsWith('/') ? `what was given as a path ${unseen(path)}` : `'${path}'`;
}

/** Any other value for a message, in quotes: left out in the same way, but for its length. */
export function shownValue(value: string): string {
  return value.length >= MIN_KEY && mayBeKey(value) ? unseen(value) : `'${value}'`;
}

/**
 * A message without the private keys and tokens that it has, and without those of some values that look like a key.
 *
 * @param values what somebody passed, such as the arguments of a command
 */
export function withoutKeys(message: string, values: readonly string[] = []): string {
  return values.filter(isKeyLike)
    .reduce((text, value) => text.split(value).join(unseen(value)), message)
    .replace(PRIVATE_KEYS, unseen)
    .replace(/[\w.-]+/g, withoutToken);
}

/** A token may have something before it: `--tokeneyJ…`. */
function withoutToken(word: string): string {
  const start = word.indexOf('eyJ');
  const token = word.slice(start);
  return start >= 0 && token.length >= MIN_KEY && TOKEN.test(token) ? `${word.slice(0, start)}${unseen(token)}` : word;
}

/** A number of a key alone is text of which nothing is known but its characters. */
function mayBeKey(value: string): boolean {
  return isKeyLike(value) || /^[A-Za-z0-9+/_=-]{40,}$/.test(bare(value));
}

function unseen(value: string): string {
  return `(${value.length} characters, not shown since it may be a key)`;
}

/** Without the quotes and blanks that come along with what is copied. */
function bare(text: string): string {
  return text.replace(/^[\s"'`]+|[\s"'`]+$/g, '');
}
