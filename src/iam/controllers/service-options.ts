import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** What ExternalDNS may do. */
export interface ExternalDnsOptions {
  /**
   * The hosted zones whose records it changes.
   *
   * @default - every hosted zone
   */
  readonly hostedZones?: IHostedZone[];
}

/** What cert-manager may do. */
export interface CertManagerControllerOptions {
  /**
   * The hosted zones in which it answers DNS01 challenges.
   *
   * @default - every hosted zone
   */
  readonly hostedZones?: IHostedZone[];

  /**
   * The names of the TXT records, lower-case, with `*` for any characters. Others than the default are for challenges that a CNAME delegates.
   *
   * @default ['_acme-challenge.*']
   */
  readonly challengeRecords?: string[];
}

/** What External Secrets may do: with one secret or parameter at least. */
export interface ExternalSecretsOptions {
  /**
   * Secrets of this app, or imported; with their keys, as far as they are known.
   *
   * @default - none
   */
  readonly secrets?: ISecret[];

  /**
   * Names of secrets, with `*` for any characters: `team-a/*`.
   *
   * @default - none
   */
  readonly secretNames?: string[];

  /**
   * Names of parameters, with `*` for any characters: `/team-a/*`.
   *
   * @default - none
   */
  readonly parameterNames?: string[];

  /**
   * Keys of secrets and parameters that go by name.
   *
   * @default - those that the secrets know
   */
  readonly keys?: IKey[];

  /**
   * Whether it writes them as well (`PushSecret`), and deletes those that it has made.
   *
   * @default false
   */
  readonly push?: boolean;
}

/** What a program may do with Amazon Managed Service for Prometheus. */
export interface PrometheusOptions {
  /**
   * The ARNs of the workspaces.
   *
   * @default - every workspace
   */
  readonly workspaceArns?: string[];
}

/** What the CloudWatch Observability add-on may do. */
export interface CloudWatchObservabilityOptions {
  /**
   * The name of the cluster: only its log groups are written to, `/aws/containerinsights/NAME/…`.
   *
   * @default - the log groups of every cluster
   */
  readonly clusterName?: string;

  /**
   * The namespaces of metrics.
   *
   * @default - `ApplicationSignals`, `CWAgent`, `ContainerInsights`, `ContainerInsights/Prometheus`
   */
  readonly metricNamespaces?: string[];
}

/** What a builder of images may do. */
export interface ImageBuilderOptions {
  /**
   * The repositories that it pulls from and pushes to.
   *
   * @default - every repository
   */
  readonly repositories?: IRepository[];
}
