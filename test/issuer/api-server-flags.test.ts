import { Aws } from 'aws-cdk-lib';
import { parse, parseAllDocuments } from 'yaml';
import { copiesOf, ecPair, expectNone, messageOf, pem, rsaPair } from './helpers';
import { OidcIssuer } from '../../src';
import { ApiServerFlags, type ApiServerFlagsOptions } from '../../src/issuer/api-server-flags';
import { ClusterApiVersion, KubeadmVersion } from '../../src/issuer/cluster-tools';
import { PublicKeys } from '../../src/issuer/public-keys';
import { SelfHostedIssuer } from '../../src/issuer/self-hosted-issuer';
import { newApp, newStack } from '../k8s/helpers';

const ISSUER = 'https://s3.eu-west-1.amazonaws.com/123456789012-g8s-mycluster-oidc-pod-identity';
const OLD = 'https://kubernetes.default.svc.cluster.local';
const PATCH = '/etc/kubernetes/patches/kube-apiserver+json.yaml';

function flags(options: ApiServerFlagsOptions = {}): ApiServerFlags {
  return ApiServerFlags.forIssuer(OidcIssuer.fromUrl(ISSUER), options);
}

/** What kubeadm starts the API server with: its own flags and those it is given, sorted by name and value, and then the patch. @see cmd/kubeadm/app/util/arguments.go */
function kubeadmCommand(extraArgs: unknown, patch: string | undefined): string[] {
  const given = Array.isArray(extraArgs)
    ? (extraArgs as { name: string; value: string }[]).map(({ name, value }) => [name, value])
    : Object.entries(extraArgs as Record<string, string>);
  const defaults = [
    ['service-account-issuer', OLD], ['service-account-key-file', '/etc/kubernetes/pki/sa.pub'], ['service-account-signing-key-file', '/etc/kubernetes/pki/sa.key'],
  ];
  const all = [...given, ...defaults.filter(([name]) => !given.some(([other]) => other === name))];
  const sorted = all.map(([name, value]) => `--${name}=${value}`).sort();
  const operations = patch === undefined ? [] : parse(patch) as { op: string; path: string; value: string }[];
  for (const { op, path } of operations) {
    expect([op, path]).toEqual(['add', '/spec/containers/0/command/-']);
  }
  return [...sorted, ...operations.map(({ value }) => value)];
}

function valuesOf(command: readonly string[], flag: string): string[] {
  return command.filter(argument => argument.startsWith(`--${flag}=`)).map(argument => argument.slice(flag.length + 3));
}

describe('the flags', () => {
  test('of a new cluster', () => {
    expect(flags().args).toEqual([
      `--service-account-issuer=${ISSUER}`,
      `--service-account-jwks-uri=${ISSUER}/openid/v1/jwks`,
      '--service-account-signing-key-file=/etc/kubernetes/pki/sa.key',
      '--service-account-key-file=/etc/kubernetes/pki/sa.pub',
      `--api-audiences=${ISSUER}`,
    ]);
  });

  test('of a migration: the first issuer signs, tokens of all are accepted', () => {
    expect(flags({ previousIssuers: [OLD, 'k3s'] }).args).toEqual([
      `--service-account-issuer=${ISSUER}`,
      `--service-account-issuer=${OLD}`,
      '--service-account-issuer=k3s',
      `--service-account-jwks-uri=${ISSUER}/openid/v1/jwks`,
      '--service-account-signing-key-file=/etc/kubernetes/pki/sa.key',
      '--service-account-key-file=/etc/kubernetes/pki/sa.pub',
      `--api-audiences=${ISSUER},${OLD},k3s`,
    ]);
  });

  test('of a rotation, with files and audiences of one\'s own', () => {
    expect(flags({
      signingKeyFile: '/pki/new.key', keyFiles: ['/pki/new.pub', '/pki/old.pub'], apiAudiences: ['https://kubernetes.default.svc'], jwksUri: 'https://keys.example.com/jwks',
    }).args).toEqual([
      `--service-account-issuer=${ISSUER}`,
      '--service-account-jwks-uri=https://keys.example.com/jwks',
      '--service-account-signing-key-file=/pki/new.key',
      '--service-account-key-file=/pki/new.pub',
      '--service-account-key-file=/pki/old.pub',
      '--api-audiences=https://kubernetes.default.svc',
    ]);
  });

  test('of an issuer that is published here', () => {
    const hosted = SelfHostedIssuer.s3(newStack(newApp()), 'Issuer', { keys: PublicKeys.fromPem(pem(ecPair())), bucketName: ISSUER.split('/').pop()! });
    expect(hosted.apiServerFlags({ previousIssuers: [OLD] }).args).toEqual(flags({ previousIssuers: [OLD] }).args);
  });
});

