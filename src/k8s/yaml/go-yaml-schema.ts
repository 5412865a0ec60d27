import { isAlias, isMap, isSeq, Scalar, type ScalarTag, Schema } from 'yaml';
import { goNumber } from './go-number';

type Merge = NonNullable<Scalar['addToJSMap']>;

const NULL: ScalarTag = { tag: 'tag:yaml.org,2002:null', default: true, test: /^(?:~|[Nn]ull|NULL)?$/, resolve: () => null };

const TRUE: ScalarTag = { tag: 'tag:yaml.org,2002:bool', default: true, test: /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/, resolve: () => true };

const FALSE: ScalarTag = { tag: 'tag:yaml.org,2002:bool', default: true, test: /^(?:[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/, resolve: () => false };

const NOT_FINITE: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: text => text.toLowerCase() === '.nan' ? NaN : text.startsWith('-') ? -Infinity : Infinity,
};

const INTEGER: ScalarTag = { tag: 'tag:yaml.org,2002:int', default: true, test: /^[-+.0-9]/, resolve: goNumber };

const FLOAT: ScalarTag = { tag: 'tag:yaml.org,2002:float', default: true, test: /^[-+.0-9]/, resolve: text => Number(goNumber(text)) };

const BINARY: ScalarTag = { tag: 'tag:yaml.org,2002:binary', resolve: text => Buffer.from(text, 'base64').toString() };

/** Keys that are merged in win over those before them, and lose against those behind: YAML has it otherwise, go-yaml v2 does not. */
const mergeInto: Merge = (context, target, value) => {
  const resolved = (node: unknown): unknown => isAlias(node) && context ? node.resolve(context.doc, context) : node;
  const source = resolved(value);
  for (const item of isSeq(source) ? [...source.items].reverse() : [source]) {
    const map = resolved(item);
    if (!isMap(map)) {
      throw new Error("only maps can be merged with '<<'");
    }
    for (const [key, merged] of map.toJSON(null, context, Map<unknown, unknown>) as Map<unknown, unknown>) {
      if (target instanceof Map) {
        target.set(key, merged);
      } else {
        Object.defineProperty(target, String(key), { value: merged, writable: true, enumerable: true, configurable: true });
      }
    }
  }
};

const MERGE: ScalarTag = {
  tag: 'tag:yaml.org,2002:merge',
  default: 'key',
  test: /^<<$/,
  resolve: () => Object.assign(new Scalar(Symbol('<<')), { addToJSMap: mergeInto }),
};

/**
 * What plain scalars mean to kubectl, which reads YAML by go-yaml v2: YAML 1.1 without times and dates, with Go's numbers.
 *
 * @see https://github.com/kubernetes-sigs/yaml
 */
export const GO_YAML = new Schema({
  schema: 'failsafe',
  customTags: tags => [...tags, NULL, TRUE, FALSE, NOT_FINITE, INTEGER, FLOAT, BINARY, MERGE],
});
