import { unicodeEscape } from '../../../identity/unicode-escape';

/** A piece of HTML. Only `markup` makes one of a text, and it escapes what is put in. */
export class Markup {
  /** @internal */
  public static _of(text: string): Markup {
    return new Markup(text);
  }

  private constructor(private readonly text: string) {}

  public toString(): string {
    return this.text;
  }
}

/** What may stand in a piece of HTML: a text, to be escaped, or pieces. */
export type Content = string | number | Markup | readonly Markup[];

/** HTML of a template: texts that are put in stay texts, between tags and in quoted attributes. */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return Markup._of(strings.reduce((html, string, index) => `${html}${textOf(contents[index - 1])}${string}`));
}

/** Source of a `style` or `script` element: ours, and without an end tag. */
export function source(text: string): Markup {
  if (/<\/|<!--/.test(text)) {
    throw new Error('the source of an element has \'</\' or \'<!--\', which ends it or hides its end; write it otherwise');
  }
  return Markup._of(text);
}

/** Data for a script, as JSON that cannot end its element. */
export function data(value: unknown): Markup {
  return Markup._of(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;', '`': '&#96;' };

function textOf(content: Content): string {
  if (typeof content === 'string' || typeof content === 'number') {
    return String(content).replace(/[&<>"'`]/g, character => ENTITIES[character]);
  }
  return content instanceof Markup ? content.toString() : content.join('');
}
