import * as fs from 'node:fs';
import * as path from 'node:path';
import { aptPackages } from './apt';
import { installBrowser } from './browser';
import { certManagerKinds, installKinds } from './cert-manager';
import { kubernetesBinaries } from './go';
import { startIssuerServer } from './issuer';
import { makeKey, publicJwk, SigningKey } from './keys';
import { Kubectl } from './kubectl';
import { startApiServer } from './kubernetes';
import { startMoto } from './moto';
import { awsSdk, cdkAppDependencies, graphViewers } from './npm';
import { pythonTools } from './python';
import { Rgw, startRgw } from './rgw';
import { Run } from './run-dir';
import { jwks } from '../../src/cli/jwks';

/** A cluster as AWS sees it: an issuer, and the key that signs its tokens. */
export interface Cluster {
  readonly name: string;
  readonly issuer: string;
  readonly key: SigningKey;
}

/** Everything that runs, and where: plain data, handed from the process that starts it to the tests. */
export interface World {
  readonly dir: string;
  readonly home: string;
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** The cluster whose API server runs. */
  readonly blue: Cluster;
  /** Another cluster, of which only the issuer and the key exist: its tokens are signed by the tests. */
  readonly green: Cluster;
  /** A third one, that no stack ever trusts, though its documents are there for all to see. */
  readonly red: Cluster;
  /** A cluster that is not EKS: what is published of it is what the library makes of its public key. */
  readonly hosted: Cluster;
  readonly rgw: Rgw;
  /** moto's endpoint. */
  readonly moto: string;
  readonly python: string;
  readonly awsSdk: string;
  readonly cdkAppDependencies: string;
  /** A program. @default - this machine has none, and cannot get one */
  readonly browser?: string;
  readonly graphViewers: string;
}

/** Installs what is missing, which takes minutes the first time. */
export async function installParts() {
  const [binaries, certManager, python, sdk, cdkApp, viewers, browser] = await all([
    kubernetesBinaries(), certManagerKinds(), pythonTools(), awsSdk(), cdkAppDependencies(), graphViewers(), installBrowser(), aptPackages(),
  ]);
  return { binaries, certManager, python, awsSdk: sdk, cdkAppDependencies: cdkApp, graphViewers: viewers, browser };
}

/** Starts everything, side by side where nothing depends on the other. */
export async function startParts(run: Run, parts: Awaited<ReturnType<typeof installParts>>): Promise<World> {
  const blue = await makeCluster(run, 'blue', 'https://oidc.eks.eu-west-1.amazonaws.com/id/B1BE0B107DC1292E426FDF456E6A9B64');
  const green = await makeCluster(run, 'green', 'https://oidc.eks.us-east-1.amazonaws.com/id/64EE0DC1292E426FDF456E6A9B643B10');
  const red = await makeCluster(run, 'red', 'https://oidc.eks.eu-west-1.amazonaws.com/id/4ED0B107DC1292E426FDF456E6A9B643');
  const hosted = await makeCluster(run, 'hosted', 'https://s3.eu-west-1.amazonaws.com/123456789012-g8s-mycluster-oidc-pod-identity');
  const issuers = await startIssuerServer(run);
  issuers.publishDocuments(documentsOf(hosted));
  [blue, green, red].forEach(({ issuer, key }) => issuers.publish({ url: issuer, keys: [publicJwk(key)] }));
  const [kubeconfig, rgw, moto] = await all([
    startCluster(run, parts, blue),
    startRgw(run, issuers.proxy),
    startMoto(run, parts.python, { blue: blue.issuer, green: green.issuer }),
  ]);
  return {
    dir: run.dir,
    home: run.home,
    kubectl: parts.binaries.kubectl,
    kubeconfig,
    blue,
    green,
    red,
    hosted,
    rgw,
    moto,
    python: parts.python,
    awsSdk: parts.awsSdk,
    cdkAppDependencies: parts.cdkAppDependencies,
    browser: parts.browser,
    graphViewers: parts.graphViewers,
  };
}

/** As `cdk-irsa jwks` prints them, with the certificate without which the gateway reads no key. */
function documentsOf({ issuer, key }: Cluster): Record<string, object> {
  const documents = jwks({ key: [key.certificateFile], issuer });
  const { x5c } = publicJwk(key);
  const withCertificate = (name: string, value: unknown): unknown => name === 'keys' ? (value as object[]).map((member) => ({ ...member, x5c })) : value;
  return JSON.parse(documents, withCertificate) as Record<string, object>;
}

/** An API server that knows the kinds of cert-manager too. The answer is its kubeconfig. */
async function startCluster(run: Run, { binaries, certManager }: Awaited<ReturnType<typeof installParts>>, cluster: Cluster): Promise<string> {
  const kubeconfig = await startApiServer(run, { binaries, issuer: cluster.issuer, key: cluster.key });
  await installKinds(new Kubectl({ kubectl: binaries.kubectl, kubeconfig, home: run.home }), certManager);
  return kubeconfig;
}

async function makeCluster(run: Run, name: string, issuer: string): Promise<Cluster> {
  const dir = path.join(run.dir, `cluster-${name}`);
  fs.mkdirSync(dir);
  return { name, issuer, key: await makeKey(dir, 'service-accounts') };
}

/** Like `Promise.all`, but waits for the others when one fails: nothing may still be starting while the run is stopped. */
async function all<T extends readonly unknown[]>(promises: readonly [...{ [K in keyof T]: Promise<T[K]> }]): Promise<T> {
  await Promise.allSettled(promises);
  return Promise.all(promises) as Promise<unknown> as Promise<T>;
}
