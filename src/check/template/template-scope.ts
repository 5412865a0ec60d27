import { Conditions, MAX_DEPTH } from './conditions';
import { partitionOf } from './partition';
import { innerText, physicalValue } from './physical-value';
import { joined, ResolvedValues } from './resolved-values';
import type { TemplateInput } from './template-input';
import { at, entriesOf, listOf, objectOf, stringOf } from '../json';
import type { Place } from '../place';
import { isUnresolved, opaqueText } from '../unresolved';

/** What `AWS::NoValue` and a condition that is not met leave behind. */
const NO_VALUE = Symbol('AWS::NoValue');

/** What a template gets from others. */
export interface Neighbours {
  /** The value of another stack's export. */
  readonly exported: (name: string) => unknown;
  /** What the stack around a nested one gives to its parameter. */
  readonly parameter: (name: string) => unknown;
  /** The output of a nested stack, by the logical id of its resource. */
  readonly output: (id: string, name: string) => unknown;
}

/** Of a template that stands alone. */
export const NO_NEIGHBOURS: Neighbours = { exported: () => undefined, parameter: () => undefined, output: () => undefined };

/**
 * One template with its intrinsic functions resolved as far as that can be known: what only a deployment knows stays as an opaque part of
 * a string, the same one wherever it is the same expression.
 */
export class TemplateScope {
  /** @param known what a deployment put out for opaque texts */
  public static of(input: TemplateInput, neighbours: Neighbours, known: ReadonlyMap<string, string> = new Map()): TemplateScope {
    return new TemplateScope(input, neighbours, known);
  }

  public readonly stackName: string;
  private readonly conditions: Conditions;
  private readonly values = new ResolvedValues();

  private constructor(
    public readonly input: TemplateInput,
    private readonly neighbours: Neighbours,
    private readonly known: ReadonlyMap<string, string>,
  ) {
    this.stackName = input.stackName ?? input.source.file.replace(/^.*[\\/]/, '').replace(/(?:\.template)?\.[a-z]+$/i, '');
    this.conditions = new Conditions(at(input.value, 'Conditions'), (value, depth) => this.text(value, depth) ?? '');
  }

  /** Resources that are made, by their logical ids. */
  public get resources(): Array<[id: string, resource: unknown]> {
    return entriesOf(at(this.input.value, 'Resources')).filter(([, resource]) => {
      const condition = stringOf(at(resource, 'Condition'));
      return objectOf(resource) && (condition === undefined || this.conditions.isMet(condition, 0) !== false);
    });
  }

  /** The condition of a resource that is made or not, which only a deployment knows. */
  public openCondition(resource: unknown): string | undefined {
    const condition = stringOf(at(resource, 'Condition'));
    return condition !== undefined && this.conditions.isMet(condition, 0) === undefined ? condition : undefined;
  }

  public get account(): string {
    // a stack set goes to many accounts
    return this.input.account ?? (this.input.base ? opaqueText(`the accounts of ${this.stackName}`) : this.pseudo('AWS::AccountId'));
  }

  public get partition(): string {
    const { partition, region } = this.input;
    return partition ?? (region === undefined ? this.pseudo('AWS::Partition') : partitionOf(region).partition);
  }

  /** The place of a part of the template. */
  public place(...path: ReadonlyArray<string | number>): Place {
    return { source: this.input.source, path: [...this.input.base ?? [], ...path] };
  }

