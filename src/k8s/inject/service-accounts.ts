import { isDeepStrictEqual } from 'node:util';
import { AUDIENCE_SYNTAX, isAudience } from '../../identity/audience-syntax';
import { ROLE_ARN } from '../../identity/role-arn-pattern';
import { placeholderNames } from '../placeholder';
import { isMap } from '../webhook/pod-template';
import type { ServiceAccountFacts } from '../webhook/webhook-settings';

/** What the annotations begin with that say anything here. */
const PREFIX = 'eks.amazonaws.com/';

/** A service account, and where it is written. */
interface Known {
  readonly facts: ServiceAccountFacts;
  place(): string;
}

/** The service accounts that manifests have. */
export class ServiceAccounts {
  private readonly known = new Map<string, Known>();

  /**
   * @param namespace where objects go that name no namespace
   * @param trusting whether annotations are taken as they are, which is what the webhook does
   */
  public constructor(private readonly namespace: string | undefined, private readonly trusting: boolean) {}

  public get size(): number {
    return this.known.size;
  }

  /** Fails when it cannot be used, or when there is another one of the same name. */
  public add(object: Record<string, unknown>, place: () => string): void {
    const facts = factsOf(object, place);
    const key = this.key(facts.namespace, facts.name);
    const other = this.known.get(key);
    if (other && !isDeepStrictEqual(other.facts.annotations, facts.annotations)) {
      throw new Error(`${place()}: service account ${display(facts)} is also at ${other.place()}, with other annotations: ${JSON.stringify(facts.annotations)} and `
        + `${JSON.stringify(other.facts.annotations)}; keep one`);
    }
    if (!this.trusting) {
      assertUsable(facts, place);
    }
    this.known.set(key, other ?? { facts, place });
  }

  public find(namespace: string | undefined, name: string): ServiceAccountFacts | undefined {
    return this.known.get(this.key(namespace, name))?.facts;
  }

  /** Namespaces that have a service account of this name. */
  public namespacesWith(name: string): string[] {
    return [...this.known.values()].filter(({ facts }) => facts.name === name).map(({ facts }) => facts.namespace ?? this.namespace ?? 'without one');
  }

  private key(namespace: string | undefined, name: string): string {
    return JSON.stringify([namespace ?? this.namespace ?? null, name]);
  }
}

/** How an object is called in messages. */
export function display({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function factsOf({ metadata }: Record<string, unknown>, place: () => string): ServiceAccountFacts {
  const { name, namespace } = isMap(metadata) ? metadata : {};
  if (typeof name !== 'string' || name === '') {
    throw new Error(`${place()}: a service account has no name; give it one in metadata`);
  }
  const facts = { name, ...typeof namespace === 'string' && namespace !== '' ? { namespace } : {} };
  return { ...facts, annotations: annotationsOf(metadata, () => `${place()}: service account ${display(facts)}`) };
}

/** The annotations that say anything here. Fails for numbers and truth values: people forget the quotes, and kubectl refuses them. */
export function annotationsOf(metadata: unknown, owner: () => string): Record<string, string> {
  const annotations = isMap(metadata) && isMap(metadata.annotations) ? metadata.annotations : {};
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => {
    if (typeof value !== 'string') {
      const found = typeof value === 'object' ? value === null ? 'empty' : 'no text' : String(value);
      throw new Error(`${owner()}: the annotation ${key} is ${found}, and has to be a string; put it into quotes`);
    }
    return [key, value];
  }));
}

function assertUsable(facts: ServiceAccountFacts, place: () => string): void {
  const owner = `${place()}: service account ${display(facts)}`;
  const { [`${PREFIX}role-arn`]: role = '', [`${PREFIX}audience`]: audience } = facts.annotations;
  if (placeholderNames(role).length > 0) {
    throw new Error(`${owner}: the role is known only after deployment ('${role}'); run cdk-irsa render first`);
  }
  if (role !== '' && !ROLE_ARN.test(role)) {
    throw new Error(`${owner}: '${role}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): STS would refuse it`);
  }
  if (role !== '' && audience !== undefined && !isAudience(audience)) {
    throw new Error(`${owner}: no role can trust the audience '${audience}': IAM takes ${AUDIENCE_SYNTAX}`);
  }
}
