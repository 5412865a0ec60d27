import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { App, Chart } from 'cdk8s';
import { ServiceAccount, type ServiceAccountProps } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { markIrsaServiceAccount } from './names-meet';
import { checkWhenRendered } from './rendered-app';
import { resolvedValue } from './resolved-value';
import { roleArn } from './role-arn';
import { trustProblems } from './trust-problems';
import { assertNotOurs, tokenAnnotations } from './webhook-annotations';
import { IrsaRole } from '../iam/irsa-role';
import { knownTrust } from '../iam/known-trust';
import { ifGiven } from '../identity/assume-role-parameters';
import { DEFAULT_AUDIENCE, validateAudience } from '../identity/audience';
import { distinctSubjects, ServiceAccountSubject } from '../identity/service-account-subject';
import { assertSubject } from '../identity/subject-check';
import { WEBHOOK_ANNOTATION } from '../identity/webhook-contract';

/** Properties of an `IrsaServiceAccount`. */
export interface IrsaServiceAccountProps extends ServiceAccountProps {
  /** The role that pods of the service account assume: an `IrsaRole`, `OrganizationRole.roleIn(account)`, or any role that trusts it already. */
  readonly role: IRole;

  /**
   * Which service account this is.
   *
   * Has to be among those that a role of ours trusts.
   *
   * @default - the only one that the role trusts; else `metadata` has to say name and namespace
   */
  readonly subject?: ServiceAccountSubject;

  /**
   * The audience of the tokens.
   *
   * @default - the one that a role of ours trusts; else `sts.amazonaws.com`
   */
  readonly audience?: string;

  /**
   * How long a token is valid before kubelet renews it: 10 minutes to 24 hours, in whole seconds.
   *
   * @default - 24 hours, which is the webhook's default
   */
  readonly tokenExpiration?: Duration;

  /**
   * Whether SDKs call the STS endpoint of their region instead of the global one.
   *
   * @default - what the webhook is configured to; on EKS it is the region's
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
   */
  readonly regionalSts?: boolean;
}

/**
 * The ServiceAccount manifest that belongs to a role: name and namespace are those that the role trusts, the
 * annotation is the role's ARN.
 *
 * A `kplus.ServiceAccount` like any other. Labels and annotations of your own pass; what would make role and manifest disagree
 * is an error.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export class IrsaServiceAccount extends ServiceAccount {
  /** The role that pods of this service account assume. */
  public readonly role: IRole;

  /** The service account that this is, as the role's trust policy has it. */
  public readonly subject: ServiceAccountSubject;

  private readonly ourAnnotations: Record<string, unknown>;

  constructor(scope: Construct, id: string, props: IrsaServiceAccountProps) {
    const { role, subject: _subject, audience: _audience, tokenExpiration, regionalSts, ...rest } = props;
    const user = `${scope.node.path}/${id}`;
    const subject = subjectOf(user, props);
    assertSameMetadata(user, subject, props);
    assertNotOurs(user, props.metadata?.annotations ?? {});
    assertSameNamespace(user, subject, chartOf(user, scope));
    const audience = audienceOf(user, props);
    const annotations = {
      [WEBHOOK_ANNOTATION.ROLE_ARN]: roleArn(user, role, App.of(scope)),
      ...tokenAnnotations({ audience, tokenExpiration, regionalSts }),
    };

    super(scope, id, {
      ...rest,
      metadata: {
        ...props.metadata,
        name: subject.name,
        namespace: subject.namespace,
        annotations: { ...props.metadata?.annotations, ...annotations as Record<string, string> },
      },
    });
    this.role = role;
    this.subject = subject;
    this.ourAnnotations = annotations;
    markIrsaServiceAccount(this);
    // an own cdk8s app may be rendered before a role has all of its trust
    role.node.addValidation({ validate: () => trustProblems(user, role, subject, audience) });
    checkWhenRendered(App.of(this));
  }

  /** @internal what the rendered manifest has to say, resolved as cdk8s resolves it */
  public _expectedAnnotations(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.ourAnnotations)
      .map(([key, value]) => [key, resolvedValue(this.apiObject, ['metadata', 'annotations', key], value)]));
  }
}

