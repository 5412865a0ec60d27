/** Conditions of a statement: operator → key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A statement that allows something, as plain data: no construct, nothing of CDK. */
export interface StatementData {
  /** Unique in the package, since IAM takes each once in a policy, and a role may get the statements of two controllers. */
  readonly sid: string;
  readonly actions: readonly string[];
  /** ARNs, in which `${Partition}`, `${Region}` and `${Account}` stand for those of the role, as in the service authorization reference. */
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** Why it has to be every resource, where the actions know resources. */
  readonly why?: string;
}

/** Where a policy was taken from. */
export interface PolicySource {
  readonly url: string;
  /** As it was read: a release or a commit of the controller, the version of a managed policy, or the year of a page of AWS that has none. */
  readonly version: string;
}

/** What a controller is, and what it has to be allowed. */
export interface ControllerData {
  /** As its makers write it. */
  readonly name: string;
  /** Namespace and name of the service accounts that it usually runs as. */
  readonly serviceAccounts: ReadonlyArray<readonly [namespace: string, name: string]>;
  readonly sources: readonly PolicySource[];
  readonly statements: readonly StatementData[];
}

/** A statement for these resources. */
export function allow(sid: string, actions: readonly string[], resources: readonly string[], conditions?: Conditions): StatementData {
  return { sid, actions, resources, conditions };
}

/** A statement for actions of which IAM knows no resources. */
export function allowWithoutResource(sid: string, actions: readonly string[], conditions?: Conditions): StatementData {
  return { sid, actions, resources: ['*'], conditions };
}

/** A statement for every resource, though IAM knows resources for the actions. */
export function allowEverywhere(sid: string, why: string, actions: readonly string[], conditions?: Conditions): StatementData {
  return { sid, actions, resources: ['*'], conditions, why };
}

/** A statement for the role that a service of AWS makes for itself, once in an account. */
export function serviceLinkedRole(sid: string, service: string, role: string): StatementData {
  return allow(sid, ['iam:CreateServiceLinkedRole'], global('iam', `role/aws-service-role/${service}/${role}`), { StringEquals: { 'iam:AWSServiceName': service } });
}

/** Conditions that all have to hold. */
export function both(a: Conditions, b: Conditions): Conditions {
  const operators = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(operators.map(operator => [operator, { ...a[operator], ...b[operator] }]));
}

/** Actions of one service: `actionsOf('sqs', 'ReceiveMessage')` is `['sqs:ReceiveMessage']`. */
export function actionsOf(service: string, ...names: string[]): string[] {
  return names.map(name => `${service}:${name}`);
}

/** The ARN of resources in region and account of the role. */
export function regional(service: string, ...resources: string[]): string[] {
  return resources.map(resource => `arn:\${Partition}:${service}:\${Region}:\${Account}:${resource}`);
}

/** The ARN of resources that another account may share with that of the role: what is in a shared VPC. */
export function shared(service: string, ...resources: string[]): string[] {
  return resources.map(resource => `arn:\${Partition}:${service}:\${Region}:*:${resource}`);
}

/** The ARN of resources in the account of the role, of a service without regions. */
export function global(service: string, ...resources: string[]): string[] {
  return resources.map(resource => `arn:\${Partition}:${service}::\${Account}:${resource}`);
}

/** The ARN of resources that belong to no account: images, snapshots, hosted zones … */
export function unowned(service: string, region: string, ...resources: string[]): string[] {
  return resources.map(resource => `arn:\${Partition}:${service}:${region}::${resource}`);
}

/** Statements that are there only if something was asked for. */
export function when(condition: boolean, ...statements: StatementData[]): StatementData[] {
  return condition ? statements : [];
}

/**
 * What is there only if it is named: the list that was given, or none.
 *
 * @param what the option, for the message
 */
export function namedOrNone(what: string, given: readonly string[] | undefined): readonly string[] {
  if (given?.length === 0) {
    throw new Error(`${what} is empty; leave it out if there are none, or name some`);
  }
  return given ?? [];
}

/**
 * What to scope by: the list that was given, or all.
 *
 * @param what the option, for the message
 */
export function scopedTo(what: string, given: readonly string[] | undefined, all: readonly string[]): readonly string[] {
  if (given?.length === 0) {
    throw new Error(`${what} is empty, so the controller could do nothing; leave it out for all of the account, or name some`);
  }
  return given ?? all;
}
