import type { Command } from '../parts/exec';

/** What every language is given to work with. */
export interface Workspace {
  /** What jsii-pacmak generated from this repository, a folder for each language. */
  readonly generated: string;
  /** An empty folder, removed at the end. */
  readonly dir: string;
  /** What this repository develops against: the oldest supported versions, by npm name. */
  readonly versions: Versions;
}

/** Versions by npm name. */
export type Versions = Readonly<Record<'aws-cdk-lib' | 'cdk8s' | 'cdk8s-plus-28' | 'constructs' | 'jsii-pacmak', string>>;

/** A built package, and programs that use it. */
export interface Installed {
  /** The file that would be published. */
  readonly artifact: string;
  /** A folder with the quickstart of this language and its `cdk.json`. */
  readonly quickstart: string;
  /** What the quickstart needs in its environment, such as a `PATH`. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `apps/names` in this language. */
  readonly names: Pick<Command, 'command' | 'args' | 'cwd'>;
}

/** A language that the package is made for and used from. */
export interface Language {
  readonly name: string;
  /** Whether what it needs is on this machine. The answer is what is missing, with the way out. */
  missing(): Promise<string | undefined>;
  /** Builds the package as this language does it, and installs it where programs find it. */
  install(workspace: Workspace): Promise<Installed>;
}
