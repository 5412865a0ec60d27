import { changed, documents, POD, SERVICE_ACCOUNT } from './example';
import { withRole } from './workloads';
import { TOKEN_FOLDER, TOKEN_SECONDS } from '../../identity/webhook-contract';
import type { Rule } from '../finding';
import { at, listOf } from '../json';
import { type Container, title } from '../kubernetes/objects';
import { below } from '../place';

const PAIR = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const;
const END = '      image: web:1\n';

export const containerOverride: Rule = {
  id: 'container-override',
  severity: 'error',
  title: 'A container sets one of two variables, and gets neither',
  why: 'The webhook leaves a container\'s own `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` alone, and does not add the other one. SDKs need both, and fall back to the role of the node.',
  bad: documents(SERVICE_ACCOUNT, changed(POD, END, `${END}      env:\n        - name: AWS_ROLE_ARN\n          value: arn:aws:iam::111122223333:role/web\n`)),
  good: documents(SERVICE_ACCOUNT, changed(POD, END, `${END}      env:\n        - name: AWS_ROLE_ARN\n          value: arn:aws:iam::111122223333:role/web\n`
    + '        - name: AWS_WEB_IDENTITY_TOKEN_FILE\n          value: /var/run/secrets/eks.amazonaws.com/serviceaccount/token\n')),
  *find(facts) {
    for (const [workload, account] of withRole(facts)) {
      for (const container of workload.containers) {
        const [set, ...both] = PAIR.filter(name => container.env.has(name));
        if (set !== undefined && both.length === 0 && !usesConfig(container)) {
          const missing = PAIR.find(name => name !== set)!;
          yield {
            message: `container '${container.name}' of ${title(workload)} sets ${set} and not ${missing}, so that the webhook gives it neither`,
            fix: `set ${missing} too, or remove ${set}`,
            places: [container.env.get(set)!.place, account.place],
          };
        }
      }
    }
  },
};

/** A config file may have what the variables do not. */
function usesConfig({ env }: Container): boolean {
  return env.has('AWS_CONFIG_FILE') || env.has('AWS_PROFILE');
}

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

export const staticCredentials: Rule = {
  id: 'static-credentials',
  severity: 'warning',
  title: 'Access keys that win over the role',
  why: 'SDKs take keys from the environment before they look at a token: the role of the service account is never used.',
  bad: documents(SERVICE_ACCOUNT, changed(POD, END, `${END}      env:\n        - name: AWS_ACCESS_KEY_ID\n          valueFrom:\n            secretKeyRef: { name: keys, key: id }\n`)),
  good: documents(SERVICE_ACCOUNT, POD),
  *find(facts) {
    for (const [workload, account] of withRole(facts)) {
      for (const container of workload.containers) {
        const found = KEYS.find(name => container.env.has(name));
        if (found !== undefined) {
          yield {
            message: `container '${container.name}' of ${title(workload)} sets ${found}, which SDKs take before the role of its service account`,
            fix: 'remove the access keys, or the role',
            places: [container.env.get(found)!.place, account.place],
          };
        }
      }
    }
  },
};

export const tokenMountTaken: Rule = {
  id: 'token-mount-taken',
  severity: 'error',
  title: 'Something else is mounted where the token goes',
  why: `The webhook mounts the token at \`${TOKEN_FOLDER}\`. With another volume there the API server refuses the pod: \`mountPath: Invalid value: must be unique\`.`,
  bad: documents(SERVICE_ACCOUNT, changed(POD, END, `${END}      volumeMounts:\n        - name: certificates\n          mountPath: ${TOKEN_FOLDER}\n  volumes:\n    - name: certificates\n      emptyDir: {}\n`)),
  good: documents(SERVICE_ACCOUNT, changed(POD, END, `${END}      volumeMounts:\n        - name: certificates\n          mountPath: /certificates\n  volumes:\n    - name: certificates\n      emptyDir: {}\n`)),
  *find(facts) {
    for (const [workload, account] of withRole(facts)) {
      for (const container of workload.containers.filter(({ env }) => !PAIR.every(name => env.has(name)))) {
        const index = listOf(container.value.volumeMounts)
          .findIndex(mount => String(at(mount, 'mountPath')).replace(/\/+$/, '') === TOKEN_FOLDER && at(mount, 'name') !== 'aws-iam-token');
        if (index >= 0) {
          yield {
            message: `container '${container.name}' of ${title(workload)} mounts a volume of its own at ${TOKEN_FOLDER}, where the webhook mounts the token`,
            fix: 'mount it elsewhere',
            places: [below(container.place, 'volumeMounts', index), account.place],
          };
        }
      }
    }
  },
};

export const projectedExpiration: Rule = {
  id: 'projected-expiration',
  severity: 'error',
  title: 'A projected token that the API server refuses',
  why: `\`expirationSeconds\` of a projected token is ${TOKEN_SECONDS.min} at least.`,
  bad: changed(POD, END, `${END}  volumes:\n    - name: aws-iam-token\n      projected:\n        sources:\n          - serviceAccountToken: { audience: sts.amazonaws.com, expirationSeconds: 300, path: token }\n`),
  good: changed(POD, END, `${END}  volumes:\n    - name: aws-iam-token\n      projected:\n        sources:\n          - serviceAccountToken: { audience: sts.amazonaws.com, expirationSeconds: 3600, path: token }\n`),
  *find({ workloads }) {
    for (const workload of workloads) {
      for (const [index, volume] of listOf(workload.podSpec.volumes).entries()) {
        const sources = listOf(at(volume, 'projected', 'sources'));
        const short = sources.findIndex(source => Number(at(source, 'serviceAccountToken', 'expirationSeconds')) < TOKEN_SECONDS.min);
        if (short >= 0) {
          yield {
            message: `${title(workload)} has a projected token of ${String(at(sources[short], 'serviceAccountToken', 'expirationSeconds'))} seconds, and the API server takes ${TOKEN_SECONDS.min} or more`,
            fix: `write expirationSeconds: ${TOKEN_SECONDS.min} or more`,
            places: [below(workload.podSpecPlace, 'volumes', index, 'projected', 'sources', short)],
          };
        }
      }
    }
  },
};
