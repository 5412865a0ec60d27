/** A change that cannot be made in the text: below an alias, for one. */
export class CannotChange extends Error {}

/** The way out, mostly. */
export const WRITE_PLAINLY = 'write it without anchors, tags and keys that are there twice';