  /** The value with its functions resolved; `undefined` where there is none. */
  public resolve(value: unknown, depth = 0): unknown {
    const resolved = this.value(value, depth);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** The value as a string, opaque where it is none. */
  public text(value: unknown, depth = 0): string | undefined {
    const resolved = this.resolve(value, depth);
    return resolved === undefined || resolved === null ? undefined : typeof resolved === 'object' ? this.opaque(value) : String(resolved);
  }

  /** A name for what only a deployment knows. */
  public opaque(expression: unknown): string {
    const text = typeof expression === 'string' ? expression : JSON.stringify(expression) ?? '';
    return this.deployed(opaqueText(`${this.stackName}.${text}`));
  }

  private pseudo(name: string): string {
    return this.deployed(opaqueText(name.replace('::', '.')));
  }

  private deployed(text: string): string {
    return this.known.get(text) ?? text;
  }

  private value(value: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) {
      this.values.cut();
      return this.opaque('reference to itself');
    }
    if (Array.isArray(value)) {
      return value.map(each => this.value(each, depth + 1)).filter(each => each !== NO_VALUE);
    }
    const object = objectOf(value);
    if (!object) {
      return value;
    }
    const [[key, argument] = ['', undefined], ...more] = Object.entries(object);
    if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
      return this.call(key, argument, value, depth + 1);
    }
    return Object.fromEntries(Object.entries(object)
      .map(([name, each]) => [name, this.value(each, depth + 1)] as const)
      .filter(([, each]) => each !== NO_VALUE));
  }

  private call(name: string, argument: unknown, whole: unknown, depth: number): unknown {
    const list = listOf(argument);
    switch (name) {
      case 'Ref': return this.reference(String(argument), depth);
      case 'Fn::GetAtt': return this.attribute(argument, depth);
      case 'Fn::Join': return this.join(list, whole, depth);
      case 'Fn::Sub': return this.substitute(argument, depth);
      case 'Fn::Select': return this.select(list, whole, depth);
      case 'Fn::Split': return this.split(list, depth);
      case 'Fn::FindInMap': return this.findInMap(list, whole, depth);
      case 'Fn::If': return this.choose(list, whole, depth);
      case 'Fn::ImportValue': return this.import(argument, whole, depth);
      default: return this.opaque(whole);
    }
  }

  private reference(name: string, depth: number): unknown {
    const { region, parameters = {} } = this.input;
    switch (name) {
      case 'AWS::AccountId': return this.account;
      case 'AWS::Region': return region ?? this.pseudo(name);
      case 'AWS::Partition': return this.partition;
      case 'AWS::URLSuffix': return region === undefined ? this.pseudo(name) : partitionOf(region).domain;
      // CloudFormation makes up the names of nested stacks and of those of stack sets, and of a template alone nobody said it
      case 'AWS::StackName': return this.input.nestedIn || this.input.base || this.input.stackName === undefined ? this.opaque(name) : this.stackName;
      case 'AWS::NoValue': return NO_VALUE;
    }
    const resource = at(this.input.value, 'Resources', name);
    if (resource !== undefined) {
      return this.values.of(name, 'Ref', depth, () => physicalValue(this, name, resource, 'Ref', depth));
    }
    const parameter = at(this.input.value, 'Parameters', name);
    const passed = parameter === undefined ? undefined : this.neighbours.parameter(name);
    if (passed !== undefined) {
      return passed;
    }
    const given = at(parameters, name) ?? at(parameter, 'Default');
    const isList = /^(?:CommaDelimitedList|List<)/.test(String(at(parameter, 'Type')));
    return given === undefined || /^AWS::SSM::/.test(String(at(parameter, 'Type'))) ? this.opaque(name)
      : isList ? String(given).split(',').map(each => each.trim()) : String(given);
  }

  private attribute(argument: unknown, depth: number): unknown {
    const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : listOf(argument).map(String);
    const resource = at(this.input.value, 'Resources', id);
    const [section, ...name] = rest.join('.').split('.');
    const output = section === 'Outputs' ? this.neighbours.output(id, name.join('.')) : undefined;
    const attribute = rest.join('.');
    return output ?? (resource === undefined ? this.opaque([id, ...rest].join('.')) : this.values.of(id, attribute, depth, () => physicalValue(this, id, resource, attribute, depth)));
  }

  private join([separator, parts]: readonly unknown[], whole: unknown, depth: number): unknown {
    const list = this.resolve(parts, depth);
    const text = Array.isArray(list) && typeof separator === 'string' ? joined(list.map(each => typeof each === 'object' ? this.opaque(each) : String(each)), separator) : undefined;
    return text ?? this.opaque(whole);
  }

  private substitute(argument: unknown, depth: number): unknown {
    const [template, variables] = Array.isArray(argument) ? argument as unknown[] : [argument, {}];
    if (typeof template !== 'string') {
      return this.opaque(argument);
    }
    // what stands between, and the names: every second part
    const parts = template.split(/\$\{([^{}]*)\}/).map((part, index) => index % 2 === 0 ? part : this.variable(part, variables, depth + 1));
    return joined(parts, '') ?? this.opaque(argument);
  }

  private variable(name: string, variables: unknown, depth: number): string {
    if (name.startsWith('!')) {
      return `\${${name.slice(1)}}`;
    }
    const key = name.trim();
    const own = at(variables, key);
    return this.text(own !== undefined ? own : key.includes('.') ? { 'Fn::GetAtt': key } : { Ref: key }, depth) ?? `\${${name}}`;
  }

  private select([index, list]: readonly unknown[], whole: unknown, depth: number): unknown {
    const elements = this.value(list, depth);
    const position = Number(this.text(index, depth));
    if (Array.isArray(elements)) {
      return elements[position] as unknown ?? this.opaque(whole);
    }
    return typeof elements === 'string' ? opaqueText(`${innerText(elements)}[${position}]`) : this.opaque(whole);
  }

  /** A list, or an opaque string for one that only a deployment knows. */
  private split([separator, text]: readonly unknown[], depth: number): unknown {
    const value = this.text(text, depth) ?? '';
    return isUnresolved(value) ? opaqueText(`split(${innerText(value)}, '${String(separator)}')`) : value.split(String(separator));
  }

  private findInMap([map, first, second]: readonly unknown[], whole: unknown, depth: number): unknown {
    const keys = [map, first, second].map(key => this.text(key, depth) ?? '');
    return at(this.input.value, 'Mappings', ...keys) ?? this.opaque(whole);
  }

  private choose([condition, yes, no]: readonly unknown[], whole: unknown, depth: number): unknown {
    const met = this.conditions.isMet(String(condition), depth);
    if (met !== undefined) {
      return this.value(met ? yes : no, depth);
    }
    const both = [this.value(yes, depth), this.value(no, depth)];
    return JSON.stringify(both[0]) === JSON.stringify(both[1]) && both[0] !== NO_VALUE ? both[0] : this.opaque(whole);
  }

  private import(argument: unknown, whole: unknown, depth: number): unknown {
    const name = this.text(argument, depth) ?? '';
    return this.neighbours.exported(name) ?? this.opaque(whole);
  }
}