/** Who signs (the first) and who is accepted, as each tool starts the API server, and the URL of the key set. */
function startedBy(tool: string, options: ApiServerFlagsOptions): [issuers: string[], jwksUris: string[]] {
  const all = flags(options);
  const of = (command: string[]): [string[], string[]] => [valuesOf(command, 'service-account-issuer'), valuesOf(command, 'service-account-jwks-uri')];
  switch (tool) {
    case 'kubeadm': {
      const { yaml, files } = all.kubeadm();
      const cluster = parseAllDocuments(yaml)[0].toJS() as { apiServer: { extraArgs: unknown } };
      return of(kubeadmCommand(cluster.apiServer.extraArgs, files[PATCH]));
    }
    case 'Cluster API': {
      const { spec } = all.clusterApi().toJson() as
        { spec: { kubeadmConfigSpec: { clusterConfiguration: { apiServer: { extraArgs: unknown } }; files: { content: string }[] } } };
      return of(kubeadmCommand(spec.kubeadmConfigSpec.clusterConfiguration.apiServer.extraArgs, spec.kubeadmConfigSpec.files[0].content));
    }
    case 'kops': {
      const { kubeAPIServer } = all.kops().toJson().spec as
        { kubeAPIServer: { serviceAccountIssuer: string; additionalServiceAccountIssuers: string[]; serviceAccountJWKSURI?: string } };
      const { serviceAccountIssuer, additionalServiceAccountIssuers, serviceAccountJWKSURI } = kubeAPIServer;
      return [[serviceAccountIssuer, ...additionalServiceAccountIssuers], serviceAccountJWKSURI === undefined ? [] : [serviceAccountJWKSURI]];
    }
    case 'k3s':
      return of((all.k3s().toJson()['kube-apiserver-arg'] as string[]).map(argument => `--${argument}`));
    default:
      return of(all.args);
  }
}

describe.each(['the flags', 'kubeadm', 'Cluster API', 'kops', 'k3s'])('a migration with several API servers, by %s', tool => {
  // 'a' and 'https://z…' sort before and behind the issuer
  test.each([OLD, 'a', 'https://z.example.com'])("accepts the new issuer while '%s' signs, and then the other way round", old => {
    expect(startedBy(tool, { previousIssuers: [old], signingIssuer: old })).toEqual([[old, ISSUER], []]);
    expect(startedBy(tool, { previousIssuers: [old] })).toEqual([[ISSUER, old], [`${ISSUER}/openid/v1/jwks`]]);
  });

  test('signs by an issuer that is not the latest, and with a key set elsewhere', () => {
    expect(startedBy(tool, { previousIssuers: ['b', OLD, 'a'], signingIssuer: OLD, jwksUri: 'https://old.example.com/jwks' }))
      .toEqual([[OLD, ISSUER, 'b', 'a'], ['https://old.example.com/jwks']]);
  });
});

