import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Aws, type CfnElement, CfnResource, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { copiesOf, ecPair, expectNone, messageOf, pem, rsaPair, secretsOf, textsBelow } from './helpers';
import { ClusterOidcProvider, IrsaRole, OidcIssuer, OrganizationOidcProvider, ServiceAccountSubject } from '../../src';
import { PublicKeys } from '../../src/issuer/public-keys';
import { SelfHostedIssuer } from '../../src/issuer/self-hosted-issuer';
import { deploy, deployedTrust, type Json, type JsonObject, resourcesOf } from '../iam/helpers';
import { ENV, newApp, newStack, temporaryFolder } from '../k8s/helpers';

const PLANTED = rsaPair();
const KEYS = PublicKeys.fromPem(pem(PLANTED), pem(ecPair()));
const BUCKET = '111122223333-g8s-mycluster-oidc-pod-identity';
const CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/1f2e3d4c-0000-0000-0000-000000000000';

/** The documents in the assets of an assembly, by the end of their path. */
function documentsIn(directory: string): Record<string, string> {
  const ends = ['.well-known/openid-configuration', 'openid/v1/jwks'];
  return Object.fromEntries(ends.map(end => {
    const found = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith(end));
    expect(found).toHaveLength(1);
    return [end, fs.readFileSync(path.join(directory, found[0]), 'utf8')];
  }));
}

interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal: Json;
  readonly Action: string | string[];
  readonly Resource: Json;
}

function bucketStatements(stack: Stack): PolicyStatement[] {
  const [{ Properties: { PolicyDocument: document } }, ...others] = resourcesOf(stack, 'AWS::S3::BucketPolicy');
  expect(others).toEqual([]);
  return (document as unknown as { Statement: PolicyStatement[] }).Statement;
}

function s3(stack: Stack, props = {}): SelfHostedIssuer {
  return SelfHostedIssuer.s3(stack, 'Issuer', { keys: KEYS, bucketName: BUCKET, ...props });
}

