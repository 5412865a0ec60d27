import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ObjectInjection } from './object-injection';
import { coverObjects, objectsBelow, transformObjects, untransformed } from './object-transforms';
import { indexServiceAccounts } from './pod-service-account';
import { checkWhenRendered } from './rendered-app';
import type { WebIdentityInjectionOptions } from './web-identity-injection-options';

/**
 * Gives pods their credentials in the manifest, for clusters without the pod identity webhook, and for pods that need more than it can do:
 * the token's volume and mounts, and the variables by which SDKs find it and the role.
 *
 * Harmless where the webhook runs as well: it leaves alone what is there.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html
 */
export class WebIdentityInjection {
  /**
   * Injects into all pods of a scope when it is synthesised: a workload of cdk8s-plus, an `ApiObject`, an `Include`, a `Helm` chart, a whole chart.
   *
   * Containers and objects that come later are included. Of several scopes the closest one counts. Containers in the annotation
   * `eks.amazonaws.com/skip-containers` of the pod and pods with the label `eks.amazonaws.com/skip-pod-identity-webhook` stay as they are.
   */
  public static into(scope: IConstruct, options: WebIdentityInjectionOptions = {}): void {
    assertInCdk8s(scope);
    const injection = new ObjectInjection(scope, options);
    transformObjects(scope, (object, json) => injection.apply(object, json));
    scope.node.addValidation({
      validate: () => {
        coverObjects(App.of(scope));
        indexServiceAccounts(App.of(scope));
        return injection.problems(objectsBelow(scope).map(object => ({ object, json: untransformed(object) })));
      },
    });
    checkWhenRendered(App.of(scope));
  }

  private constructor() {}
}

/** What the type of `App.of` does not say: a CDK construct has no cdk8s app. */
function assertInCdk8s(scope: IConstruct): void {
  const root: unknown = scope.node.root;
  if (!(root instanceof App)) {
    throw new Error(`${scope.node.path} is not in a cdk8s app; pass a workload, an ApiObject, an Include, a Helm chart or a chart: `
      + "new Manifests(this, 'Manifests').addChart('name')");
  }
}