describe('kubeadm', () => {
  test('v1beta4 has a list', () => {
    const { yaml, files } = flags().kubeadm();

    expect(parse(yaml)).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      apiServer: {
        extraArgs: [
          { name: 'service-account-issuer', value: ISSUER },
          { name: 'service-account-jwks-uri', value: `${ISSUER}/openid/v1/jwks` },
          { name: 'api-audiences', value: ISSUER },
        ],
      },
    });
    expect(files).toEqual({});
  });

  test('v1beta3 has a map', () => {
    expect(flags().kubeadm(KubeadmVersion.V1BETA3).toJson()).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta3',
      kind: 'ClusterConfiguration',
      apiServer: { extraArgs: { 'service-account-issuer': ISSUER, 'service-account-jwks-uri': `${ISSUER}/openid/v1/jwks`, 'api-audiences': ISSUER } },
    });
  });

  // kubeadm sorts by value: 'https://k…' would come before 'https://s…' and sign
  test.each([KubeadmVersion.V1BETA3, KubeadmVersion.V1BETA4])('in a migration the new issuer is the first, whatever the order of letters (%s)', version => {
    const options = { previousIssuers: [OLD, 'a'], keyFiles: ['/pki/b.pub', '/pki/a.pub'], signingKeyFile: '/pki/b.key' };
    const { yaml, files } = flags(options).kubeadm(version);
    const [cluster, init] = parseAllDocuments(yaml).map(document => document.toJS() as object);
    const command = kubeadmCommand((cluster as { apiServer: { extraArgs: unknown } }).apiServer.extraArgs, files[PATCH]);

    expect(Object.keys(files)).toEqual([PATCH]);
    expect(init).toEqual({ apiVersion: version, kind: 'InitConfiguration', patches: { directory: '/etc/kubernetes/patches' } });
    expect(valuesOf(command, 'service-account-issuer')).toEqual([ISSUER, OLD, 'a']);
    expect(valuesOf(command, 'service-account-key-file')).toEqual(['/pki/b.pub', '/pki/a.pub']);
    expect(valuesOf(command, 'service-account-signing-key-file')).toEqual(['/pki/b.key']);
    expect(valuesOf(command, 'api-audiences')).toEqual([`${ISSUER},${OLD},a`]);
  });
});

interface ControlPlane {
  readonly apiServer: { extraArgs: unknown; extraVolumes?: object[] };
  readonly controllerManager?: { extraArgs: unknown; extraVolumes?: object[] };
}

/** What kubeadm is told in the end, and whether arguments are a map. */
const CONTROL_PLANES: [string, boolean, (all: ApiServerFlags) => ControlPlane][] = [
  ['kubeadm v1beta3', true, all => all.kubeadm(KubeadmVersion.V1BETA3).toJson() as unknown as ControlPlane],
  ['kubeadm v1beta4', false, all => all.kubeadm().toJson() as unknown as ControlPlane],
  ...[ClusterApiVersion.V1BETA1, ClusterApiVersion.V1BETA2].map((version): [string, boolean, (all: ApiServerFlags) => ControlPlane] => [`Cluster API ${version}`, version === ClusterApiVersion.V1BETA1, all => {
    const { spec } = all.clusterApi(version).toJson() as { spec: { kubeadmConfigSpec: { clusterConfiguration: ControlPlane } } };
    return spec.kubeadmConfigSpec.clusterConfiguration;
  }]),
];

describe.each(CONTROL_PLANES)('key files by %s', (_tool, maps, of) => {
  const file = (path: string, index: number): object => ({ name: `service-account-key-${index}`, hostPath: path, mountPath: path, readOnly: true, pathType: 'File' });

  test('the controller manager signs with the same key as the API server', () => {
    const { apiServer, controllerManager } = of(flags({ signingKeyFile: '/etc/kubernetes/pki/new.key', keyFiles: ['/etc/kubernetes/pki/new.pub'] }));
    const value = '/etc/kubernetes/pki/new.key';
    expect(controllerManager).toEqual({ extraArgs: maps ? { 'service-account-private-key-file': value } : [{ name: 'service-account-private-key-file', value }] });
    expect(apiServer.extraVolumes).toBeUndefined();
  });

  test('the controller manager is left alone with the key that it has', () => {
    expect(of(flags({ keyFiles: ['/etc/kubernetes/pki/a.pub'] }))).not.toHaveProperty('controllerManager');
  });

  test('outside the folder of kubeadm, each is mounted, by who uses it', () => {
    const { apiServer, controllerManager } = of(flags({ signingKeyFile: '/keys/new.key', keyFiles: ['/etc/kubernetes/pki/sa.pub', '/keys/new.pub'] }));
    expect(apiServer.extraVolumes).toEqual([file('/keys/new.key', 0), file('/keys/new.pub', 1)]);
    expect(controllerManager?.extraVolumes).toEqual([file('/keys/new.key', 0)]);
  });

  test.each(['/etc/kubernetes/pki/../sa.pub', '/etc/kubernetes/pki-old/sa.pub', '/etc/kubernetes/sa.pub'])('%s is outside', path => {
    expect(of(flags({ keyFiles: [path] })).apiServer.extraVolumes).toEqual([file(path, 0)]);
  });
});

