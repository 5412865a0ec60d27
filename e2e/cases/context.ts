import * as fs from 'node:fs';
import { CdkApp } from '../parts/cdk';
import { claimsOf, Claims, signToken } from '../parts/keys';
import { Kubectl } from '../parts/kubectl';
import { PolicyDocument } from '../parts/rgw-account';
import { S3Readers } from '../parts/s3-readers';
import { Cluster, World } from '../parts/world';

/** What `run.ts` has started. */
export const world: World = load();

export const kubectl = new Kubectl(world);

export const readers = new S3Readers({ ...world, endpoint: world.rgw.endpoint });

export const AUDIENCE = 'sts.amazonaws.com';

/** Where the webhook and cdk-irsa put tokens. */
export const TOKEN_FILE = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';

let count = 0;

/** A name that no other case uses: cases share everything that runs. */
export function unique(prefix: string): string {
  return `${prefix}-${process.pid}-${++count}`;
}

/** An account number that no other case uses. */
export function uniqueAccount(): string {
  return String(200_000_000_000 + process.pid * 1_000 + ++count);
}

/** A CDK app in a folder of its own, with these TypeScript files. */
export function cdkApp(name: string, programs: readonly string[]): CdkApp {
  return CdkApp.create({
    dependencies: world.cdkAppDependencies, dir: `${world.dir}/apps/${unique(name)}`, home: world.home, endpoint: world.moto,
  }, programs);
}

/** The same token, some claims changed, signed by the key of a cluster. */
export function resign(token: string, changed: Partial<Claims>, { key }: Cluster): string {
  return signToken(key, { ...claimsOf(token), ...changed } as Claims);
}

/** A trust policy as somebody who knows how writes it by hand. */
export function handWrittenTrust(provider: string, subject: string, audience = AUDIENCE): PolicyDocument {
  const [, hostPath] = provider.split(':oidc-provider/');
  return {
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${hostPath}:sub`]: subject, [`${hostPath}:aud`]: audience } },
    }],
  };
}

function load(): World {
  const file = process.env.E2E_WORLD;
  if (file === undefined) {
    throw new Error("the cases need what run.ts starts: run them with 'npm run e2e'");
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as World;
}
