import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ecPair, pem } from './helpers';
import { IssuerPermissions, OidcIssuer, PublicKeys, SelfHostedIssuer } from '../../src';
import { deploy, type Json } from '../iam/helpers';
import { newApp, newStack } from '../k8s/helpers';

const BUCKET = '111122223333-g8s-mycluster-oidc-pod-identity';
const ISSUER = OidcIssuer.fromUrl(`https://s3.eu-west-1.amazonaws.com/${BUCKET}`);

interface Statement {
  readonly Effect: string;
  readonly Action: string[];
  readonly Resource: Json;
}

function render(stack: ReturnType<typeof newStack>, statement: PolicyStatement): Statement {
  const json = stack.resolve(statement.toStatementJson()) as Statement;
  return { ...json, Resource: deploy(json.Resource, name => ({ 'Ref:AWS::Partition': 'aws' })[name] ?? `<${name}>`) };
}

describe('the provider', () => {
  test('of one issuer, in the account of the scope', () => {
    const stack = newStack(newApp());
    const { Effect: effect, Action: actions, Resource: resource } = render(stack, IssuerPermissions.forProvider(stack, ISSUER));

    expect([effect, resource]).toEqual(['Allow', `arn:aws:iam::111122223333:oidc-provider/s3.eu-west-1.amazonaws.com/${BUCKET}`]);
    expect(actions.every(action => /^iam:[A-Za-z]*OpenIDConnectProvider(?:Thumbprint|Tags)?$/.test(action))).toBe(true);
    expect(actions).toEqual(expect.arrayContaining(['iam:CreateOpenIDConnectProvider', 'iam:DeleteOpenIDConnectProvider', 'iam:TagOpenIDConnectProvider']));
    expect(actions).not.toContain('iam:ListOpenIDConnectProviders');
  });

  test('in another account', () => {
    const stack = newStack(newApp());
    expect(render(stack, IssuerPermissions.forProvider(stack, ISSUER, { account: '444455556666' })).Resource)
      .toBe(`arn:aws:iam::444455556666:oidc-provider/s3.eu-west-1.amazonaws.com/${BUCKET}`);
  });

  test('of an issuer that is known only at deployment', () => {
    const stack = newStack(newApp());
    const { issuer } = SelfHostedIssuer.cloudFrontFunction(stack, 'Issuer', { keys: PublicKeys.fromPem(pem(ecPair())) });
    expect(render(stack, IssuerPermissions.forProvider(stack, issuer)).Resource).toMatch(/^arn:aws:iam::111122223333:oidc-provider\/<IssuerDistribution\w+\.DomainName>$/);
  });

  test('fails for an account that is none', () => {
    const stack = newStack(newApp());
    expect(() => IssuerPermissions.forProvider(stack, ISSUER, { account: '*' })).toThrow("'*' is not an account: 12 digits are expected");
    expect(() => IssuerPermissions.forProvider(stack, ISSUER, { account: Aws.ACCOUNT_ID })).not.toThrow();
  });
});

test('the documents: exactly two objects of the bucket, and not the bucket', () => {
  const stack = newStack(newApp());
  const bucket = Bucket.fromBucketName(stack, 'Bucket', BUCKET);

  expect(render(stack, IssuerPermissions.forDocuments(bucket))).toEqual({
    Sid: 'DocumentsOfTheIssuer',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    Resource: [`arn:aws:s3:::${BUCKET}/.well-known/openid-configuration`, `arn:aws:s3:::${BUCKET}/openid/v1/jwks`],
  });
});
