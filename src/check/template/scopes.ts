import type { TemplateInput } from './template-input';
import { TemplateScope } from './template-scope';
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
  return scopes.flatMap(scope => [scope, ...stackSetsOf(scope).map(input => TemplateScope.of(input, () => undefined, deployed))]);
}

function connected(inputs: readonly TemplateInput[], known: ReadonlyMap<string, string>): TemplateScope[] {
  const busy = new Set<string>();
  const lookup = (name: string, account: string | undefined, region: string | undefined): unknown => {
    if (busy.has(name)) {
      return undefined;
    }
    busy.add(name);
    const found = exported(name).find(({ scope: { input } }) => input.account === account && input.region === region);
    const value = found?.scope.text(found.value);
    busy.delete(name);
    return value;
  };
  const scopes = inputs.map(input => TemplateScope.of(input, lookup, known));
  const exports = new Map<string, Array<{ scope: TemplateScope; value: unknown }>>();
  let collected = false;
  const exported = (name: string) => {
    if (!collected) {
      collected = true;
      scopes.forEach(scope => entriesOf(at(scope.input.value, 'Outputs')).forEach(([, output]) => {
        const key = scope.text(at(output, 'Export', 'Name'));
        if (key !== undefined) {
          exports.set(key, [...exports.get(key) ?? [], { scope, value: at(output, 'Value') }]);
        }
      }));
    }
    return exports.get(name) ?? [];
  };
  return scopes;
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
