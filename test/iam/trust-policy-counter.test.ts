import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import fc from 'fast-check';
import { ENV } from './helpers';
import { OidcIssuer, ServiceAccountSubject } from '../../src';
import { longestEksProvider, trustPolicyCounter } from '../../src/iam/trust-policy-counter';
import { intrinsicLengths, trustPolicyLength } from '../../src/iam/trust-policy-size';
import { type TrustedProvider, trustStatements } from '../../src/iam/trust-statements';

const stack = new Stack(new App(), 'Stack', { env: ENV });

function rendered(providers: TrustedProvider[], subjects: ServiceAccountSubject[], audience: string, of = stack): number {
  const document = new PolicyDocument({ statements: trustStatements({ providers, subjects, audience }) });
  return trustPolicyLength(of.resolve(of.toJsonString(document)), intrinsicLengths(of, providers)).max;
}

test('counts what rendering the policy gives', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/);
  const subject = fc.oneof(
    fc.tuple(label, label).map(([namespace, name]) => ServiceAccountSubject.of(namespace, name)),
    label.map(namespace => ServiceAccountSubject.anyInNamespace(namespace)),
  );
  const hostPath = fc.integer({ min: 10, max: 240 }).map(length => 'oidc'.padEnd(length, 'x'));
  const provider = hostPath.map(path => ({ hostPath: path, arn: `arn:aws:iam::111111111111:oidc-provider/${path}` }));

  fc.assert(fc.property(
    fc.uniqueArray(provider, { minLength: 1, maxLength: 5, selector: ({ arn }) => arn }), fc.array(subject, { minLength: 1, maxLength: 10 }),
    fc.constantFrom('sts.amazonaws.com', 'with"quote', 'ünï'),
    (providers, subjects, audience) => {
      expect(trustPolicyCounter(stack, audience)(subjects)(providers)).toBe(rendered(providers, subjects, audience));
    },
  ));
});

test('takes a deploy-time issuer at its longest', () => {
  const anywhere = new Stack(new App(), 'Stack');
  const { hostPath } = OidcIssuer.fromUrl(new CfnParameter(anywhere, 'Url').valueAsString);
  const provider = { hostPath, arn: new CfnParameter(anywhere, 'Arn').valueAsString };
  const subjects = [ServiceAccountSubject.of('default', 'reader')];

  expect(trustPolicyCounter(anywhere, 'sts.amazonaws.com')(subjects)([provider])).toBe(rendered([provider], subjects, 'sts.amazonaws.com', anywhere));
});

test.each([
  'oidc.eks.ap-southeast-2.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B64',
  'oidc.eks.cn-northwest-1.amazonaws.com.cn/id/8BAC8B107DC1292E426FDF456E6A9B64',
  'oidc.eks.us-isof-south-1.csp.hci.ic.gov/id/8BAC8B107DC1292E426FDF456E6A9B64',
])('no EKS issuer is longer than the longest: %s', hostPath => {
  expect(longestEksProvider(stack).hostPath.length).toBeGreaterThanOrEqual(hostPath.length);
});
