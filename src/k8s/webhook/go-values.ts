const INT64 = { MIN: -(2n ** 63n), MAX: 2n ** 63n - 1n };

/** Text as Go's `strconv.ParseInt(text, 10, 64)` reads it; `undefined` where that is an error. */
export function goInteger(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) {
    return undefined;
  }
  const value = BigInt(text.replace(/^\+/, ''));
  return value < INT64.MIN || value > INT64.MAX ? undefined : Number(value);
}

/** Text as Go's `strconv.ParseBool` reads it; `undefined` where that is an error. */
export function goBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) {
    return true;
  }
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}

/**
 * The first record of a text as the reader of Go's `encoding/csv` has it, blanks and all; `undefined` where that is an error, or at the end
 * of the text.
 */
export function goCsvRecord(text: string): string[] | undefined {
  const lines = text.replace(/\r\n/g, '\n').replace(/\r$/, '').replace(/^\n+/, '');
  return lines === '' ? undefined : fieldsOf(lines);
}

function fieldsOf(text: string): string[] | undefined {
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    const field = rest.startsWith('"') ? quotedField(rest) : plainField(rest);
    if (!field) {
      return undefined;
    }
    fields.push(field.value);
    if (!field.rest.startsWith(',')) {
      return fields;
    }
    rest = field.rest.slice(1);
  }
}

interface Field {
  readonly value: string;
  /** What follows: a comma, the end of the line, or nothing. */
  readonly rest: string;
}

function plainField(text: string): Field | undefined {
  const [value] = /^[^,\n]*/.exec(text)!;
  return value.includes('"') ? undefined : { value, rest: text.slice(value.length) };
}

function quotedField(text: string): Field | undefined {
  const match = /^"((?:[^"]|"")*)"(?=[,\n]|$)/.exec(text);
  return match ? { value: match[1].replace(/""/g, '"'), rest: text.slice(match[0].length) } : undefined;
}
