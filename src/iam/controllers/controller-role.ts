import type { Construct } from 'constructs';
import type { Controller } from './controller';
import type { ServiceAccountSubject } from '../../identity/service-account-subject';
import type { ClusterRoleOptions } from '../cluster-role-options';
import { IrsaRole } from '../irsa-role';
import type { TokenRoleOptions } from '../irsa-role-options';
import type { PodIdentityOptions } from '../pod-identity-options';

/** Properties of a `ControllerRole`: those of an `IrsaRole`, and the controller. */
export interface ControllerRoleProps extends TokenRoleOptions, ClusterRoleOptions, PodIdentityOptions {
  /** The controller, and what it is scoped by. */
  readonly controller: Controller;

  /**
   * The service accounts that the controller runs as.
   *
   * @default - those that it usually runs as: `Controller.serviceAccounts`
   */
  readonly serviceAccounts?: ServiceAccountSubject[];
}

/**
 * The role of a well-known controller: trusts the service account that it usually runs as, and is allowed what it needs.
 *
 * An `IrsaRole` like any other: more can be granted to it.
 */
export class ControllerRole extends IrsaRole {
  /** The controller. */
  public readonly controller: Controller;

  constructor(scope: Construct, id: string, props: ControllerRoleProps) {
    const { controller, serviceAccounts, ...roleProps } = props;
    super(scope, id, { ...roleProps, serviceAccounts: serviceAccounts ?? controller.serviceAccounts });
    this.controller = controller;
    controller.addTo(this);
  }
}
