/** Whether something holds, as far as can be known. */
export type Truth = 'yes' | 'no' | 'unknown';

/** Truth of a plain boolean. */
export function truthOf(holds: boolean): Truth {
  return holds ? 'yes' : 'no';
}

/** One `no` decides, whatever is unknown. */
export function all(truths: readonly Truth[]): Truth {
  return truths.includes('no') ? 'no' : truths.includes('unknown') ? 'unknown' : 'yes';
}

/** One `yes` decides, whatever is unknown. */
export function any(truths: readonly Truth[]): Truth {
  return truths.includes('yes') ? 'yes' : truths.includes('unknown') ? 'unknown' : 'no';
}

/** What is unknown stays so. */
export function not(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : truthOf(truth === 'no');
}
