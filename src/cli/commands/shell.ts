import { Option } from 'commander';

/** What a command has of the program that runs it. */
export interface Shell {
  /** The version of this package. */
  readonly version: string;
  /** Whether standard output is a terminal that shows colours. @default false */
  readonly colors?: boolean;
  out(text: string): void;
  err(text: string): void;
  /** Sets the exit code, which is 0 otherwise. */
  exit(code: number): void;
}

/** What `check` and `explain` answer with. */
export interface Answer {
  readonly text: string;
  readonly code: number;
}

/** Prints an answer, and ends with its code. */
export function give(shell: Shell, { text, code }: Answer): void {
  shell.out(text);
  shell.exit(code);
}

/** An option that may be given several times. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, values: string[] | undefined) => [...values ?? [], value]);
}

/** What is known after a deployment. */
export function outputsOption(): Option {
  return repeatable('--outputs <file>', 'what cdk deploy --outputs-file wrote; repeat it for several deployments');
}

/** Options of commands that read templates. */
export function templateOptions(): Option[] {
  return [
    new Option('--account <id>', 'the account of templates that do not say which'),
    new Option('--region <name>', 'the region of templates that do not say which'),
    repeatable('--parameters <[stack:]name=value>', 'a parameter of templates; repeat it for several'),
    outputsOption(),
  ];
}
