import { certManager, externalDns } from './dns';
import { externalSecrets } from './external-secrets';
import { imageBuilder } from './image-builder';
import { arnsOfKeys } from './key-arns';
import { cloudWatchObservability, prometheusIngest, prometheusQuery } from './observability';
import { validateArns, validateClusterName, validateMetricNamespaces, validateNames, validateRecords } from './scope-validation';
import type {
  CertManagerControllerOptions, CloudWatchObservabilityOptions, ExternalDnsOptions, ExternalSecretsOptions, ImageBuilderOptions, PrometheusOptions,
} from './service-options';
import { ifGiven } from '../../identity/assume-role-parameters';

/** Controllers that work with one service each, by what their users pass: constructs become ARNs, and bring the keys that they know. */
export const service = {
  externalDns: ({ hostedZones }: ExternalDnsOptions) => externalDns({ hostedZoneArns: hostedZones?.map(({ hostedZoneArn }) => hostedZoneArn) }),

  certManager: ({ hostedZones, challengeRecords }: CertManagerControllerOptions) => certManager({
    hostedZoneArns: hostedZones?.map(({ hostedZoneArn }) => hostedZoneArn),
    challengeRecords: ifGiven(challengeRecords, validateRecords),
  }),

  externalSecrets: ({ secrets = [], secretNames, parameterNames, keys = [], push }: ExternalSecretsOptions) => externalSecrets({
    secretArns: secrets.map(({ secretFullArn, secretArn }) => secretFullArn ?? `${secretArn}-??????`),
    secretNames: ifGiven(secretNames, validateNames),
    parameterNames: ifGiven(parameterNames, validateNames),
    keyArns: arnsOfKeys(...secrets.map(({ encryptionKey }) => encryptionKey), ...keys),
    push,
  }),

  prometheusIngest: ({ workspaceArns }: PrometheusOptions) => prometheusIngest({ workspaceArns: ifGiven(workspaceArns, validateWorkspaces) }),

  prometheusQuery: ({ workspaceArns }: PrometheusOptions) => prometheusQuery({ workspaceArns: ifGiven(workspaceArns, validateWorkspaces) }),

  cloudWatchObservability: ({ clusterName, metricNamespaces }: CloudWatchObservabilityOptions) => cloudWatchObservability({
    clusterName: ifGiven(clusterName, validateClusterName),
    metricNamespaces: ifGiven(metricNamespaces, validateMetricNamespaces),
  }),

  imageBuilder: ({ repositories }: ImageBuilderOptions) => imageBuilder({ repositoryArns: repositories?.map(({ repositoryArn }) => repositoryArn) }),
};

function validateWorkspaces(arns: readonly string[]): readonly string[] {
  return validateArns(arns, 'aps', 'workspace/');
}
