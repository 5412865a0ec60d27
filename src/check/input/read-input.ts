import * as fs from 'node:fs';
import * as path from 'node:path';
import { isAssembly, isBelow, manifestsIn, nestedAssemblies, readManifest } from './assembly';
import { nestedTemplates } from './nested-templates';
import type { CheckInput } from '../check';
import { at, entriesOf } from '../json';
import { isManifest } from '../kubernetes/objects';
import type { Source } from '../place';
import { parseFile } from '../source/parse-file';
import type { ParsedDocument } from '../source/parsed-document';
import { readFile } from '../source/read-file';
import type { TemplateInput } from '../template/template-input';

/** What is known of all templates beside their text. */
export interface Environment {
  readonly account?: string;
  readonly region?: string;
  /** By the name of a stack, or `''` for all of them. */
  readonly parameters: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** By the name of the stack. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Everything that was read. */
export interface ReadInput extends CheckInput {
  readonly documents: ReadonlyMap<Source, ParsedDocument>;
  /** Files that could not be read, with the place and the reason. */
  readonly unreadable: readonly string[];
  /** The same of files that nobody named and that lie in folders: they may be something else. */
  readonly notRead: readonly string[];
}

/** Reads templates and manifests from files, folders and cloud assemblies. */
export function readInput(paths: readonly string[], environment: Environment): ReadInput {
  const reader = new Reader(environment);
  for (const each of paths) {
    if (!fs.existsSync(each)) {
      throw new Error(`${each} does not exist; name files or folders with templates and manifests, or the output folder of cdk synth`);
    }
    reader.read(each);
  }
  const { templates, manifests, documents, notRead } = reader;
  const unreadable = [...reader.unreadable, ...reader.unparsable, ...reader.ambiguous];
  if (templates.length + manifests.length + unreadable.length + notRead.length === 0) {
    throw new Error(`${paths.join(' and ')}: there is neither a CloudFormation template nor a Kubernetes manifest; name the output folder of cdk synth, or other files`);
  }
  const empty = paths.filter(each => !isAssembly(each) && !unreadable.some(problem => problem.startsWith(each)) && !hasAny(each, documents));
  return { templates, manifests, documents, unreadable: [...unreadable, ...empty.map(nothingIn)], notRead };
}

/** Whether something of a file, or of files in a folder, is used. */
function hasAny(input: string, documents: ReadonlyMap<Source, ParsedDocument>): boolean {
  const [real, named] = [realPath(input), path.resolve(input)];
  return [...documents.keys()].flatMap(({ file }) => [realPath(file), path.resolve(file)])
    .some(each => each === real || each === named || isBelow(each, real) || isBelow(each, named));
}

function nothingIn(input: string): string {
  return `${input}:1:1: there is neither a CloudFormation template nor a Kubernetes manifest`;
}

interface StackContext {
  readonly account?: string;
  readonly region?: string;
  readonly stackName?: string;
}

class Reader {
  public readonly templates: TemplateInput[] = [];
  public readonly manifests: ParsedDocument[] = [];
  public readonly documents = new Map<Source, ParsedDocument>();
  public readonly unreadable: string[] = [];
  public readonly unparsable: string[] = [];
  public readonly notRead: string[] = [];
  /** What can be read in two ways. */
  public readonly ambiguous: string[] = [];
  /** By their real paths; nothing for what could not be read. */
  private readonly seen = new Map<string, readonly ParsedDocument[] | undefined>();

  public constructor(private readonly environment: Environment) {}

  public read(input: string): void {
    if (!fs.statSync(input).isDirectory()) {
      this.file(input, {}, true);
    } else if (isAssembly(input) && readManifest(input).artifacts) {
      this.assembly(input);
      manifestsIn(input).forEach(manifest => this.file(manifest, {}, false));
    } else {
      this.folder(input);
    }
  }

