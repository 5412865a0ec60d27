import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { ecPair, pem } from './helpers';
import { ClusterOidcProvider, IrsaRole, PublicKeys, SelfHostedIssuer, ServiceAccountSubject } from '../../src';
import { intrinsicLengths, type Length, trustPolicyLength } from '../../src/iam/trust-policy-size';
import { trustStatements } from '../../src/iam/trust-statements';
import { deploy, type Json } from '../iam/helpers';
import { ENV, newApp } from '../k8s/helpers';

const KEYS = PublicKeys.fromPem(pem(ecPair()));
const BUCKET = '111122223333-g8s-mycluster-oidc-pod-identity';
const subjects = [ServiceAccountSubject.of('default', 'reader')];

type Host = (stack: Stack) => SelfHostedIssuer;

const HOSTS: readonly (readonly [string, Host, object, readonly Record<string, string>[]])[] = [
  ['a bucket, in any region', stack => SelfHostedIssuer.s3(stack, 'Issuer', { keys: KEYS, bucketName: BUCKET }), {}, [
    { RegionalDomainName: `${BUCKET}.s3.us-east-1.amazonaws.com` }, { RegionalDomainName: `${BUCKET}.s3.cn-northwest-1.amazonaws.com.cn` },
  ]],
  ['a distribution', stack => SelfHostedIssuer.cloudFrontFunction(stack, 'Issuer', { keys: KEYS }), { env: ENV }, [
    { DomainName: 'd111111abcdef8.cloudfront.net' }, { DomainName: 'd111111abcde.cloudfront.net' },
  ]],
  ['a distribution, in any region', stack => SelfHostedIssuer.s3WithCloudFront(stack, 'Issuer', { keys: KEYS }), {}, [
    { DomainName: 'd111111abcdef8.cloudfront.net' }, { DomainName: 'd111111abcdef.cloudfront.cn' },
  ]],
];

describe.each(HOSTS)('the trust policy for an issuer in %s', (_what, host, props, deployments) => {
  function made(): { length: Length; real: number[] } {
    const stack = new Stack(newApp(), 'Stack', props);
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: host(stack).issuer });
    const providers = [{ arn: provider.oidcProviderArn, hostPath: provider.issuer.hostPath }];
    const document = new PolicyDocument({ statements: trustStatements({ providers, subjects, audience: 'sts.amazonaws.com' }) });
    const rendered = stack.resolve(stack.toJsonString(document)) as Json;
    const real = deployments.map(attributes => {
      const value = (name: string): string => attributes[name.split('.').pop()!] ?? `arn:aws:iam::111122223333:oidc-provider/${deployedHostPath(stack, provider, attributes)}`;
      return String(deploy(rendered, value)).length;
    });
    return { length: trustPolicyLength(rendered, intrinsicLengths(stack, providers)), real };
  }

  function deployedHostPath(stack: Stack, { issuer }: ClusterOidcProvider, attributes: Record<string, string>): string {
    return String(deploy(stack.resolve(issuer.hostPath) as Json, name => attributes[name.split('.').pop()!]));
  }

  test('is as long as it will be, within what synth cannot know', () => {
    const { length, real } = made();
    // partition and domain differ by a few characters, and the issuer is there three times
    expect(length.max - length.min).toBeLessThan(60);
    for (const characters of real) {
      expect(characters).toBeGreaterThanOrEqual(length.min);
      expect(characters).toBeLessThanOrEqual(length.max);
    }
  });

  test('is not said to be too long', () => {
    const stack = new Stack(newApp(), 'Stack', props);
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: host(stack).issuer });
    new IrsaRole(stack, 'Role', { providers: [provider], serviceAccounts: subjects });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('trustPolicy'));
  });
});
