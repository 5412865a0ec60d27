import { type CollectionTag, Pair, Scalar, type ScalarTag, YAMLMap } from 'yaml';

/** Functions with a short form in YAML; `Ref` and `Condition` have no `Fn::` before them. */
const FUNCTIONS = [
  'And', 'Base64', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'ForEach', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Ref', 'Select',
  'Split', 'Sub', 'ToJsonString', 'Transform',
];

/**
 * CloudFormation's short forms as tags of YAML: `!Sub x` reads as `{ 'Fn::Sub': x }`, and what is in it keeps its place.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export const INTRINSIC_TAGS: Array<ScalarTag | CollectionTag> = FUNCTIONS.flatMap(name => {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const collection = (kind: 'map' | 'seq'): CollectionTag => ({
    tag: `!${name}`,
    collection: kind,
    resolve: value => {
      const map = new YAMLMap();
      map.items.push(new Pair(new Scalar(key), value));
      return map;
    },
  });
  const scalar: ScalarTag = {
    tag: `!${name}`,
    resolve: text => ({ [key]: name === 'GetAtt' ? attribute(text) : text }),
  };
  return [scalar, collection('seq'), collection('map')];
});

/** `Resource.Attribute`, where only the first dot divides. */
function attribute(text: string): string | string[] {
  const dot = text.indexOf('.');
  return dot < 0 ? text : [text.slice(0, dot), text.slice(dot + 1)];
}