describe('in a bucket', () => {
  test('has a path-style URL, so that every name of a bucket works', () => {
    const { issuer, jwksUri } = s3(newStack(newApp()));

    expect(issuer.url).toBe(`https://s3.eu-west-1.amazonaws.com/${BUCKET}`);
    expect(issuer.hostPath).toBe(`s3.eu-west-1.amazonaws.com/${BUCKET}`);
    expect(jwksUri).toBe(`https://s3.eu-west-1.amazonaws.com/${BUCKET}/openid/v1/jwks`);
  });

  test.each([
    ['cn-north-1', 's3.cn-north-1.amazonaws.com.cn'], ['us-gov-west-1', 's3.us-gov-west-1.amazonaws.com'], ['us-east-1', 's3.us-east-1.amazonaws.com'],
    ['eusc-de-east-1', 's3.eusc-de-east-1.amazonaws.eu'], ['us-iso-east-1', 's3.us-iso-east-1.c2s.ic.gov'],
  ])('in %s the host is %s', (region, host) => {
    expect(s3(newStack(newApp(), 'Stack', { env: { account: '111122223333', region } })).issuer.url).toBe(`https://${host}/${BUCKET}`);
  });

  test('anybody may read exactly the two documents, over TLS', () => {
    const stack = newStack(newApp());
    s3(stack);
    const statements = bucketStatements(stack);
    const objects = (statement: PolicyStatement): unknown => deploy(statement.Resource, name => name.endsWith('.Arn') ? 'BUCKET' : undefined);

    expect(statements.filter(({ Effect: effect, Principal: principal }) => effect === 'Allow' && JSON.stringify(principal).includes('*')).map(statement => ({ ...statement, Resource: objects(statement) })))
      .toEqual([{
        Sid: 'AnybodyReadsTheIssuer',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 's3:GetObject',
        Resource: ['BUCKET/.well-known/openid-configuration', 'BUCKET/openid/v1/jwks'],
      }]);
    expect(statements).toContainEqual(expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
  });

  test('only a policy can make the bucket public, and the bucket stays when the stack goes', () => {
    const stack = newStack(newApp());
    s3(stack);

    Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: BUCKET,
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: false },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
    Template.fromStack(stack).hasResourceProperties('Custom::CDKBucketDeployment', {
      Prune: false,
      RetainOnDelete: true,
      SystemMetadata: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    });
  });

  test('goes with the stack if asked for', () => {
    const stack = newStack(newApp());
    s3(stack, { removalPolicy: RemovalPolicy.DESTROY });

    Template.fromStack(stack).hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    // S3 deletes no bucket with old versions in it
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: Match.absent() });
    Template.fromStack(stack).hasResourceProperties('Custom::CDKBucketDeployment', { RetainOnDelete: false });
  });

  test('what is uploaded is what an API server would say', () => {
    const app = newApp();
    const { issuer } = s3(newStack(app));
    const documents = documentsIn(app.synth().directory);

    expect(JSON.parse(documents['openid/v1/jwks'])).toEqual({ keys: KEYS._keys });
    expect(JSON.parse(documents['.well-known/openid-configuration'])).toEqual({
      issuer: issuer.url,
      jwks_uri: `${issuer.url}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    });
  });

  test('in a stack without an environment the host comes from the bucket', () => {
    const stack = new Stack(newApp(), 'Stack');
    const { issuer } = s3(stack);

    expect(deploy(stack.resolve(issuer.url) as Json, name => name.endsWith('.RegionalDomainName') ? `${BUCKET}.s3.eu-west-3.amazonaws.com` : undefined))
      .toBe(`https://s3.eu-west-3.amazonaws.com/${BUCKET}`);
    expect(JSON.stringify(stack.resolve(issuer.url))).not.toContain('AWS::Region');
  });

  test('roles in a stack without an environment trust the issuer of the bucket', () => {
    const stack = new Stack(newApp(), 'Stack');
    const provider = new ClusterOidcProvider(stack, 'Provider', { issuer: s3(stack).issuer });
    new IrsaRole(stack, 'Role', { providers: [provider], serviceAccounts: [ServiceAccountSubject.of('default', 'reader')] });
    const [{ Properties: { AssumeRolePolicyDocument: document } }] = resourcesOf(stack, 'AWS::IAM::Role')
      .filter(({ Properties: { AssumeRolePolicyDocument: trust } }) => !JSON.stringify(trust).includes('lambda'));
    const trust = deploy(document, name => name.endsWith('.RegionalDomainName') ? `${BUCKET}.s3.eu-west-3.amazonaws.com` : 'arn:provider');

    const [{ Condition: { StringEquals: condition } }] = deployedTrust(trust).Statement;
    expect(Object.keys(condition).sort())
      .toEqual([`s3.eu-west-3.amazonaws.com/${BUCKET}:aud`, `s3.eu-west-3.amazonaws.com/${BUCKET}:sub`]);
  });

  test.each<[string, string, string]>([
    ['is known only at deployment', Aws.STACK_NAME, 'bucketName is known only at deployment, and it is part of the URL of the issuer'],
    ['has capitals', 'My-Bucket', "'My-Bucket' is not the name of a bucket"],
    ['is empty', '', "'' is not the name of a bucket"],
    ['has a slash', 'a/../b', "'a/../b' is not the name of a bucket"],
    ['is too long', 'a'.repeat(64), 'is not the name of a bucket'],
    ['begins with what is kept', 'xn--bucket', "'xn--bucket' is not the name of a bucket: S3 keeps names that begin with xn--"],
    ['ends like an access point', 'bucket-s3alias', "'bucket-s3alias' is not the name of a bucket: S3 keeps names"],
    ['ends like a directory bucket', 'bucket--x-s3', 'S3 keeps names'],
  ])('fails when its name %s', (_what, bucketName, message) => {
    expect(() => s3(newStack(newApp()), { bucketName })).toThrow(message);
  });
});

