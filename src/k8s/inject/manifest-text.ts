import { type ObjectPath, offsetOf } from './manifest-objects';
import { type DocumentText, splitDocuments } from '../yaml/split-documents';
import { readYaml, YamlError, type YamlSource } from '../yaml/yaml-source';

/** Manifests as they are read: a file, or what comes through a pipe. */
export interface ManifestText {
  /** What errors call it. */
  readonly name: string;
  readonly text: string;
}

/** Documents of so many characters are lists: reading them twice would take too long, keeping all others too much memory. */
const LARGE = 1_000_000;

/** One document of a stream of manifests. */
export class ManifestDocument {
  /** The documents of a stream, in order: together they are its text to the letter. */
  public static allIn({ name, text }: ManifestText): ManifestDocument[] {
    const documents = splitDocuments(text).map(part => new ManifestDocument(name, part));
    documents.forEach(document => document.assertPrintable());
    return documents;
  }

  public readonly text: string;

  private kept?: YamlSource;

  private constructor(private readonly file: string, private readonly part: DocumentText) {
    this.text = part.text;
  }

  /** Fails where kubectl would: with the place, as compilers print it. What is large is read once, and kept until `forget`. */
  public read(): YamlSource {
    if (this.kept) {
      return this.kept;
    }
    try {
      const source = readYaml(this.text);
      this.kept = this.text.length >= LARGE ? source : undefined;
      return source;
    } catch (error) {
      throw error instanceof YamlError ? new Error(`${this.placeOf(error.offset)}: ${error.message}`) : error;
    }
  }

  public forget(): void {
    this.kept = undefined;
  }

  /** Where an object of the document is: file, line and column. */
  public placeOfObject(path: ObjectPath): string {
    return this.placeOf(offsetOf(this.read(), path));
  }

  private placeOf(offset: number): string {
    const before = this.text.slice(0, offset).split('\n');
    return `${this.file}:${this.part.line + before.length - 1}:${before.at(-1)!.length + 1}`;
  }

  /** Binary data is no manifest, whatever YAML could be found in it. */
  private assertPrintable(): void {
    const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.exec(this.text);
    if (found) {
      const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      throw new Error(`${this.placeOf(found.index)}: the control character U+${code} cannot be in a manifest; is this a text file?`);
    }
  }
}
