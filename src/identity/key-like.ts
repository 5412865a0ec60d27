/** Longer than that no file is called, and hardly a path. */
const MAX_SHOWN = 255;

/** PEM; DER (a SEQUENCE) in base64, base64url or hex; PEM in base64, as Secrets of Kubernetes are printed; a JSON Web Key. */
const KEYS = [/[\r\n]|-----/, /^(M[A-Za-z]|LS0t)[A-Za-z0-9+/_=-]{40,}$/, /^30[0-9a-f]{60,}$/i, /^\{.*"[a-z]+"\s*:/i];

/** Whether a text that should be a path looks like a key. */
export function isKeyLike(path: string): boolean {
  const text = bare(path);
  return KEYS.some(pattern => pattern.test(text));
}

/** A path for a message, in quotes: left out if it may be (a part of) a key, which no message may have. */
export function shownPath(path: string): string {
  return path.length > MAX_SHOWN || isKeyLike(path) || /^[A-Za-z0-9+/_=-]{40,}$/.test(bare(path)) && !path.startsWith('/')
    ? `what was given as a path (${path.length} characters, not shown since it may be a key)`
    : `'${path}'`;
}

/** Without the quotes and blanks that come along with what is copied. */
function bare(text: string): string {
  return text.replace(/^[\s"'`]+|[\s"'`]+$/g, '');
}