describe('in a private bucket behind CloudFront', () => {
  function behindCloudFront(stack: Stack, props = {}): SelfHostedIssuer {
    return SelfHostedIssuer.s3WithCloudFront(stack, 'Issuer', { keys: KEYS, ...props });
  }

  test('nobody but the distribution reads the bucket', () => {
    const stack = newStack(newApp());
    behindCloudFront(stack);

    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.absent(),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    });
    expect(bucketStatements(stack).filter(({ Effect: effect }) => effect === 'Allow')).toEqual([expect.objectContaining({
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() as unknown } },
    })]);
    Template.fromStack(stack).resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({ DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: 'https-only' }), Aliases: Match.absent() }),
    });
  });

  test('without a domain the issuer is that of the distribution, in the documents too', () => {
    const app = newApp();
    const stack = newStack(app);
    const { issuer, jwksUri } = behindCloudFront(stack);
    const domain = (name: string): string | undefined => name.endsWith('.DomainName') ? 'd1.cloudfront.net' : undefined;

    expect(deploy(stack.resolve([issuer.url, issuer.hostPath, jwksUri]) as Json, domain)).toEqual(['https://d1.cloudfront.net', 'd1.cloudfront.net', 'https://d1.cloudfront.net/openid/v1/jwks']);
    const assembly = app.synth();
    const [{ Properties: { SourceMarkers: markers } }] = resourcesOf(stack, 'Custom::CDKBucketDeployment');
    const [discoveryMarkers] = markers as JsonObject[];
    let text = documentsIn(assembly.directory)['.well-known/openid-configuration'];
    for (const [marker, value] of Object.entries(discoveryMarkers)) {
      text = text.split(marker).join(String(deploy(value, domain)));
    }
    expect(JSON.parse(text)).toMatchObject({ issuer: 'https://d1.cloudfront.net', jwks_uri: 'https://d1.cloudfront.net/openid/v1/jwks' });
  });

  test('what is uploaded takes the place of what CloudFront keeps', () => {
    const stack = newStack(newApp());
    behindCloudFront(stack);
    Template.fromStack(stack).hasResourceProperties('Custom::CDKBucketDeployment', { DistributionId: Match.anyValue(), DistributionPaths: Match.absent() });
  });

  test('a domain of its own is the issuer, known at synth', () => {
    const stack = newStack(newApp());
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE_ARN);
    const { issuer } = behindCloudFront(stack, { domainName: 'oidc.example.com', certificate, bucketName: 'my-bucket' });

    expect(issuer.url).toBe('https://oidc.example.com');
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', { BucketName: 'my-bucket' });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({
        Aliases: ['oidc.example.com'],
        ViewerCertificate: { AcmCertificateArn: CERTIFICATE_ARN, MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      }),
    });
  });
});

describe('in a CloudFront Function', () => {
  function inFunction(stack: Stack, props = {}): SelfHostedIssuer {
    return SelfHostedIssuer.cloudFrontFunction(stack, 'Issuer', { keys: KEYS, ...props });
  }

  test('is a function and a distribution, nothing else', () => {
    const stack = newStack(newApp());
    const { bucket, distribution } = inFunction(stack);
    const resources = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>);

    expect(resources.map(({ Type: type }) => type).sort()).toEqual(['AWS::CloudFront::Distribution', 'AWS::CloudFront::Function']);
    expect(bucket).toBeUndefined();
    expect(distribution).toBeDefined();
  });

  test('the function answers every request, before anything is kept or asked', () => {
    const stack = newStack(newApp());
    inFunction(stack);
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::CloudFront::Function', { AutoPublish: true, FunctionConfig: { Runtime: 'cloudfront-js-2.0' } });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({
        DefaultCacheBehavior: Match.objectLike({
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          ViewerProtocolPolicy: 'https-only',
          FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: Match.anyValue() }],
        }),
      }),
    });
  });

  test('its code has the issuer of the domain, or that of the distribution when it runs', () => {
    const stack = newStack(newApp());
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE_ARN);
    SelfHostedIssuer.cloudFrontFunction(stack, 'Own', { keys: KEYS, domainName: 'oidc.example.com', certificate });
    inFunction(stack);
    const codes = resourcesOf(stack, 'AWS::CloudFront::Function').map(({ Properties: { FunctionCode: code } }) => code as string);

    expect(codes).toEqual([expect.stringContaining('"issuer":"https://oidc.example.com"'), expect.stringContaining('"issuer":"https://{domain}"')]);
  });

  test.each<[string, object, string]>([
    ['there is no certificate', { domainName: 'oidc.example.com' }, "the domain 'oidc.example.com' needs a certificate, from the region us-east-1; pass certificate"],
    ['the domain has a scheme', { domainName: 'https://oidc.example.com' }, "'https://oidc.example.com' is not a domain"],
    ['the domain has a path', { domainName: 'oidc.example.com/a' }, "'oidc.example.com/a' is not a domain"],
    ['the domain has a port', { domainName: 'oidc.example.com:8443' }, 'has a port (:8443)'],
    ['the domain is empty', { domainName: '' }, "'' is not a domain"],
    ['the domain is a token', { domainName: Aws.STACK_NAME }, 'domainName is known only at deployment'],
  ])('fails when %s', (_what, props, message) => {
    expect(() => inFunction(newStack(newApp()), props)).toThrow(message);
  });

  test('fails when there is a certificate and no domain', () => {
    const stack = newStack(newApp());
    expect(() => inFunction(stack, { certificate: Certificate.fromCertificateArn(stack, 'C', CERTIFICATE_ARN) })).toThrow('a certificate is given, and no domain that it is for');
  });

  test('fails when the keys do not fit', () => {
    const many = KEYS.and(PublicKeys.fromPem(...Array.from({ length: 60 }, () => pem(ecPair()))));
    expect(() => inFunction(newStack(newApp()), { keys: many })).toThrow(/the code of the CloudFront Function has \d+ bytes with 62 keys, and CloudFront takes 10240; take out \d+ keys/);
  });
});

