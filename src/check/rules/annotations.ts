import { changed, documents, POD, ROLE, SERVICE_ACCOUNT } from './example';
import { ANNOTATION_PREFIX, SKIP_CONTAINERS, TOKEN_SECONDS, WEBHOOK_ANNOTATION } from '../../identity/webhook-contract';
import { distance } from '../distance';
import type { Rule } from '../finding';
import { entriesOf, at } from '../json';
import { annotation, title } from '../kubernetes/objects';
import { below } from '../place';

const KNOWN: readonly string[] = Object.values(WEBHOOK_ANNOTATION);

/** Annotations of other tools that people carry over. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['iam.amazonaws.com/role', 'kube2iam and kiam read it, on pods'],
  ['iam.amazonaws.com/role-arn', 'nobody reads it'],
  ['beta.eks.amazonaws.com/role-arn', 'the webhook reads the prefix eks.amazonaws.com/'],
]);

export const annotationTypo: Rule = {
  id: 'annotation-typo',
  severity: 'error',
  title: 'An annotation that nobody reads',
  why: 'The webhook passes over annotations that it does not know, and the pod falls back to the role of its node without a word.',
  bad: documents(changed(SERVICE_ACCOUNT, 'eks.amazonaws.com/role-arn', 'eks.amazonaws.com/rolearn')),
  good: SERVICE_ACCOUNT,
  *find({ serviceAccounts }) {
    for (const account of serviceAccounts) {
      for (const [key] of entriesOf(at(account.value, 'metadata', 'annotations'))) {
        const meant = KNOWN.includes(key) ? undefined : meantBy(key);
        if (meant) {
          yield {
            message: `${title(account)} has the annotation ${key}, ${FOREIGN.get(key) ?? 'which the webhook does not know'}`,
            fix: `write ${meant}`,
            places: [below(account.place, 'metadata', 'annotations', key)],
          };
        }
      }
    }
  },
};

function meantBy(key: string): string | undefined {
  if (FOREIGN.has(key)) {
    return WEBHOOK_ANNOTATION.ROLE_ARN;
  }
  const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const nearest = KNOWN.find(known => letters(known) === letters(key) || distance(known, key) <= 2);
  return nearest ?? (key.startsWith(`${ANNOTATION_PREFIX}/`) && /role|arn/i.test(key) ? WEBHOOK_ANNOTATION.ROLE_ARN : undefined);
}

export const annotationOnWorkload: Rule = {
  id: 'annotation-on-workload',
  severity: 'warning',
  title: 'A role on a pod, where nobody looks for it',
  why: 'The webhook reads role and audience from the ServiceAccount alone.',
  bad: documents(ROLE, SERVICE_ACCOUNT, changed(POD, '  namespace: apps\n', '  namespace: apps\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web\n')),
  good: documents(ROLE, SERVICE_ACCOUNT, POD),
  *find({ workloads }) {
    for (const workload of workloads) {
      const pod = below(workload.podMetadataPlace, 'annotations');
      const own = below(workload.place, 'metadata', 'annotations');
      const found = [...entriesOf(at(workload.podMetadata, 'annotations')).map(([key]) => below(pod, key)),
        ...workload.kind === 'Pod' ? [] : entriesOf(at(workload.value, 'metadata', 'annotations')).map(([key]) => below(own, key))]
        .filter(({ path }) => path.at(-1) === WEBHOOK_ANNOTATION.ROLE_ARN || path.at(-1) === WEBHOOK_ANNOTATION.AUDIENCE);
      for (const place of found) {
        yield {
          message: `${title(workload)} has the annotation ${String(place.path.at(-1))}, which the webhook reads from service accounts only`,
          fix: 'move it to the ServiceAccount',
          places: [place],
        };
      }
    }
  },
};

export const annotationNotText: Rule = {
  id: 'annotation-not-text',
  severity: 'error',
  title: 'An annotation that is not a string',
  why: 'Values of annotations are strings. The API server refuses an object that has a number or a truth value there.',
  bad: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/token-expiration: 3600\n'),
  good: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/token-expiration: "3600"\n'),
  *find({ serviceAccounts }) {
    for (const account of serviceAccounts) {
      for (const key of KNOWN) {
        const value = annotation(account, key);
        if (value !== undefined && typeof value !== 'string') {
          yield {
            message: `${title(account)} has ${JSON.stringify(value)} as the annotation ${key}, and the API server takes strings only`,
            fix: `put it in quotes: "${String(value)}"`,
            places: [below(account.place, 'metadata', 'annotations', key)],
          };
        }
      }
    }
  },
};

export const tokenExpiration: Rule = {
  id: 'token-expiration',
  severity: 'warning',
  title: 'A life of the token that nobody gives it',
  why: 'The webhook takes whole seconds. It makes 600 of less, and 86400 of what is not a number; the API server shortens what is longer than the cluster allows.',
  bad: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/token-expiration: "300"\n'),
  good: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/token-expiration: "3600"\n'),
  *find({ serviceAccounts, workloads }) {
    const annotated = [
      ...serviceAccounts.map(account => ({ object: account, value: annotation(account, WEBHOOK_ANNOTATION.TOKEN_EXPIRATION), place: below(account.place, 'metadata', 'annotations') })),
      ...workloads.map(workload => ({ object: workload, value: at(workload.podMetadata, 'annotations', WEBHOOK_ANNOTATION.TOKEN_EXPIRATION), place: below(workload.podMetadataPlace, 'annotations') })),
    ];
    for (const { object, value, place } of annotated) {
      const result = typeof value === 'string' ? expirationOf(value) : undefined;
      if (result) {
        yield {
          message: `${title(object)} wants tokens of '${String(value)}' seconds, ${result}`,
          fix: `write whole seconds from "${TOKEN_SECONDS.min}" to "${TOKEN_SECONDS.max}"`,
          places: [below(place, WEBHOOK_ANNOTATION.TOKEN_EXPIRATION)],
        };
      }
    }
  },
};

function expirationOf(value: string): string | undefined {
  const seconds = /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
  return seconds === undefined ? `which is no whole number: they get ${TOKEN_SECONDS.max}`
    : seconds < TOKEN_SECONDS.min ? `and get ${TOKEN_SECONDS.min}, the least that the API server gives`
      : seconds > TOKEN_SECONDS.max ? `and most clusters give ${TOKEN_SECONDS.max} at most` : undefined;
}

/** What Go's `strconv.ParseBool` takes. */
const GO_BOOLEANS = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];

