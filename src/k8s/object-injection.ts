import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type ApiObject, App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { hasCloserScopes } from './object-transforms';
import { type PodServiceAccount, podServiceAccount } from './pod-service-account';
import { resolvedValue } from './resolved-value';
import { roleArn } from './role-arn';
import type { WebIdentityInjectionOptions } from './web-identity-injection-options';
import type { ContainerRole } from './webhook/improvements';
import { type InjectedPod, injectPod } from './webhook/inject-pod';
import type { PodTemplate, ServiceAccountFacts, WebhookSettings } from './webhook/mutate-pod';
import { containersIn, isMap } from './webhook/pod-template';
import { parsePath, podTemplatesIn, replacedAt } from './webhook/pod-templates';
import { expirationSeconds } from './webhook-annotations';
import { knownTrust, trustsNoToken } from '../iam/known-trust';
import { validateAudience } from '../identity/audience';
import { ServiceAccountSubject } from '../identity/service-account-subject';
import { WEBHOOK_ANNOTATION } from '../identity/webhook-contract';

/** An object as cdk8s renders it without us. */
export interface PlainObject {
  readonly object: ApiObject;
  readonly json: Record<string, unknown>;
}

/** What becomes of the objects of one scope. */
export class ObjectInjection {
  private readonly arns = new Map<IRole, unknown>();

  constructor(private readonly scope: IConstruct, private readonly options: WebIdentityInjectionOptions) {
    const { role, containerRoles = {}, audience, podTemplates = {} } = options;
    for (const each of [...role ? [role] : [], ...Object.values(containerRoles)]) {
      this.arns.set(each, roleArn(this.name, each, App.of(scope)));
    }
    if (audience !== undefined) {
      validateAudience(audience);
    }
    Object.entries(podTemplates).forEach(([kind, path]) => parsePath(kind, path));
  }

  /** The object with credentials in all its pods; fails with everything that would not work. */
  public apply(object: ApiObject, json: Record<string, unknown>): Record<string, unknown> {
    const results = this.templatesIn(json).map(({ path, template }) => ({ path, ...this.inject(object, json, template) }));
    const problems = results.flatMap(result => result.problems);
    if (problems.length > 0) {
      throw new Error([...new Set(problems)].map(problem => `${object.node.path}: ${problem}`).join('\n  '));
    }
    return results.reduce((changed, { path, pod }) => replacedAt(changed, path, withSortedKeys(pod)) as Record<string, unknown>, json);
  }

  /** What is wrong with the scope as a whole. What is wrong with an object fails when it is rendered. */
  public problems(objects: readonly PlainObject[]): string[] {
    const pods = objects.flatMap(({ object, json }) => this.templatesIn(json).map(({ template }) => ({ object, json, template })));
    if (pods.length === 0) {
      // a closer scope without pods says so itself
      return hasCloserScopes(this.scope) ? this.rolesWithoutPods() : ['there are no pods to inject credentials into; podTemplates says where custom resources have them'];
    }
    return [...this.unknownContainers(pods.flatMap(({ template }) => containersIn(template).map(({ name }) => name))), ...this.nothingInjected(pods)];
  }

  private get name(): string {
    return this.scope.node.path || 'the app';
  }

  private templatesIn(json: Record<string, unknown>): ReturnType<typeof podTemplatesIn> {
    return podTemplatesIn(json, this.options.podTemplates);
  }

  private inject(object: ApiObject, json: Record<string, unknown>, template: PodTemplate): InjectedPod {
    const account = podServiceAccount(object, json, template);
    const { role, containerRoles = {}, fsGroup, sessionNameFromPod } = this.options;
    const present = new Set(containersIn(template).map(({ name }) => name));
    const special = Object.entries(containerRoles).filter(([name]) => present.has(name));
    const roles = Object.fromEntries(special.map(([name, each]): [string, ContainerRole] => [
      name, { roleArn: this.arnOf(object, each), audience: knownTrust(each)?.audience },
    ]));
    const improvements = { containerRoles: roles, fsGroup, sessionNameFromPod };
    const injected = injectPod(template, this.factsOf(object, account), this.settingsFor(object), improvements);
    const trusting = injected.containers.length === 0 ? [] : new Set([...role ? [role] : [], ...special.map(([, each]) => each)]);
    const distrust = [...trusting].flatMap(each => distrustOf(each, account));
    return { ...injected, problems: [...this.otherRole(object, account), ...distrust, ...injected.problems] };
  }

