import type { Source } from '../place';

/** A CloudFormation template, and what is known of where it goes. */
export interface TemplateInput {
  readonly source: Source;
  readonly value: unknown;
  /** @default not known */
  readonly account?: string;
  /** @default not known */
  readonly region?: string;
  /** @default that of the region */
  readonly partition?: string;
  /** @default not known; messages say the name of the file */
  readonly stackName?: string;
  /** Values of its parameters. @default their own defaults */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What a deployment put out, by the names of outputs. @default not known */
  readonly outputs?: Readonly<Record<string, string>>;
  /** The resource that it is the template of, of another one. @default - it is a stack of its own */
  readonly nestedIn?: { readonly input: TemplateInput; readonly id: string };
  /** Where the template is in its document. @default - it is the document */
  readonly base?: readonly string[];
}
