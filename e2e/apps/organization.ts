// Provider and role of an organization's accounts: what the StackSet would deploy to one of them is deployed there by the CDK CLI.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, aws_iam as iam, aws_s3 as s3, BootstraplessSynthesizer, cloudformation_include as include, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IrsaServiceAccount, Manifests, OidcIssuer, OrganizationOidcProvider, ServiceAccountSubject } from 'cdk-irsa';
import * as kplus from 'cdk8s-plus-28';

const MEMBER = '111111111110';
const BUCKET = 'organization-data';

const management = new App({ outdir: fs.mkdtempSync(path.join(__dirname, 'management.out-')) });
const organization = new OrganizationOidcProvider(new Stack(management, 'Management', { env: { account: '999999999999', region: 'eu-west-1' } }), 'Cluster', {
  issuer: OidcIssuer.fromUrl(process.env.BLUE_ISSUER!),
  organizationalUnitIds: ['ou-ab12-c3d4e5f6'],
  audiences: ['sts.amazonaws.com', 'reports.example.com'],
});
const reader = organization.addRole('Reader', { serviceAccounts: [ServiceAccountSubject.of('organization', 'reader')] });
interface Template {
  readonly Resources: Record<string, { Type: string; Properties: { TemplateBody: string } }>;
}

const { Resources: resources } = management.synth().getStackByName('Management').template as Template;
const { Properties: { TemplateBody: body } } = Object.values(resources).find(({ Type: type }) => type === 'AWS::CloudFormation::StackSet')!;
const templateFile = path.join(management.outdir, 'member.template.json');
fs.writeFileSync(templateFile, body);

const member = new Stack(new App(), 'OrganizationMember', { env: { account: MEMBER, region: 'eu-west-1' }, synthesizer: new BootstraplessSynthesizer() });
const instance = new include.CfnInclude(member, 'Instance', { templateFile });
new s3.Bucket(member, 'Data', { bucketName: BUCKET, removalPolicy: RemovalPolicy.DESTROY });

// not an inline policy of the role: moto keeps those as something else than JSON
new iam.CfnPolicy(member, 'Read', {
  roles: [reader.roleName],
  policyName: 'read',
  policyDocument: new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:ListBucket'], resources: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`] })],
  }),
}).node.addDependency(instance);

const chart = new Manifests(member, 'Manifests').addChart('reader', { namespace: 'organization' });
new kplus.Deployment(chart, 'web', {
  metadata: { name: 'web' },
  serviceAccount: new IrsaServiceAccount(chart, 'web-account', { role: reader.roleIn(MEMBER) }),
  containers: [{ image: 'web:1' }],
});
