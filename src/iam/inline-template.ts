import * as fs from 'node:fs';
import * as path from 'node:path';
import { Aws, type DockerImageAssetLocation, type FileAssetLocation, type ISynthesisSession, Lazy, Stack, StackSynthesizer } from 'aws-cdk-lib';
import { PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { foldedText } from './folded-text';

/**
 * The most that CloudFormation takes as the `TemplateBody` of a StackSet, in bytes.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
 */
export const MAX_INLINE_TEMPLATE_BYTES = 51_200;

/**
 * A stack that is not deployed: its template is the value of a property elsewhere.
 *
 * It stands in the tree of the app, so that tags, permission boundaries and other aspects reach what is in it.
 */
export class InlineTemplate extends Stack {
  /** The template as compact JSON. CDK writes stacks before those around them: it is there when the stack around this one is written. */
  public readonly body: string;

  constructor(scope: Construct, id: string) {
    const synthesizer = new InlineTemplateSynthesizer();
    // not the account of a Stage: the template is for many
    super(scope, id, { synthesizer, env: { account: Aws.ACCOUNT_ID, region: Aws.REGION }, analyticsReporting: false });
    // CDK's notes of where a resource is in the tree would count as well
    this.node.setContext(PATH_METADATA_ENABLE_CONTEXT, false);
    this.body = Lazy.string({ produce: () => synthesizer.body });
  }
}

/** What `Annotations` leaves behind. */
const MESSAGE = /^aws:cdk:(info|warning|error)$/;

class InlineTemplateSynthesizer extends StackSynthesizer {
  public body?: string;

  /** Writes the template beside the others, as CDK does with nested stacks, and no entry for it in the assembly's manifest. */
  public synthesize(session: ISynthesisSession): void {
    const { templateFile, node } = this.boundStack;
    this.synthesizeTemplate(session);
    this.body = JSON.stringify(JSON.parse(fs.readFileSync(path.join(session.outdir, templateFile), 'utf8')));
    assertSelfContained(node.path, this.body);
    assertPoliciesOfAccount(this.boundStack, this.body);
    assertSize(node.path, this.body);
    this.passOnMessages();
  }

  public addFileAsset(): FileAssetLocation {
    throw this.noAssets();
  }

  public addDockerImageAsset(): DockerImageAssetLocation {
    throw this.noAssets();
  }

  private noAssets(): Error {
    return new Error(`${this.boundStack.node.path} is a template within a template, which has no assets; make what needs them in a stack of its own`);
  }

  /** The CLI shows warnings and errors of stacks that it deploys, so they go to the construct around this one. */
  private passOnMessages(): void {
    const { node: around } = this.boundStack.node.scope!;
    const messages = this.boundStack.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => MESSAGE.test(type)));
    for (const { type, data } of messages) {
      if (!around.metadata.some(known => known.type === type && known.data === data)) {
        around.addMetadata(type, data);
      }
    }
  }
}

/** Another stack's exports are in one account, and the template is for many. */
function assertSelfContained(user: string, body: string): void {
  if (body.includes('"Fn::ImportValue"')) {
    throw new Error(`${user} refers to resources of another stack, which the accounts it is deployed to do not have; use literal names and ARNs`);
  }
}

/** A managed policy has to be in the account of the role, or be one of AWS; by name, CDK takes it for one of the account around. */
function assertPoliciesOfAccount(template: Stack, body: string): void {
  const { Resources: resources = {} } = JSON.parse(body) as { Resources?: Record<string, RoleResource> };
  for (const { Type: type, Properties: properties = {} } of Object.values(resources)) {
    const { ManagedPolicyArns: managed = [], PermissionsBoundary: boundary = [] } = properties;
    const foreign = [...managed, boundary].flat().map(arn => foldedText(template, arn)).find(arn => FOREIGN_POLICY.test(arn));
    if (type === 'AWS::IAM::Role' && foreign !== undefined) {
      throw new Error(`${template.node.path} has a role with '${foreign}', which the accounts it is deployed to do not have; `
        + `make it one of theirs: ManagedPolicy.fromManagedPolicyArn(this, id, \`${foreign.replace(/::\d{12}:/, '::${Aws.ACCOUNT_ID}:')}\`)`);
    }
  }
}

interface RoleResource {
  readonly Type: string;
  readonly Properties?: { readonly ManagedPolicyArns?: unknown[]; readonly PermissionsBoundary?: unknown };
}

const FOREIGN_POLICY = /:iam::\d{12}:policy\//;

function assertSize(user: string, body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_INLINE_TEMPLATE_BYTES) {
    return;
  }
  const resources = Object.values((JSON.parse(body) as { Resources: Record<string, { Type: string }> }).Resources);
  const roles = resources.filter(({ Type: type }) => type === 'AWS::IAM::Role').map(role => Buffer.byteLength(JSON.stringify(role)));
  const average = Math.ceil(roles.reduce((sum, n) => sum + n, 0) / Math.max(1, roles.length));
  throw new Error(`${user} is ${bytes} bytes long, and CloudFormation takes ${MAX_INLINE_TEMPLATE_BYTES} as the template of a StackSet: `
    + `${roles.length} roles of about ${average} bytes each, of which about ${Math.floor((MAX_INLINE_TEMPLATE_BYTES - bytes) / average) + roles.length} would fit. `
    + 'Use managedPolicies instead of inlinePolicies, or fewer roles');
}
