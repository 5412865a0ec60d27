/** What a text may be encoded as. */
export type Encoding = 'base64' | 'hexadecimal digits' | 'a URL';

/** What a text, or a part of it, is when it is decoded. */
export interface Decoded {
  readonly encoding: Encoding;
  readonly text: string;
}

/** Everything that a text may encode: most of it is nonsense, as many a long word is base64 of something. */
export function decodingsOf(text: string): Decoded[] {
  const joined = text.replace(BROKEN_LINE, '$1');
  return [...fromUrl(text), ...fromHex(joined), ...fromBase64(joined)];
}

/** A line of base64 that goes on in the next. From its beginning only: a megabyte without a break would be gone through from every place in it. */
const BROKEN_LINE = /(?<![\w+/-])([\w+/-]{20,})\s+(?=[\w+/=-])/g;

/** Whether a decoded text is one that people write: no control characters, nothing that is not Unicode. */
export function isReadable(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.test(text);
}

function fromUrl(text: string): Decoded[] {
  const plain = text.replace(/(?:%[0-9a-f]{2})+/gi, bytes => Buffer.from(bytes.replace(/%/g, ''), 'hex').toString());
  return plain === text ? [] : [{ encoding: 'a URL', text: plain }];
}

/** At both ways in which digits make bytes. */
function fromHex(text: string): Decoded[] {
  return [...text.matchAll(/[0-9a-f]{8,}/gi)]
    .flatMap(([run]) => [0, 1].map(offset => decoded('hexadecimal digits', Buffer.from(run.slice(offset), 'hex'))));
}

/** Either alphabet, from each of the four places where a group of bytes may begin: something else may stand right before it. */
function fromBase64(text: string): Decoded[] {
  const whole = SHORT_BASE64.test(text) ? [decoded('base64', Buffer.from(text, 'base64'))] : [];
  const within = [...text.matchAll(LONG_BASE64)].map(([run]) => run).filter(run => /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run));
  return [...whole, ...within.flatMap(run => [0, 1, 2, 3].map(offset => decoded('base64', Buffer.from(run.slice(offset), 'base64'))))];
}

const SHORT_BASE64 = /^[\w+/-]{4,11}={0,2}$/;

/** Beside something else, what is left of a token is no shorter; and it has capitals, small letters and digits, as few words have. */
const LONG_BASE64 = /[\w+/-]{12,}/g;

/** PowerShell and others encode two bytes a character. */
function decoded(encoding: Encoding, bytes: Buffer): Decoded {
  // eslint-disable-next-line no-control-regex
  return { encoding, text: bytes.toString().replace(/\u0000/g, '') };
}