export const regionalSts: Rule = {
  id: 'regional-sts',
  severity: 'warning',
  title: 'A truth value that the webhook does not read',
  why: 'The webhook takes `true` and `false` (and what else Go takes for them). It passes over `yes` and `on`, and its own default stays.',
  bad: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/sts-regional-endpoints: "yes"\n'),
  good: changed(SERVICE_ACCOUNT, '  annotations:\n', '  annotations:\n    eks.amazonaws.com/sts-regional-endpoints: "true"\n'),
  *find({ serviceAccounts }) {
    for (const account of serviceAccounts) {
      const value = annotation(account, WEBHOOK_ANNOTATION.REGIONAL_STS);
      if (typeof value === 'string' && !GO_BOOLEANS.includes(value)) {
        yield {
          message: `${title(account)} has '${value}' as the annotation ${WEBHOOK_ANNOTATION.REGIONAL_STS}, which the webhook passes over`,
          fix: 'write "true" or "false"',
          places: [below(account.place, 'metadata', 'annotations', WEBHOOK_ANNOTATION.REGIONAL_STS)],
        };
      }
    }
  },
};

export const skipContainers: Rule = {
  id: 'skip-containers',
  severity: 'warning',
  title: 'A container that is to be skipped is not',
  why: 'The webhook divides the list at its commas and trims nothing: in `a, b` the second name begins with a blank, and no container is called that.',
  bad: changed(POD, '  namespace: apps\n', '  namespace: apps\n  annotations:\n    eks.amazonaws.com/skip-containers: proxy, web\n'),
  good: changed(POD, '  namespace: apps\n', '  namespace: apps\n  annotations:\n    eks.amazonaws.com/skip-containers: web\n'),
  *find({ workloads }) {
    for (const workload of workloads) {
      const value = at(workload.podMetadata, 'annotations', SKIP_CONTAINERS);
      const names = typeof value === 'string' && value !== '' ? value.split(',') : [];
      const containers = [...listNames(workload.podSpec.containers), ...listNames(workload.podSpec.initContainers)];
      const wrong = names.filter(name => !containers.includes(name));
      if (wrong.length > 0) {
        yield {
          message: `${title(workload)} wants ${wrong.map(name => `'${name}'`).join(' and ')} skipped, and has only ${containers.map(name => `'${name}'`).join(', ')}`,
          fix: 'write names of its containers, with nothing but a comma between them',
          places: [below(workload.podMetadataPlace, 'annotations', SKIP_CONTAINERS)],
        };
      }
    }
  },
};

function listNames(containers: unknown): string[] {
  return Array.isArray(containers) ? containers.map(container => String(at(container, 'name'))) : [];
}