describe('Cluster API', () => {
  test.each([ClusterApiVersion.V1BETA1, ClusterApiVersion.V1BETA2])('%s: the control plane, and in a migration the patch on its nodes', version => {
    const config = flags({ previousIssuers: [OLD] }).clusterApi(version).toJson() as { spec: { kubeadmConfigSpec: Record<string, unknown> } };
    const { clusterConfiguration, initConfiguration, joinConfiguration, files } = config.spec.kubeadmConfigSpec as {
      clusterConfiguration: { apiServer: { extraArgs: unknown } };
      initConfiguration: unknown;
      joinConfiguration: unknown;
      files: { path: string; content: string; owner: string; permissions: string }[];
    };

    expect(config).toMatchObject({ apiVersion: version, kind: 'KubeadmControlPlane' });
    expect(Array.isArray(clusterConfiguration.apiServer.extraArgs)).toBe(version === ClusterApiVersion.V1BETA2);
    expect([initConfiguration, joinConfiguration]).toEqual([{ patches: { directory: '/etc/kubernetes/patches' } }, { patches: { directory: '/etc/kubernetes/patches' } }]);
    expect(files).toEqual([{ path: PATCH, owner: 'root:root', permissions: '0644', content: expect.any(String) as unknown }]);
    expect(valuesOf(kubeadmCommand(clusterConfiguration.apiServer.extraArgs, files[0].content), 'service-account-issuer')).toEqual([ISSUER, OLD]);
  });

  test('says everything in full: the YAML has no aliases', () => {
    expect(flags({ previousIssuers: [OLD], signingKeyFile: '/keys/a.key', keyFiles: ['/keys/a.pub', '/keys/b.pub'] }).clusterApi().yaml).not.toMatch(/[&*][ab]\d/);
  });

  test('a new cluster needs no patch', () => {
    expect(flags().clusterApi().toJson()).toEqual({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'KubeadmControlPlane',
      spec: {
        kubeadmConfigSpec: {
          clusterConfiguration: {
            apiServer: {
              extraArgs: [
                { name: 'service-account-issuer', value: ISSUER },
                { name: 'service-account-jwks-uri', value: `${ISSUER}/openid/v1/jwks` },
                { name: 'api-audiences', value: ISSUER },
              ],
            },
          },
        },
      },
    });
  });
});

