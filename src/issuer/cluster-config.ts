import { stringify } from 'yaml';

/** Configuration for a tool that sets clusters up: the part of it that is about the issuer. */
export class ClusterConfig {
  /** @internal */
  public static _of(documents: ReadonlyArray<Record<string, unknown>>, files: Record<string, string> = {}): ClusterConfig {
    return new ClusterConfig(documents, files);
  }

  /** The configuration as YAML, to merge into that of the cluster. */
  public readonly yaml: string;

  /**
   * Files that it needs on control plane nodes, by their paths.
   *
   * @default - empty: none
   */
  public readonly files: { [path: string]: string };

  private constructor(private readonly documents: ReadonlyArray<Record<string, unknown>>, files: Record<string, string>) {
    this.yaml = documents.map(document => stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n');
    this.files = { ...files };
  }

  /** The first document of the configuration as an object, such as for `ApiObject` of cdk8s. */
  public toJson(): { [key: string]: unknown } {
    return structuredClone(this.documents[0]);
  }
}