describe('what uses the issuer waits until it is published', () => {
  function dependenciesOf(stack: Stack, type: string): string[] {
    const [{ DependsOn: dependencies = [] }] = resourcesOf(stack, type);
    return dependencies as string[];
  }

  test('a provider in the same stack', () => {
    const stack = newStack(newApp());
    const hosted = s3(stack);
    new ClusterOidcProvider(stack, 'Provider', { issuer: hosted.issuer });
    const ids = hosted.node.findAll().filter(node => (node as CfnElement).logicalId && /Documents|Policy/.test(node.node.path)).map(node => stack.resolve((node as CfnElement).logicalId) as string);

    expect(dependenciesOf(stack, 'AWS::IAM::OIDCProvider')).toEqual(expect.arrayContaining(ids.filter(id => /Policy|CustomResource/.test(id))));
    expect(ids.filter(id => /Policy|CustomResource/.test(id)).length).toBeGreaterThanOrEqual(2);
  });

  test('a provider behind CloudFront waits for the distribution', () => {
    const stack = newStack(newApp());
    new ClusterOidcProvider(stack, 'Provider', { issuer: SelfHostedIssuer.cloudFrontFunction(stack, 'Issuer', { keys: KEYS }).issuer });
    expect(dependenciesOf(stack, 'AWS::IAM::OIDCProvider')).toEqual(expect.arrayContaining([expect.stringMatching(/Distribution/)]));
  });

  test('a provider in another stack and account', () => {
    const app = newApp();
    const cluster = newStack(app, 'Cluster');
    const roles = newStack(app, 'Roles', { env: { account: '444455556666', region: 'eu-central-1' } });
    new ClusterOidcProvider(roles, 'Provider', { issuer: s3(cluster).issuer });
    const assembly = app.synth();

    expect(assembly.getStackArtifact('Roles').dependencies.map(({ id }) => id)).toContain('Cluster');
    expect(resourcesOf(roles, 'AWS::IAM::OIDCProvider').map(({ Properties: { Url: url } }) => url)).toEqual([`https://s3.eu-west-1.amazonaws.com/${BUCKET}`]);
  });

  test('a provider in another Stage cannot wait, and is made all the same', () => {
    const app = newApp();
    const { issuer } = s3(newStack(new Stage(app, 'Platform')));
    const roles = newStack(new Stage(app, 'Teams'), 'Roles');
    new ClusterOidcProvider(roles, 'Provider', { issuer });

    expect(() => app.synth()).not.toThrow();
    expect(dependenciesOf(roles, 'AWS::IAM::OIDCProvider')).toEqual([]);
  });

  test('the StackSet of an organization, and nothing in its template', () => {
    const app = newApp();
    const stack = newStack(app);
    const { issuer } = s3(stack);
    new OrganizationOidcProvider(stack, 'Organization', { issuer, organizationalUnitIds: ['ou-ab12-c3d4e5f6'] });
    app.synth();
    const [{ Properties: { TemplateBody: body }, DependsOn: dependencies }] = resourcesOf(stack, 'AWS::CloudFormation::StackSet');

    expect(dependencies).toEqual(expect.arrayContaining([expect.stringMatching(/IssuerDocuments/)]));
    expect(body).toContain(`"https://s3.eu-west-1.amazonaws.com/${BUCKET}"`);
    expect(body).not.toContain('DependsOn');
  });

  test('what is put below the issuer later is waited for too, such as a DNS record', () => {
    const stack = newStack(newApp());
    const hosted = s3(stack);
    new ClusterOidcProvider(stack, 'Provider', { issuer: hosted.issuer });
    new CfnResource(hosted, 'Record', { type: 'AWS::Route53::RecordSet' });
    expect(dependenciesOf(stack, 'AWS::IAM::OIDCProvider')).toEqual(expect.arrayContaining([expect.stringMatching(/^IssuerRecord/)]));
  });

  test('fails for a provider below the issuer, which would wait for itself', () => {
    const hosted = s3(newStack(newApp()));
    expect(() => new ClusterOidcProvider(hosted, 'Provider', { issuer: hosted.issuer }))
      .toThrow('Stack/Issuer/Provider/Resource waits for everything in Stack/Issuer and is itself in it; put it beside the issuer, not into it');
  });

  test('an issuer that others publish is waited for by nobody', () => {
    const stack = newStack(newApp());
    s3(stack);
    new ClusterOidcProvider(stack, 'Provider', { issuer: OidcIssuer.fromUrl('https://oidc.example.com') });
    expect(dependenciesOf(stack, 'AWS::IAM::OIDCProvider')).toEqual([]);
  });

  test('a deploy-time issuer stays in its account', () => {
    const app = newApp();
    const { issuer } = SelfHostedIssuer.cloudFrontFunction(newStack(app, 'Cluster'), 'Issuer', { keys: KEYS });
    const roles = newStack(app, 'Roles', { env: { account: '444455556666', region: 'eu-west-1' } });
    expect(() => new ClusterOidcProvider(roles, 'Provider', { issuer })).toThrow('uses an issuer that is known only when Cluster');
  });
});

