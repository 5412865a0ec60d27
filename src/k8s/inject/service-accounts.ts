import { isDeepStrictEqual } from 'node:util';
import { AUDIENCE_SYNTAX, isAudience, shownAudience } from '../../identity/audience-syntax';
import { ROLE_ARN } from '../../identity/role-arn-pattern';
import { placeholderNames } from '../placeholder';
import { isMap } from '../webhook/pod-template';
import type { ServiceAccountFacts } from '../webhook/webhook-settings';

/** What the annotations begin with that say anything here. */
const PREFIX = 'eks.amazonaws.com/';

/** A service account, and where it is written. */
interface Known {
  readonly facts: ServiceAccountFacts;
  /** Why nothing can use it. */
  readonly problem?: string;
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
    const { problem } = this.addForLater(object, place);
    if (problem !== undefined) {
      throw new Error(problem);
    }
  }

  /** The same for one of many that no workload may use: one that cannot be used fails only when it is looked up. */
  public addForLater(object: Record<string, unknown>, place: () => string): { readonly problem?: string } {
    const facts = factsOf(object, place);
    const problem = problemOf(() => {
      assertTexts(object.metadata, () => ownerOf(facts, place));
      if (!this.trusting) {
        assertUsable(facts, place);
      }
    });
    const key = this.key(facts.namespace, facts.name);
    const other = this.known.get(key);
    if (other && !isDeepStrictEqual(other.facts.annotations, facts.annotations)) {
      throw new Error(`${place()}: service account ${display(facts)} is also at ${other.place()}, with other annotations: ${JSON.stringify(facts.annotations)} and `
        + `${JSON.stringify(other.facts.annotations)}; keep one`);
    }
    this.known.set(key, other ?? { facts, place, problem });
    return { problem };
  }

  /** Fails when it cannot be used. */
  public find(namespace: string | undefined, name: string): ServiceAccountFacts | undefined {
    const found = this.known.get(this.key(namespace, name));
    if (found?.problem !== undefined) {
      throw new Error(found.problem);
    }
    return found?.facts;
  }

  /** Whether there is a role to give to pods. */
  public hasRole(namespace: string | undefined, name: string): boolean {
    return (this.known.get(this.key(namespace, name))?.facts.annotations[`${PREFIX}role-arn`] ?? '') !== '';
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
  const annotations = annotationsIn(metadata).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  return { ...facts, annotations: Object.fromEntries(annotations) as Record<string, string> };
}

function ownerOf(facts: ServiceAccountFacts, place: () => string): string {
  return `${place()}: service account ${display(facts)}`;
}

/** The annotations that say anything here. To the API server, one that is nothing (of a template without a value) is an empty text. */
function annotationsIn(metadata: unknown): Array<[string, unknown]> {
  const annotations = isMap(metadata) && isMap(metadata.annotations) ? metadata.annotations : {};
  return Object.entries(annotations).filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => [key, value ?? '']);
}

/** Fails for annotations that are numbers or truth values: people forget the quotes, and kubectl refuses them. */
export function assertTexts(metadata: unknown, owner: () => string): void {
  for (const [key, value] of annotationsIn(metadata)) {
    if (typeof value !== 'string') {
      throw new Error(`${owner()}: the annotation ${key} is ${typeof value === 'object' ? 'no text' : String(value)}, and has to be a string; put it into quotes`);
    }
  }
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function assertUsable(facts: ServiceAccountFacts, place: () => string): void {
  const { [`${PREFIX}role-arn`]: role = '', [`${PREFIX}audience`]: audience } = facts.annotations;
  if (placeholderNames(role).length > 0) {
    throw new Error(`${ownerOf(facts, place)}: the role is known only after deployment ('${role}'); run cdk-irsa render first`);
  }
  if (role !== '' && !ROLE_ARN.test(role)) {
    throw new Error(`${ownerOf(facts, place)}: '${role}' is not the ARN of a role (arn:PARTITION:iam::ACCOUNT:role/NAME): STS would refuse it`);
  }
  if (role !== '' && audience !== undefined && !isAudience(audience)) {
    throw new Error(`${ownerOf(facts, place)}: no role can trust the audience ${shownAudience(audience)}: ${AUDIENCE_SYNTAX} are expected`);
  }
}
