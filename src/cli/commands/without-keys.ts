/** A key where something else should be must not end up in a message, and from there in the log of a pipeline. */
export function withoutKeysIn(args: readonly string[], text: string): string {
  const { withoutKeys } = require('../../identity/key-like') as typeof import('../../identity/key-like');
  return withoutKeys(text, args.flatMap(arg => [arg, arg.slice(arg.indexOf('=') + 1)]));
}

/** What commander says of a wrong argument has it in quotes. */
export function withoutValues(error: string): string {
  const { shownValue } = require('../../identity/key-like') as typeof import('../../identity/key-like');
  return error.replace(/'([^']*)'/g, (_quoted, value: string) => shownValue(value));
}
