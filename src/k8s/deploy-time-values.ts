import { createHash } from 'node:crypto';
import { CfnOutput, CfnParameter, Fn, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnAccessKey } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { DeployTimeValue } from './cdk-token-resolver';
import { LIST_SEPARATOR, OUTPUT_PREFIX, outputText, placeholder, placeholderName, placeholderNames } from './placeholder';
import type { RenderedObject } from './rendered-app';
import { textsIn } from './token-leaks';
import { referencesIn } from '../identity/token-references';
import { topLevelStack } from '../identity/top-level-stack';

/**
 * How long an output may get, in characters. AWS publishes no limit for an output's value; parameters end at 4,096.
 */
const MAX_OUTPUT_LENGTH = 3500;

/** What a value is counted as; an ARN of a role with a long name and path comes to less. */
const EXPECTED_VALUE_LENGTH = 128;

/**
 * The values that the manifests of a Stage wait for: gathered while these are rendered, then put into outputs of the stacks that have
 * them. Each value once, many to an output: a stack has 200 outputs at most.
 */
export class DeployTimeValues {
  private readonly lines = new Map<Stack, Map<string, string>>();
  private readonly withoutValue = new Set<string>();
  private readonly hidden = new Map<Stack, RegExp[]>();

  /** Takes note of a value and gives the placeholder that stands for it. */
  public add(value: DeployTimeValue, manifests: IConstruct): string {
    const owner = owningStackOf(value, manifests);
    this.assertNoSecret(value, owner, manifests);
    const stack = topLevelStack(owner);
    const hash = createHash('sha256').update(JSON.stringify([owner.node.path, value.expression, value.kind])).digest('hex');
    const name = placeholderName(value.description, hash);
    const lines = this.lines.get(stack) ?? new Map<string, string>();
    lines.set(name, textOf(value));
    this.lines.set(stack, lines);
    return placeholder(name, value.kind);
  }

  /** The placeholder of what will have a value only in another synth, such as the ARN of a role that nobody has named yet. */
  public addWithoutValue(description: string): string {
    const name = placeholderName(description, createHash('sha256').update(description).digest('hex'));
    this.withoutValue.add(name);
    return placeholder(name, 'string');
  }

  /** Placeholders in rendered objects that nobody gave them: no output would ever fill them in. */
  public unknownPlaceholders(rendered: readonly RenderedObject[]): string[] {
    const known = new Set([...this.lines.values()].flatMap(lines => [...lines.keys()]).concat(...this.withoutValue));
    return rendered.flatMap(({ construct, json }) => textsIn(json).flatMap(({ at, text }) => placeholderNames(text)
      .filter(name => !known.has(name))
      .map(name => `${construct.node.path}: ${at} has '\${cdk-irsa:${name}}', which looks like a placeholder and stands for nothing; write it in another way`)));
  }

  /** Looks for hidden parameters once a stack: an app may have hundreds of values. */
  private assertNoSecret(value: DeployTimeValue, owner: Stack, manifests: IConstruct): void {
    const hidden = this.hidden.get(owner) ?? hiddenParameters(owner);
    this.hidden.set(owner, hidden);
    const text = JSON.stringify(value.expression);
    if (isAccessKey(value, owner) || hidden.some(name => name.test(text))) {
      throw new Error(`${manifests.node.path}: ${value.description} is a secret, and an output would show it to whoever may read the stack; `
        + 'let the cluster fetch the secret');
    }
  }

  /** Brings the outputs of the Stage's stacks up to date: makes, changes and removes. */
  public writeOutputs(stage: Stage): void {
    for (const stack of stage.node.findAll().filter(node => Stack.isStack(node) && Stage.of(node) === stage) as Stack[]) {
      const outputs = packed([...this.lines.get(stack) ?? []]);
      outputs.forEach((value, index) => setOutput(stack, `${OUTPUT_PREFIX}${index}`, value));
      for (let surplus = outputs.length; removeOutput(stack, `${OUTPUT_PREFIX}${surplus}`); surplus++);
    }
  }
}

/** Whether a construct is an output of ours. */
export function isValuesOutput(node: IConstruct): boolean {
  return OURS.has(node);
}

function owningStackOf(value: DeployTimeValue, manifests: IConstruct): Stack {
  if (!value.owner) {
    throw new Error(`${manifests.node.path}: ${value.description} is known only at deployment, and nothing says of which stack; `
      + 'put the Manifests construct into the stack whose value it is');
  }
  if (Stage.of(value.owner) !== Stage.of(manifests)) {
    throw new Error(`${manifests.node.path}: ${value.description} is known only when ${value.owner.node.path} is deployed, which is in another Stage; `
      + 'put the Manifests construct into that Stage');
  }
  return value.owner;
}

/** The key of an access key. */
function isAccessKey({ token }: DeployTimeValue, owner: Stack): boolean {
  return referencesIn(token, owner).some(({ target, displayName }) => target instanceof CfnAccessKey && displayName !== 'Ref');
}

/** The names of parameters that CloudFormation is told not to show. */
function hiddenParameters(owner: Stack): RegExp[] {
  return owner.node.findAll()
    .filter((node): node is CfnParameter => node instanceof CfnParameter && node.noEcho)
    .map(({ logicalId }) => new RegExp(`\\b${String(owner.resolve(logicalId))}\\b`));
}

function textOf({ token, kind }: DeployTimeValue): string {
  return kind === 'list' ? Fn.join(LIST_SEPARATOR, Token.asList(token)) : Token.asString(token);
}

function packed(values: Array<[name: string, text: string]>): string[] {
  const outputs: Array<Array<[string, string]>> = [];
  let room = 0;
  for (const value of values) {
    const length = 2 * (value[0].length + 1) + EXPECTED_VALUE_LENGTH;
    if (length > room) {
      outputs.push([]);
      room = MAX_OUTPUT_LENGTH;
    }
    outputs[outputs.length - 1].push(value);
    room -= length;
  }
  return outputs.map(outputText);
}

const OURS = new WeakSet<IConstruct>();

function removeOutput(stack: Stack, id: string): boolean {
  const existing = stack.node.tryFindChild(id);
  return existing !== undefined && OURS.has(existing) && stack.node.tryRemoveChild(id);
}

function setOutput(stack: Stack, id: string, value: string): void {
  const existing = stack.node.tryFindChild(id);
  if (existing instanceof CfnOutput && OURS.has(existing)) {
    existing.value = value;
  } else {
    const output = new CfnOutput(stack, id, { value, description: 'Values for Kubernetes manifests; read by cdk-irsa render' });
    // a stack may have its own way to make logical ids, and the command looks for this one
    output.overrideLogicalId(id);
    OURS.add(output);
  }
}
