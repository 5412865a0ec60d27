import * as fs from 'node:fs';
import type { EksctlCluster } from './eksctl/model';
import { readClusterFile, readClusterObject } from './eksctl/parse-config';
import type { ReadCluster } from './eksctl/read-cluster';

/**
 * A `ClusterConfig` of eksctl, as far as it is about roles for pods: `iam.withOIDC`, `iam.serviceAccounts` and `iam.podIdentityAssociations`.
 *
 * Fields that are not known, or contradict each other, are errors with their places in the file.
 *
 * @see https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html
 */
export class EksctlConfig {
  /**
   * The file that eksctl takes with `--config-file`.
   *
   * @param file its path, in YAML or JSON
   */
  public static fromFile(file: string): EksctlConfig {
    if (!fs.existsSync(file)) {
      throw new Error(`${file} does not exist (in ${process.cwd()}); pass the path of the file that eksctl takes with --config-file`);
    }
    return new EksctlConfig(clusterOf(file, readClusterFile(fs.readFileSync(file), file)));
  }

  /**
   * The same, as data.
   *
   * @param config what the file would have: `{ apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: { … }, iam: { … } }`
   */
  public static fromObject(config: { [key: string]: unknown }): EksctlConfig {
    return new EksctlConfig(clusterOf('the object', readClusterObject(config)));
  }

  /** The name of the cluster. */
  public readonly clusterName: string;

  /** The region of the cluster. */
  public readonly region: string;

  private constructor(
    /** @internal what it says */
    public readonly _cluster: EksctlCluster,
  ) {
    this.clusterName = _cluster.name;
    this.region = _cluster.region;
  }
}

function clusterOf(what: string, { cluster, problems }: ReadCluster): EksctlCluster {
  if (!cluster) {
    throw new Error(`${what} is not a ClusterConfig that makes service accounts as it stands:\n${problems.join('\n')}`);
  }
  return cluster;
}