/** Which service account this is: what is asked for, as far as the role trusts it. */
function subjectOf(user: string, props: IrsaServiceAccountProps): ServiceAccountSubject {
  const { role, metadata } = props;
  ifGiven(props.subject, value => assertSubject(user, 'subject', value));
  const wanted = props.subject
    ?? (metadata?.name !== undefined && metadata.namespace !== undefined ? ServiceAccountSubject.of(metadata.namespace, metadata.name) : undefined);
  if (wanted?.isPattern) {
    throw new Error(`${user} is one service account, and its subject '${wanted}' is a pattern; pass subject: ServiceAccountSubject.of('namespace', 'name')`);
  }
  const trusted = ifGiven(knownTrust(role), ({ serviceAccounts }) => distinctSubjects(serviceAccounts));
  if (!trusted) {
    if (IrsaRole.isIrsaRole(role)) {
      throw new Error(`${user} has the role ${role.node.path}, which EKS Pod Identity alone may assume: STS would refuse the tokens of an annotated service account; `
        + 'use a kplus.ServiceAccount with the name and namespace of the association, or give the role providers');
    }
    if (!wanted) {
      throw new Error(`${user} has the role ${role.node.path}, of which only the ARN is known; pass subject: ServiceAccountSubject.of('namespace', 'name')`);
    }
    return wanted;
  }
  const subject = wanted ?? (trusted.length === 1 && !trusted[0].isPattern ? trusted[0] : undefined);
  if (!subject) {
    throw new Error(`${user} could be any of those that ${role.node.path} trusts (${trusted.join(', ')}); pass subject: ServiceAccountSubject.of('namespace', 'name')`);
  }
  if (!trusted.some(known => known.includes(subject))) {
    throw new Error(`${user} is ${subject}, which ${role.node.path} does not trust (it trusts ${trusted.join(', ')}): STS would refuse it; `
      + "add it to the role's serviceAccounts, or correct the subject");
  }
  return subject;
}

function audienceOf(user: string, props: IrsaServiceAccountProps): string {
  const { role, audience } = props;
  if (audience !== undefined) {
    validateAudience(audience);
  }
  const trusted = knownTrust(role)?.audience;
  if (audience !== undefined && trusted !== undefined && audience !== trusted) {
    throw new Error(`${user} asks for tokens with the audience '${audience}', and ${role.node.path} trusts '${trusted}': STS would refuse them; `
      + 'leave audience out, or set it on the role');
  }
  return audience ?? trusted ?? DEFAULT_AUDIENCE;
}

function assertSameMetadata(user: string, subject: ServiceAccountSubject, { metadata }: IrsaServiceAccountProps): void {
  for (const key of ['name', 'namespace'] as const) {
    const given = metadata?.[key];
    if (given !== undefined && given !== subject[key]) {
      throw new Error(`${user} has the ${key} '${given}' in its metadata, and the role trusts ${subject}; leave it out of the metadata, or correct the subject`);
    }
  }
}

function assertSameNamespace(user: string, subject: ServiceAccountSubject, chart: Chart): void {
  if (chart.namespace !== undefined && chart.namespace !== subject.namespace) {
    throw new Error(`${user} is ${subject}, and its chart ${chart.node.path} is in the namespace '${chart.namespace}'; `
      + `put it into a chart with namespace '${subject.namespace}'`);
  }
}

/** cdk8s says less helpful things where there is no chart, or where a chart hangs in the tree of a CDK app. */
function chartOf(user: string, scope: Construct): Chart {
  const chart = scope.node.scopes.find(node => Chart.isChart(node));
  if (!chart || !Array.isArray(App.of(scope).resolvers)) {
    throw new Error(`${user} is not in a chart of a cdk8s app; use new Manifests(this, 'Manifests').addChart('name') as its scope`);
  }
  return Chart.of(scope);
}