test.each(copiesOf(PLANTED))('fails for a private key where a name should be, which is not echoed: %s', (_what, text) => {
  const stack = newStack(newApp());
  for (const make of [
    () => SelfHostedIssuer.s3(stack, 'S3', { keys: KEYS, bucketName: text }),
    () => SelfHostedIssuer.s3WithCloudFront(stack, 'CloudFront', { keys: KEYS, bucketName: text }),
    () => SelfHostedIssuer.s3WithCloudFront(stack, 'Domain', { keys: KEYS, domainName: text }),
    () => SelfHostedIssuer.cloudFrontFunction(stack, 'Function', { keys: KEYS, domainName: text }),
  ]) {
    expectNone(messageOf(make), [...secretsOf(PLANTED), text]);
  }
});

test('no private key, of which the public one is published, gets anywhere into the assembly', () => {
  const folder = temporaryFolder();
  const publicFile = path.join(folder, 'sa.pub');
  fs.writeFileSync(publicFile, pem(PLANTED));
  fs.writeFileSync(path.join(folder, 'sa.key'), PLANTED.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const app = new App({ outdir: path.join(temporaryFolder(), 'cdk.out'), analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: ENV });
  const keys = PublicKeys.fromFile(publicFile);
  SelfHostedIssuer.s3(stack, 'S3', { keys, bucketName: BUCKET });
  SelfHostedIssuer.s3WithCloudFront(stack, 'CloudFront', { keys });
  SelfHostedIssuer.cloudFrontFunction(stack, 'Function', { keys });
  const texts = textsBelow(app.synth().directory);

  expect(texts).toContain(KEYS._keys[0].n);
  expect(texts).not.toContain('PRIVATE KEY');
  expectNone(texts, secretsOf(PLANTED));
});
