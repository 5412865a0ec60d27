import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AnyPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ClusterOidcProvider, IrsaRole, OidcIssuer, ServiceAccountSubject } from '../../src';

const HOME = { account: '111111111111', region: 'eu-west-1' };
const ABROAD = { account: '222222222222', region: 'eu-west-1' };

function roleIn(stack: Stack): IrsaRole {
  const issuer = OidcIssuer.fromUrl('https://oidc.example.org/cluster');
  return new IrsaRole(stack, 'Role', {
    providers: [new ClusterOidcProvider(stack, 'Provider', { issuer })], serviceAccounts: [ServiceAccountSubject.of('default', 'reader')],
  });
}

describe('deployBefore', () => {
  test('a bucket policy of another account that names the role has the literal ARN, and waits for the stack of the role', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env: HOME });
    const abroad = new Stack(app, 'Abroad', { env: ABROAD });
    const role = roleIn(home);
    const bucket = new Bucket(abroad, 'Bucket');
    bucket.addToResourcePolicy(new PolicyStatement({ actions: ['s3:GetObject'], principals: [role], resources: [bucket.arnForObjects('*')] }));
    expect(abroad.dependencies).not.toContain(home);

    role.deployBefore(bucket.policy!);

    expect(JSON.stringify(Template.fromStack(abroad).findResources('AWS::S3::BucketPolicy'))).toContain(':iam::111111111111:role/Home-Role-');
    expect(abroad.dependencies).toContain(home);
  });

  test('is no cycle for a key in the same stack that the role may use', () => {
    const stack = new Stack(new App(), 'Home', { env: HOME });
    const role = roleIn(stack);
    const key = new Key(stack, 'Key');
    key.grantDecrypt(role);
    role.deployBefore(key);

    expect(Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0].DependsOn).toEqual([expect.stringMatching(/^Role/)]);
  });

  test('has nothing to wait for where Role.customizeRoles makes no role', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env: HOME });
    const abroad = new Stack(app, 'Abroad', { env: ABROAD });
    Role.customizeRoles(home, { usePrecreatedRoles: { 'Home/Role': 'theirs' } });
    const bucket = new Bucket(abroad, 'Bucket');
    bucket.addToResourcePolicy(new PolicyStatement({ actions: ['s3:GetObject'], principals: [new AnyPrincipal()], resources: [bucket.arnForObjects('*')] }));
    roleIn(home).deployBefore(bucket.policy!);
    app.synth();

    expect(abroad.dependencies).toEqual([]);
  });
});