describe('kops', () => {
  test('has fields of its own, and adds previous issuers behind the first', () => {
    expect(parse(flags({ previousIssuers: [OLD] }).kops().yaml)).toEqual({
      spec: {
        kubeAPIServer: {
          serviceAccountIssuer: ISSUER,
          additionalServiceAccountIssuers: [OLD],
          serviceAccountJWKSURI: `${ISSUER}/openid/v1/jwks`,
          apiAudiences: [ISSUER, OLD, 'kubernetes.svc.default'],
        },
      },
    });
  });

  // it adds its own service-account.pub, mounts no other file, and its controller manager signs by its own service-account.key
  test.each<[string, ApiServerFlagsOptions]>([
    ['signingKeyFile', { signingKeyFile: '/pki/a.key', keyFiles: ['/pki/a.pub'] }],
    ['keyFiles', { keyFiles: ['/pki/a.pub', '/srv/kubernetes/kube-apiserver/service-account.pub'] }],
  ])('fails with %s, since kops has a key of its own', (option, options) => {
    expect(() => flags(options).kops()).toThrow(`${option} is not for kops, which makes, mounts and rotates the key itself; leave signingKeyFile and keyFiles out for kops(), `
      + "and rotate by 'kops create keypair service-account'");
  });

  test('leaves out what is not asked for', () => {
    expect(flags().kops().toJson()).toEqual({
      spec: { kubeAPIServer: { serviceAccountIssuer: ISSUER, serviceAccountJWKSURI: `${ISSUER}/openid/v1/jwks`, apiAudiences: [ISSUER, 'kubernetes.svc.default'] } },
    });
  });

  test.each<[string, ApiServerFlagsOptions, string[]]>([
    ['keep what kops set itself, which tokens in running pods have', {}, [ISSUER, 'kubernetes.svc.default']],
    ['have it once', { previousIssuers: ['kubernetes.svc.default'] }, [ISSUER, 'kubernetes.svc.default']],
    ['are what is asked for, and nothing else', { apiAudiences: ['a'] }, ['a']],
  ])('audiences %s', (_what, options, apiAudiences) => {
    expect(flags(options).kops().toJson()).toMatchObject({ spec: { kubeAPIServer: { apiAudiences } } });
    expect(JSON.stringify([flags(options).args, flags(options).k3s().toJson()]).includes('kubernetes.svc.default')).toBe(options.previousIssuers !== undefined);
  });
});

test('k3s has a list, of which it keeps the order', () => {
  expect(parse(flags({ previousIssuers: [OLD] }).k3s().yaml)).toEqual({
    'kube-apiserver-arg': [
      `service-account-issuer=${ISSUER}`,
      `service-account-issuer=${OLD}`,
      `service-account-jwks-uri=${ISSUER}/openid/v1/jwks`,
      `api-audiences=${ISSUER},${OLD}`,
    ],
  });
});

test('k3s has its controller manager sign with the same key', () => {
  expect(flags({ signingKeyFile: '/keys/new.key', keyFiles: ['/keys/new.pub'] }).k3s().toJson()['kube-controller-manager-arg']).toEqual(['service-account-private-key-file=/keys/new.key']);
});

test('what is changed in an object that was given out changes nothing else', () => {
  const config = flags().kops();
  (config.toJson().spec as { kubeAPIServer: { serviceAccountIssuer: string } }).kubeAPIServer.serviceAccountIssuer = 'changed';
  expect(config.toJson()).toMatchObject({ spec: { kubeAPIServer: { serviceAccountIssuer: ISSUER } } });
});

test('YAML has long values in one line', () => {
  const long = `https://oidc.example.com/${'a'.repeat(200)}`;
  expect(ApiServerFlags.forIssuer(OidcIssuer.fromUrl(long)).k3s().yaml).toContain(`service-account-issuer=${long}\n`);
});

