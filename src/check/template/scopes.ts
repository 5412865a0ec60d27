import type { TemplateInput } from './template-input';
import { NO_NEIGHBOURS, TemplateScope } from './template-scope';
import { at, entriesOf, stringOf } from '../json';
import { isUnresolved, knownParts } from '../unresolved';

/** Templates with what one of them exports for another, with the templates of their stack sets, and with what a deployment put out. */
export function scopesOf(inputs: readonly TemplateInput[]): TemplateScope[] {
  const before = connected(inputs, new Map());
  const deployed = new Map(before.flatMap(scope => entriesOf(at(scope.input.value, 'Outputs')).flatMap(([name, output]) => {
    const [value, text] = [stringOf(at(scope.input.outputs, name)), scope.text(at(output, 'Value'))];
    return value === undefined || text === undefined ? [] : valuesOf(text, value);
  })));
  const scopes = deployed.size === 0 ? before : connected(inputs, deployed);
  return scopes.flatMap(scope => [scope, ...stackSetsOf(scope).map(input => TemplateScope.of(input, NO_NEIGHBOURS, deployed))]);
}

/** How many values may be taken from each other across stacks: each costs room on the stack of calls. */
const MAX_LINKS = 50;

function connected(inputs: readonly TemplateInput[], known: ReadonlyMap<string, string>): TemplateScope[] {
  const busy = new Set<string>();
  const found = new Map<string, unknown>();
  /** What refers to itself in a circle is not known, nor what goes through more stacks than anybody has. */
  const once = (what: string, find: () => unknown): unknown => {
    if (found.has(what) || busy.has(what) || busy.size >= MAX_LINKS) {
      return found.get(what);
    }
    busy.add(what);
    found.set(what, find());
    busy.delete(what);
    return found.get(what);
  };
  const index = new Map<TemplateInput, number>(inputs.map((input, position) => [input, position]));
  const scopes: TemplateScope[] = inputs.map((input, position) => TemplateScope.of(input, {
    exported: name => once(`export ${position} ${name}`, () => {
      const match = exported(name).find(({ scope }) => scope.input.account === input.account && scope.input.region === input.region);
      return match?.scope.text(match.value);
    }),
    parameter: name => once(`parameter ${position} ${name}`, () => {
      const outer = input.nestedIn && scopes[index.get(input.nestedIn.input)!];
      return outer?.resolve(at(input.nestedIn!.input.value, 'Resources', input.nestedIn!.id, 'Properties', 'Parameters', name));
    }),
    output: (id, name) => once(`output ${position} ${id} ${name}`, () => {
      const inner = scopes[nested.get(input)?.get(id) ?? -1];
      return inner?.resolve(at(inner.input.value, 'Outputs', name, 'Value'));
    }),
  }, known));
  const nested = nestedOf(inputs);
  const exported = exportsOf(scopes);
  return scopes;
}

/** Where the templates of nested stacks are in the list, by the template around them and the id of their resource. */
function nestedOf(inputs: readonly TemplateInput[]): Map<TemplateInput, Map<string, number>> {
  const nested = new Map<TemplateInput, Map<string, number>>();
  inputs.forEach(({ nestedIn }, position) => {
    if (nestedIn) {
      nested.set(nestedIn.input, (nested.get(nestedIn.input) ?? new Map<string, number>()).set(nestedIn.id, position));
    }
  });
  return nested;
}

interface Export {
  readonly scope: TemplateScope;
  readonly value: unknown;
}

/** What stacks export, collected when somebody asks. */
function exportsOf(scopes: readonly TemplateScope[]): (name: string) => readonly Export[] {
  let exports: Map<string, Export[]> | undefined;
  return name => {
    if (!exports) {
      const found = exports = new Map<string, Export[]>();
      scopes.forEach(scope => entriesOf(at(scope.input.value, 'Outputs')).forEach(([, output]) => {
        const key = scope.text(at(output, 'Export', 'Name'));
        if (key !== undefined) {
          found.set(key, [...found.get(key) ?? [], { scope, value: at(output, 'Value') }]);
        }
      }));
    }
    return exports.get(name) ?? [];
  };
}

/** What the opaque parts of a text stand for, when the text as a whole turned out to be this. */
function valuesOf(text: string, value: string): Array<[string, string]> {
  const [texts, values] = [text, value].map(each => each.split(/[:/\n]/));
  if (!isUnresolved(text) || texts.length !== values.length) {
    return knownParts(text).filter(part => part !== '').length === 1 && isUnresolved(text) ? [[text, value]] : [];
  }
  return texts.flatMap((part, index): Array<[string, string]> => {
    const [before, unknown, after, ...more] = knownParts(part);
    const is = values[index];
    const hasOne = unknown === undefined && before !== undefined && after !== undefined && more.length === 0;
    return hasOne && is.startsWith(before) && is.endsWith(after)
      ? [[part.slice(before.length, part.length - after.length), is.slice(before.length, is.length - after.length)]]
      : [];
  });
}

/** The templates of stack sets, as far as they are known. They go to any accounts. */
function stackSetsOf(scope: TemplateScope): TemplateInput[] {
  return scope.resources.flatMap(([id, resource]) => {
    const body = at(resource, 'Type') === 'AWS::CloudFormation::StackSet' ? scope.text(at(resource, 'Properties', 'TemplateBody')) : undefined;
    const value = body === undefined ? undefined : parsed(body);
    return value === undefined ? [] : [{
      source: scope.input.source, value, region: scope.input.region, stackName: `${scope.stackName}.${id}`, base: ['Resources', id, 'Properties', 'TemplateBody'],
    }];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
