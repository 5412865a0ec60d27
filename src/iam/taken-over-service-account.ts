import { Names } from 'aws-cdk-lib';
import type { AddToPrincipalPolicyResult, IGrantable, IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IClusterOidcProvider } from './cluster-oidc-provider';
import { IrsaRole } from './irsa-role';
import { ServiceAccountSubject } from '../identity/service-account-subject';

/** Properties of a `TakenOverServiceAccount`. */
export interface TakenOverServiceAccountProps {
  /** The provider of the cluster: `ClusterOidcProvider.fromOpenIdConnectProvider(cluster.openIdConnectProvider)`. */
  readonly provider: IClusterOidcProvider;

  /**
   * The name of the service account, as it was given before.
   *
   * @default - what `ServiceAccount` of aws-eks makes of the path of the construct
   */
  readonly name?: string;

  /**
   * The namespace of the service account, as it was given before.
   *
   * @default default
   */
  readonly namespace?: string;
}

/**
 * Stands where a `ServiceAccount` of aws-eks or aws-eks-v2 stood, with the same scope and id, and keeps its role.
 *
 * CloudFormation updates the trust policy of the role and replaces nothing: ARN, id and policies stay. The custom resources go, and with the last of them the
 * Lambdas. The role has no name that is known at synth, since a name would replace it: manifests get its ARN by `cdk-irsa render`.
 *
 * Removing the old construct would delete the service account from the cluster: keep it with `removalPolicy: RETAIN` for one deployment first.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
export class TakenOverServiceAccount extends Construct implements IGrantable {
  /** The role, as it was made before. */
  public readonly role: IrsaRole;

  /** The service account: for `IrsaServiceAccount`, which takes it from the role by itself. */
  public readonly subject: ServiceAccountSubject;

  public readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: TakenOverServiceAccountProps) {
    super(scope, id);
    this.subject = ServiceAccountSubject.of(props.namespace ?? 'default', props.name ?? Names.uniqueId(this).toLowerCase());
    // the id decides which resource it is
    this.role = new IrsaRole(this, 'Role', { providers: [props.provider], serviceAccounts: [this.subject], nameAtSynth: false });
    this.grantPrincipal = this.role;
  }

  /** Allows the role something, as the `ServiceAccount` of before did. */
  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    return this.role.addToPrincipalPolicy(statement);
  }
}