describe('fails when', () => {
  test.each<[string, ApiServerFlagsOptions, string]>([
    ['tokens for AWS would open the cluster', { apiAudiences: [ISSUER, 'sts.amazonaws.com'] }, "apiAudiences has 'sts.amazonaws.com': whoever sees a token that is meant for AWS could use it for the cluster"],
    ['there is no audience', { apiAudiences: [] }, 'apiAudiences is empty'],
    ['an audience has a comma', { apiAudiences: ['a,sts.amazonaws.com'] }, "'a,sts.amazonaws.com' in apiAudiences is not an audience"],
    ['an audience has a character that nobody sees', { apiAudiences: ['a\u200b'] }, 'in apiAudiences is not an audience: printable ASCII without blanks and commas'],
    ['an audience is empty', { apiAudiences: [''] }, "'' in apiAudiences is not an audience"],
    ['a previous issuer is empty', { previousIssuers: [''] }, "'' in previousIssuers is not an issuer"],
    ['a previous issuer has a blank', { previousIssuers: ['a b'] }, "'a b' in previousIssuers is not an issuer"],
    ['the issuer is its own predecessor', { previousIssuers: [ISSUER] }, `the issuer '${ISSUER}' is there twice, and the API server does not start with that`],
    ['a previous issuer is there twice', { previousIssuers: [OLD, OLD] }, `the issuer '${OLD}' is there twice`],
    ['an issuer signs that is not accepted', { previousIssuers: [OLD], signingIssuer: 'k3s' }, `signingIssuer is 'k3s', and one of previousIssuers (${OLD}) is expected`],
    ['the issuer itself is to sign', { signingIssuer: ISSUER }, `signingIssuer is '${ISSUER}', and one of previousIssuers (none) is expected; leave it out once the issuer itself signs`],
    ['there is no key file', { keyFiles: [] }, 'keyFiles is empty'],
    ['the key that signs is not among those that verify', { signingKeyFile: '/etc/kubernetes/pki/sa-new.key' },
      "signingKeyFile is '/etc/kubernetes/pki/sa-new.key', without keyFiles: the API server would refuse the tokens that it signs; pass keyFiles with its public key "
      + '(and that of before while keys are rotated)'],
    ['one file signs and verifies', { signingKeyFile: '/pki/sa.key', keyFiles: ['/pki/sa.pub', '/pki/./sa.key'] },
      "'/pki/sa.key' is signingKeyFile and in keyFiles too: the first takes a private key, the second the public one"],
    ['a key file is there twice', { keyFiles: ['/pki/a.pub', '/pki/b.pub', '/pki//a.pub'] }, "keyFiles has '/pki//a.pub' twice"],
    ['a previous issuer would be two audiences', { previousIssuers: ['a,sts.amazonaws.com'] }, "the issuer 'a,sts.amazonaws.com' has a comma, at which the API server would take it apart"],
    ['a file has no absolute path', { keyFiles: ['sa.pub'] }, "'sa.pub' is not an absolute path on the control plane nodes"],
    ['the key set has no https', { jwksUri: 'http://a/b' }, "'http://a/b' is not a jwksUri"],
  ])('%s', (_what, options, message) => {
    expect(() => flags(options)).toThrow(message);
  });

  test.each([...copiesOf(ecPair()), ...copiesOf(rsaPair())])('a key is where its path should be, which is not echoed: %s', (_what, text) => {
    expect(() => flags({ signingKeyFile: text })).toThrow(/^signingKeyFile and keyFiles take paths on the control plane nodes, and got the key itself; no key belongs into an app$/);
  });

  test.each(copiesOf(ecPair()))('a key is where something else should be, which is not echoed: %s', (_what, text) => {
    for (const options of [{ jwksUri: text }, { previousIssuers: [`${text} `] }, { signingIssuer: text }, { apiAudiences: [`${text} `] }]) {
      expectNone(messageOf(() => flags(options)), [text.trim()]);
    }
  });

  test('a part of a key is where its path should be, which is not echoed', () => {
    const { d } = ecPair().privateKey.export({ format: 'jwk' });
    expect(() => flags({ keyFiles: [d!] })).toThrow(/^what was given as a path \(43 characters, not shown since it may be a key\) is not an absolute path/);
  });

  test('the issuer would be two audiences, unless there are others', () => {
    const issuer = OidcIssuer.fromUrl('https://a.example/x,y');
    expect(() => ApiServerFlags.forIssuer(issuer)).toThrow("the issuer 'https://a.example/x,y' has a comma, at which the API server would take it apart as an audience; pass apiAudiences");
    expect(ApiServerFlags.forIssuer(issuer, { apiAudiences: ['k8s'] }).args).toContain('--service-account-issuer=https://a.example/x,y');
  });

  test('the issuer is known only at deployment', () => {
    expect(() => ApiServerFlags.forIssuer(OidcIssuer.fromUrl(`https://${Aws.STACK_NAME}.example.com`)))
      .toThrow('the URL of the issuer is known only at deployment, and the flags have it as text; give the issuer an own domain, or deploy it first');
  });
});
