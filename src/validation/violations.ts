import type { PolicyViolatingResourceBeta1, PolicyViolationBeta1 } from 'aws-cdk-lib';
import { type CheckedAssembly, positionIn } from './check-assembly';
import type { Finding } from '../check/finding';
import { isManifest, objectsOf, title } from '../check/kubernetes/objects';
import { isWithin, type Place } from '../check/place';
import { located } from '../check/report/report';

/** A resource as CDK's report has it. CDK before 2.251 finds construct paths of resources by itself, and has none for anything else. */
export interface ViolatingResource extends PolicyViolatingResourceBeta1 {
  readonly constructPath?: string;
}

/** How findings are reported. */
export interface ViolationOptions {
  /** Whether warnings count as errors. */
  readonly strict: boolean;
  /** The construct that wrote a file. @default - not known */
  readonly constructOf: (file: string) => string | undefined;
}

/** Findings in the terms of CDK: one violation each, with a resource for each place. */
export function violationsOf({ input, result }: CheckedAssembly, { strict, constructOf }: ViolationOptions): PolicyViolationBeta1[] {
  const positionOf = positionIn(input);
  const resourceOf = (place: Place): ViolatingResource => {
    const { value } = input.documents.get(place.source)!;
    const { file } = place.source;
    const constructPath = constructOf(file);
    const { line, column } = positionOf(place);
    return {
      ...isManifest(value) ? objectAt(place, value, `${line}:${column}`) : resourceAt(place),
      templatePath: file,
      ...constructPath === undefined ? {} : { constructPath },
    };
  };
  return result.findings.map((finding: Finding): PolicyViolationBeta1 => {
    const { message, fix } = located(finding, positionOf);
    return {
      ruleName: finding.rule,
      severity: strict ? 'error' : finding.severity,
      description: message,
      fix,
      violatingResources: finding.places.map(resourceOf),
    };
  });
}

type Part = Pick<PolicyViolatingResourceBeta1, 'resourceLogicalId' | 'locations'>;

/** CDK names properties with dots, from the resource on. */
function resourceAt({ path: [section, id, ...rest] }: Place): Part {
  return section === 'Resources' && id !== undefined
    ? { resourceLogicalId: String(id), locations: rest.length > 0 ? [rest.join('.')] : [] }
    : { resourceLogicalId: 'the template', locations: section === undefined ? [] : [[section, ...id === undefined ? [] : [id], ...rest].join('.')] };
}

/** An object of Kubernetes has no logical id, but a kind and a name. */
function objectAt(place: Place, document: unknown, position: string): Part {
  const object = objectsOf([{ source: place.source, value: document }], new Map()).find(each => isWithin(place, each.place));
  const rest = place.path.slice(object?.place.path.length ?? 0);
  return { resourceLogicalId: object ? title(object) : 'the manifest', locations: [`${position}${rest.length > 0 ? ` ${rest.join('.')}` : ''}`] };
}
