const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** What go-yaml calls a float, once underscores are gone. */
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** As `strconv.ParseInt` with base 0 reads it: `0o17` and `017` are 15. */
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

/**
 * The number that go-yaml v2 makes of a plain scalar that begins with a digit, a sign or a dot, and otherwise the text: dates, and what other
 * parsers of YAML 1.1 read as base 60. Integers beyond those of JavaScript are big ones.
 *
 * @see https://github.com/yaml/go-yaml/blob/v2/resolve.go
 */
export function goNumber(text: string): number | bigint | string {
  if (text.startsWith('.')) {
    return (/_(?![0-9])|(?<![0-9])_/.test(text) ? undefined : float(text.replaceAll('_', ''))) ?? text;
  }
  const plain = text.replaceAll('_', '');
  return integer(plain) ?? float(plain) ?? text;
}

function integer(text: string): number | bigint | undefined {
  const match = INTEGER.exec(text);
  if (!match) {
    return undefined;
  }
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const size = BigInt(hexadecimal ? `0x${hexadecimal}` : binary ? `0b${binary}` : octal ? `0o${octal}` : decimal);
  const value = sign === '-' ? -size : size;
  if (value < INT64_MIN || value > (sign === '' ? UINT64_MAX : INT64_MAX)) {
    return undefined;
  }
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function float(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}
