/** The opposite, of what is known. */
export function negate(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

/** Whether all hold; one that does not decides it, whatever the others are. */
export function every(truths: ReadonlyArray<boolean | undefined>): boolean | undefined {
  return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
}
