/** What a text has as a JSON object, with what is wrong if it is none. */
export function parseObject(text: string, what: string): { found: Record<string, unknown>; problems: string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { found: {}, problems: [`${what} is not JSON${/^\s*</.test(text) ? '; it looks like HTML or XML, perhaps an error of the server' : ''}`] };
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { found: value as Record<string, unknown>, problems: [] }
    : { found: {}, problems: [`${what} is not a JSON object`] };
}

/** A member that is text. */
export function textIn(object: Record<string, unknown>, member: string): string | undefined {
  const value = object[member];
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a list of texts. */
export function textsIn(object: Record<string, unknown>, member: string): string[] {
  const value = object[member];
  return Array.isArray(value) ? (value as unknown[]).filter((item): item is string => typeof item === 'string') : [];
}