  /** With the role that we were told, the service account says no more than how. */
  private factsOf(object: ApiObject, { name, namespace, facts }: PodServiceAccount): ServiceAccountFacts {
    const { role } = this.options;
    const annotations = facts?.annotations ?? {};
    const audience = role && knownTrust(role)?.audience;
    return {
      name,
      namespace,
      annotations: {
        ...annotations,
        ...role ? { [WEBHOOK_ANNOTATION.ROLE_ARN]: this.arnOf(object, role) } : {},
        ...audience === undefined ? {} : { [WEBHOOK_ANNOTATION.AUDIENCE]: audience },
      },
    };
  }

  private settingsFor(object: ApiObject): WebhookSettings {
    const { audience, tokenExpiration, region, regionalSts = region !== undefined } = this.options;
    return {
      audience,
      tokenExpiration: tokenExpiration && expirationSeconds(tokenExpiration),
      region: region === undefined ? undefined : String(resolvedValue(object, ['spec'], region)),
      regionalSts,
    };
  }

  private arnOf(object: ApiObject, role: IRole): string {
    return String(resolvedValue(object, ['spec'], this.arns.get(role)));
  }

  private otherRole(object: ApiObject, { name, facts }: PodServiceAccount): string[] {
    const annotated = facts?.annotations[WEBHOOK_ANNOTATION.ROLE_ARN];
    const given = this.options.role && this.arnOf(object, this.options.role);
    return annotated !== undefined && given !== undefined && annotated !== given
      ? [`its service account '${name}' has the role ${annotated}, and role is ${given}; leave role out, or use containerRoles`]
      : [];
  }

  private rolesWithoutPods(): string[] {
    const names = Object.keys(this.options.containerRoles ?? {});
    return names.length === 0
      ? []
      : [`containerRoles has ${names.map(name => `'${name}'`).join(', ')}, and all its pods have closer injections; put containerRoles there`];
  }

  private unknownContainers(present: readonly string[]): string[] {
    return Object.keys(this.options.containerRoles ?? {}).filter(name => !present.includes(name))
      .map(name => `containerRoles has '${name}', and the containers are ${[...new Set(present)].join(', ')}`);
  }

  private nothingInjected(pods: ReadonlyArray<PlainObject & { readonly template: PodTemplate }>): string[] {
    const getsAny = pods.some(({ object, json, template }) => {
      const { containers, problems } = this.inject(object, json, template);
      return containers.length > 0 || problems.length > 0;
    });
    if (getsAny) {
      return [];
    }
    const accounts = pods.map(({ object, json, template }) => {
      const { name, namespace, facts } = podServiceAccount(object, json, template);
      return `${object.node.path} runs as ${namespace}/${name}, which ${facts ? 'has no role' : 'these manifests do not have'}`;
    });
    return [`no pod gets credentials: ${[...new Set(accounts)].join('; ')}; give the service account a role, or pass role or containerRoles`];
  }
}

/** Keys in the order in which cdk8s writes them. */
function withSortedKeys(pod: PodTemplate): PodTemplate {
  return process.env.CDK8S_DISABLE_SORT ? pod : { ...pod, spec: sorted(pod.spec) as PodTemplate['spec'] };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return isMap(value) ? Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])])) : value;
}

/** A role that STS would not give to the pod, as far as we know whom it trusts. */
function distrustOf(role: IRole, { name, namespace }: PodServiceAccount): string[] {
  const trusted = knownTrust(role)?.serviceAccounts;
  if (!trusted) {
    return trustsNoToken(role)
      ? [`it gets the role ${role.node.path}, which trusts no token of any service account: STS would refuse it; `
        + 'make it an IrsaRole, or its assumedBy a ServiceAccountPrincipal']
      : [];
  }
  if (namespace === undefined) {
    return [`it has no namespace, and ${role.node.path} trusts ${trusted.join(', ')}; give the chart a namespace`];
  }
  return trusted.some(each => each.includes(ServiceAccountSubject.of(namespace, name)))
    ? []
    : [`it runs as ${namespace}/${name}, which ${role.node.path} does not trust (it trusts ${trusted.join(', ')}): STS would refuse it; `
      + "add it to the role's serviceAccounts, or correct the pod's service account"];
}
