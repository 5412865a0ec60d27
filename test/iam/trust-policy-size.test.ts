import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import fc from 'fast-check';
import { ACCOUNT } from './helpers';
import { OidcIssuer, ServiceAccountSubject } from '../../src';
import { intrinsicLengths, type Length, tooLongMessage, trustPolicyLength } from '../../src/iam/trust-policy-size';
import { type Trust, type TrustedProvider, trustStatements } from '../../src/iam/trust-statements';

const AUDIENCE = 'sts.amazonaws.com';

function stackIn(region?: string): Stack {
  return new Stack(new App(), 'Stack', region ? { env: { account: ACCOUNT, region } } : {});
}

/** A cluster whose host path and provider ARN are literal and of this length. */
function cluster(n: number, length = 64): TrustedProvider {
  const hostPath = `oidc.example.com/${n}`.padEnd(length, 'x');
  return { hostPath, arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${hostPath}` };
}

function subjects(n: number, length = 20): ServiceAccountSubject[] {
  return Array.from({ length: n }, (_, i) => ServiceAccountSubject.of('default', `a${i}`.padEnd(length, 'x')));
}

/** How long IAM will find a policy for this trust: as the code says. */
function lengthOf(trust: Trust, stack = ANY_STACK): Length {
  const document = new PolicyDocument({ statements: trustStatements(trust) });
  return trustPolicyLength(stack.resolve(stack.toJsonString(document)), intrinsicLengths(stack, trust.providers));
}

const ANY_STACK = stackIn('eu-west-1');

/** How long it is: as compact JSON. */
function realLength(trust: Trust): number {
  return JSON.stringify(ANY_STACK.resolve(new PolicyDocument({ statements: trustStatements(trust) }))).length;
}

describe('the length of a literal policy', () => {
  test.each([
    ['{}', 2],
    ['{ "a" : 1 }\n', 7],
    ['\t{\r\n}', 2],
    ['', 0],
  ])('%j: white space is not counted', (rendered, length) => {
    expect(trustPolicyLength(rendered, () => ({ min: 0, max: 0 }))).toEqual({ min: length, max: length });
  });

  test('is that of its compact JSON', () => {
    const subject = fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/).chain(namespace => fc.oneof(
      fc.stringMatching(/^[a-z]([a-z0-9.]{0,40}[a-z0-9])?$/).filter(name => !name.includes('..')).map(name => ServiceAccountSubject.of(namespace, name)),
      fc.constant(ServiceAccountSubject.anyInNamespace(namespace)),
    ));
    const provider = fc.tuple(fc.nat(99), fc.integer({ min: 20, max: 240 })).map(([n, length]) => cluster(n, length));

    fc.assert(fc.property(
      fc.array(provider, { minLength: 1, maxLength: 5 }),
      fc.array(subject, { minLength: 1, maxLength: 10 }),
      fc.constantFrom(AUDIENCE, 'a', 'https://kubernetes.default.svc', 'with"quote', 'ünï'),
      (providers, of, audience) => {
        const trust = { providers, subjects: of, audience };
        expect(lengthOf(trust)).toEqual({ min: realLength(trust), max: realLength(trust) });
      },
    ));
  });
});

describe('the length of a policy with CloudFormation values', () => {
  test('is the sum of its parts', () => {
    const rendered = { 'Fn::Join': ['', ['{"a":"', { Ref: 'A' }, '" }']] };

    expect(trustPolicyLength(rendered, () => ({ min: 1, max: 5 }))).toEqual({ min: 9, max: 13 });
  });

  test('is that of a value where the policy is nothing but one', () => {
    expect(trustPolicyLength({ Ref: 'A' }, () => ({ min: 1, max: 5 }))).toEqual({ min: 1, max: 5 });
  });

  test('a join with a separator is a value like any other', () => {
    expect(trustPolicyLength({ 'Fn::Join': [',', ['a', 'b']] }, () => ({ min: 1, max: 5 }))).toEqual({ min: 1, max: 5 });
  });
});

describe('CloudFormation values', () => {
  const lengthIn = (stack: Stack, intrinsic: unknown) => intrinsicLengths(stack, [])(intrinsic);

  test.each([
    ['AWS::AccountId', 12],
    ['AWS::Region', 9],
    ['AWS::Partition', 3],
    ['AWS::URLSuffix', 13],
    ['AWS::StackName', 5],
  ])('%s is exact where the environment is known', (Ref, length) => {
    expect(lengthIn(stackIn('eu-west-1'), { Ref })).toEqual({ min: length, max: length });
  });

  test.each([
    ['AWS::AccountId', ['123456789012']],
    ['AWS::Region', ['us-east-1', 'us-isof-south-1', 'ap-southeast-2']],
    ['AWS::Partition', ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b', 'aws-eusc']],
    ['AWS::URLSuffix', ['amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'c2s.ic.gov']],
  ])('%s is a range that holds what it may be where the environment is not known', (Ref, values) => {
    const { min, max } = lengthIn(stackIn(), { Ref });

    for (const { length } of values) {
      expect(length).toBeGreaterThanOrEqual(min);
      expect(length).toBeLessThanOrEqual(max);
    }
  });

  test('what nobody knows is a range that holds every role ARN', () => {
    const { min, max } = lengthIn(stackIn('eu-west-1'), { 'Fn::GetAtt': ['Role', 'Arn'] });

    expect(min).toBeLessThanOrEqual('arn:aws:iam::123456789012:role/r'.length);
    expect(max).toBeGreaterThanOrEqual('arn:aws-us-gov:iam::123456789012:role'.length + 512 + 64);
  });
});

describe('deploy-time issuers', () => {
  /** What the issuer of a cluster in this region may look like. */
  const HOST_PATHS: [string, string][] = [
    ['eu-west-1', 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['eu-west-1', 'oidc-eks.eu-west-1.api.aws/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['cn-northwest-1', 'oidc.eks.cn-northwest-1.amazonaws.com.cn/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['us-gov-east-1', 'oidc.eks.us-gov-east-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['eusc-de-east-1', 'oidc.eks.eusc-de-east-1.amazonaws.eu/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['us-iso-east-1', 'oidc.eks.us-iso-east-1.c2s.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['us-isob-east-1', 'oidc.eks.us-isob-east-1.sc2s.sgov.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['eu-isoe-west-1', 'oidc.eks.eu-isoe-west-1.cloud.adc-e.uk/id/8BAC8B107DC1292E426FDF456E6A9B64'],
    ['us-isof-south-1', 'oidc.eks.us-isof-south-1.csp.hci.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64'],
  ];
  const PARTITIONS: Record<string, string> = {
    'eu-west-1': 'aws',
    'cn-northwest-1': 'aws-cn',
    'us-gov-east-1': 'aws-us-gov',
    'eusc-de-east-1': 'aws-eusc',
    'us-iso-east-1': 'aws-iso',
    'us-isob-east-1': 'aws-iso-b',
    'eu-isoe-west-1': 'aws-iso-e',
    'us-isof-south-1': 'aws-iso-f',
  };

  function realAndEstimated(stack: Stack, region: string, hostPath: string) {
    const issuer = OidcIssuer.fromUrl(new CfnParameter(stack, 'Url').valueAsString);
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    const rest = { subjects: subjects(3), audience: AUDIENCE };
    return {
      real: realLength({ providers: [{ hostPath, arn: `arn:${PARTITIONS[region]}:iam::${ACCOUNT}:oidc-provider/${hostPath}` }], ...rest }),
      estimated: lengthOf({ providers: [{ hostPath: issuer.hostPath, arn }], ...rest }, stack),
    };
  }

  test.each(HOST_PATHS)('in %s, %s is within what is expected', (region, hostPath) => {
    const { real, estimated } = realAndEstimated(stackIn(region), region, hostPath);

    expect(real).toBeGreaterThanOrEqual(estimated.min);
    expect(real).toBeLessThanOrEqual(estimated.max);
  });

  test.each(HOST_PATHS)('in a stack that may go anywhere, %s and %s is within what is expected', (region, hostPath) => {
    const { real, estimated } = realAndEstimated(stackIn(), region, hostPath);

    expect(real).toBeGreaterThanOrEqual(estimated.min);
    expect(real).toBeLessThanOrEqual(estimated.max);
  });

  test('the range is narrow enough to be of use', () => {
    const { estimated: { min, max } } = realAndEstimated(stackIn('eu-west-1'), 'eu-west-1', HOST_PATHS[0][1]);

    expect(max - min).toBeLessThanOrEqual(40);
  });

  test('a provider ARN computed from a deploy-time host path counts by its parts', () => {
    const stack = stackIn('eu-west-1');
    const hostPath = Fn.select(1, Fn.split('//', new CfnParameter(stack, 'Url').valueAsString));
    const computed = { hostPath, arn: stack.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: hostPath }) };
    const opaque = { hostPath, arn: new CfnParameter(stack, 'Arn').valueAsString };
    const rest = { subjects: subjects(2), audience: AUDIENCE };

    expect(lengthOf({ providers: [computed], ...rest }, stack)).toEqual(lengthOf({ providers: [opaque], ...rest }, stack));
  });

  test('an agnostic stack adds the partitions to what a literal issuer gives', () => {
    const stack = stackIn();
    const { hostPath } = cluster(1);
    const trust = {
      providers: [{ hostPath, arn: stack.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: hostPath }) }],
      subjects: subjects(2),
      audience: AUDIENCE,
    };
    const inAws = realLength({ ...trust, providers: [cluster(1)] });

    expect(lengthOf(trust, stack)).toEqual({ min: inAws, max: inAws + 'aws-us-gov'.length - 'aws'.length });
  });
});

describe('the message when a policy is too long', () => {
  function messageFor(trust: Trust, quota: number): string {
    return tooLongMessage(realLength(trust), quota, trust);
  }

  function thatFit(message: string): { clusters: number; subjects: number } {
    const number = (text: string | undefined) => text === undefined ? NaN : text.startsWith('not even one') ? 0 : parseInt(text, 10);
    return {
      clusters: number(/(not even one|\d+) clusters? would fit/.exec(message)?.[1]),
      subjects: number(/(not even one|\d+) service accounts? would fit/.exec(message)?.[1]),
    };
  }

  test('has the arithmetic and the ways out', () => {
    const trust = { providers: [1, 2, 3, 4, 5, 6].map(n => cluster(n)), subjects: subjects(3), audience: AUDIENCE };
    const message = messageFor(trust, 2048);

    expect(message).toContain(`trust policy is ${realLength(trust)} characters long and IAM takes 2048 (white space not counted)`);
    expect(message).toContain('6 clusters of about ');
    expect(message).toContain('for 3 service accounts');
    expect(message).toContain('Use IrsaRoleShards, which makes the fewest roles that fit, or ServiceAccountSubject.anyInNamespace, or raise the quota');
    expect(message).toMatch(/'Role trust policy length' .*in Service Quotas \(up to 8192\) and set the context cdk-irsa:trustPolicyQuota/);
  });

  test('counts duplicate subjects once', () => {
    const trust = { providers: [cluster(1)], subjects: [...subjects(30), ...subjects(30)], audience: AUDIENCE };

    expect(messageFor(trust, 2048)).toContain('for 30 service accounts');
  });

  test('says when not even one would fit', () => {
    const trust = { providers: [cluster(1)], subjects: subjects(60), audience: AUDIENCE };

    expect(messageFor(trust, 2048)).toContain('not even one cluster would fit with 60 service accounts');
  });

  const between = (min: number, max: number) => fc.integer({ min, max });
  const sizes = [between(1, 12), between(20, 120), between(1, 40), between(5, 60)] as const;
  const of = (clusters: number, hostPathLength: number, accounts: number, nameLength: number): Trust => ({
    providers: Array.from({ length: clusters }, (_, i) => cluster(i, hostPathLength)), subjects: subjects(accounts, nameLength), audience: AUDIENCE,
  });

  test('tells how many clusters of that size fit', () => {
    fc.assert(fc.property(...sizes, (clusters, hostPathLength, accounts, nameLength) => {
      const trust = of(clusters, hostPathLength, accounts, nameLength);
      fc.pre(realLength(trust) > 2048);
      const fit = thatFit(messageFor(trust, 2048)).clusters;
      expect(fit === 0 || realLength(of(fit, hostPathLength, accounts, nameLength)) <= 2048).toBe(true);
      expect(realLength(of(fit + 1, hostPathLength, accounts, nameLength))).toBeGreaterThan(2048);
    }), { numRuns: 300 });
  });

  test('tells how many service accounts of that size fit', () => {
    fc.assert(fc.property(...sizes, (clusters, hostPathLength, accounts, nameLength) => {
      const trust = of(clusters, hostPathLength, accounts, nameLength);
      fc.pre(realLength(trust) > 2048);
      const fit = thatFit(messageFor(trust, 2048)).subjects;
      expect(fit === 0 || realLength(of(clusters, hostPathLength, fit, nameLength)) <= 2048).toBe(true);
      // a single one needs no brackets, and may fit where the arithmetic says it does not
      expect(realLength(of(clusters, hostPathLength, Math.max(fit + 1, 2), nameLength))).toBeGreaterThan(2048);
    }), { numRuns: 300 });
  });

  test('never says that what is too long would fit', () => {
    fc.assert(fc.property(
      fc.array(between(20, 120), { minLength: 1, maxLength: 12 }), fc.array(between(5, 60), { minLength: 1, maxLength: 20 }),
      (hostPathLengths, nameLengths) => {
        const trust = {
          providers: hostPathLengths.map((length, n) => cluster(n, length)),
          subjects: nameLengths.map((length, n) => subjects(n + 1, length)[n]),
          audience: AUDIENCE,
        };
        const fit = thatFit(messageFor(trust, realLength(trust) - 1));
        expect(fit.clusters).toBeLessThan(trust.providers.length);
        expect(fit.subjects).toBeLessThan(trust.subjects.length);
      },
    ), { numRuns: 300 });
  });
});
