/** What `IrsaChecks` and `IrsaValidationPlugin` look at besides the app. */
export interface IrsaChecksOptions {
  /**
   * Files and folders with Kubernetes manifests that others wrote: Helm's output, say. From folders `.yaml`, `.yml` and `.json` files are taken.
   *
   * @default - only what `Manifests` writes
   */
  readonly manifests?: string[];

  /**
   * CloudFormation templates of others, or folders with some: a cloud assembly of another app, say. Their roles can be used by the manifests.
   *
   * @default - only those of the app
   */
  readonly templates?: string[];
}