  private folder(folder: string): void {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
      const child = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        // links to folders may lead round in circles, so they are not followed
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
          this.read(child);
        }
      } else if (/\.(?:ya?ml|json|template)$/i.test(entry.name)) {
        const before = this.unparsable.length;
        this.file(child, {}, false);
        this.notRead.push(...this.unparsable.splice(before));
      }
    }
  }

  private assembly(assembly: string): void {
    for (const [id, { type, environment = '', properties = {} }] of Object.entries(readManifest(assembly).artifacts ?? {})) {
      if (type === 'aws:cloudformation:stack' && properties.templateFile !== undefined) {
        const [, account, region] = /^aws:\/\/(\d{12}|[^/]*)\/(.*)$/.exec(environment) ?? [];
        this.file(path.join(assembly, path.basename(properties.templateFile)), {
          account: /^\d{12}$/.test(account) ? account : undefined,
          region: region === 'unknown-region' ? undefined : region,
          stackName: properties.stackName ?? id,
        }, true);
      }
    }
    nestedAssemblies(assembly).forEach(nested => this.assembly(nested));
  }

  /** @param expected whether somebody named the file: then it has to be what is looked for */
  private file(file: string, stack: StackContext, expected: boolean): void {
    if (this.seen.has(realPath(file))) {
      return;
    }
    const used = this.parsed(file, expected && stack.stackName === undefined).filter(document => this.add(document, stack));
    if (expected && used.length === 0 && this.seen.get(realPath(file))) {
      this.unreadable.push(`${file}:1:1: is neither a CloudFormation template nor a Kubernetes manifest`);
    }
  }

  /**
   * The documents of a file, which is read once; none of one that cannot be read.
   *
   * @param named whether somebody named it on the command line
   */
  private parsed(file: string, named = false): readonly ParsedDocument[] {
    const known = this.seen.get(realPath(file));
    if (known) {
      return known;
    }
    let documents: ParsedDocument[] | undefined;
    try {
      documents = parseFile(readFile(file, named), file);
    } catch (error) {
      const { message } = error as Error;
      // with a code where the file itself cannot be had
      const problems = 'code' in (error as Error) ? this.unreadable : this.unparsable;
      problems.push(message.startsWith(file) ? message : `${file}:1:1: ${message}`);
    }
    this.seen.set(realPath(file), documents);
    return documents ?? [];
  }

  private add(document: ParsedDocument, stack: StackContext): boolean {
    const { value, source } = document;
    if (isManifest(value)) {
      this.manifests.push(document);
    } else if (stack.stackName !== undefined || isTemplate(value)) {
      this.template(document, stack);
    } else {
      return false;
    }
    this.documents.set(source, document);
    this.ambiguous.push(...document.problems ?? []);
    return true;
  }

  private template({ source, value }: ParsedDocument, { account, region, stackName }: StackContext, nestedIn?: TemplateInput['nestedIn']): void {
    const { environment } = this;
    const input: TemplateInput = {
      source,
      value,
      account: account ?? environment.account,
      region: region ?? environment.region,
      stackName,
      parameters: { ...environment.parameters.get(''), ...environment.parameters.get(stackName ?? '') },
      outputs: environment.outputs.get(stackName ?? '') ?? (environment.outputs.size === 1 && stackName === undefined ? [...environment.outputs.values()][0] : undefined),
      ...nestedIn ? { nestedIn } : {},
    };
    this.templates.push(input);
    for (const { id, file } of nestedTemplates(value, path.dirname(source.file))) {
      this.nested(file, { account, region, stackName: `${stackName ?? ''}.${id}` }, { input, id });
    }
  }

  /** A template may have been read as one of a stack of its own, and may be that of several nested stacks. */
  private nested(file: string, stack: StackContext, nestedIn: NonNullable<TemplateInput['nestedIn']>): void {
    const [document] = this.parsed(file);
    if (!document || around(nestedIn.input).some(({ source }) => source === document.source)) {
      return;
    }
    const standalone = this.templates.find(({ source, nestedIn: outer }) => source === document.source && !outer);
    if (standalone) {
      this.templates.splice(0, this.templates.length, ...this.templates.filter(template => !around(template).includes(standalone)));
    }
    this.documents.set(document.source, document);
    this.template(document, stack, nestedIn);
  }
}

/** A template and those that it is nested in. */
function around(template: TemplateInput): TemplateInput[] {
  return [template, ...template.nestedIn ? around(template.nestedIn.input) : []];
}

function realPath(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : file;
}

function isTemplate(value: unknown): boolean {
  const resources = entriesOf(at(value, 'Resources'));
  return resources.length > 0 && resources.some(([key, resource]) => key.startsWith('Fn::') || typeof at(resource, 'Type') === 'string');
}
