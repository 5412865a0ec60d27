import * as fc from 'fast-check';
import { messageOf } from './helpers';
import { fillPlaceholders, mergeValues, OUTPUT_PREFIX, outputText, placeholder, type PlaceholderKind, placeholderName, placeholderNames, placeholdersOfLines, valuesInOutputs } from '../../src/k8s/placeholder';

const HASH = '0123456789abcdef';

function outputsOf(lines: Array<[name: string, value: string]>): Record<string, Record<string, string>> {
  return { Stack: { [`${OUTPUT_PREFIX}0`]: outputText(lines) } };
}

/** What a value may be: anything but a line that begins as one of ours does, which has a test of its own. */
const anyValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\n', '\r\n', '=', '${', '}', '"', "'", '\\', ' ', '#', ':', 'é', '世', '𝒳', '$&', '$1') }),
  fc.constantFrom('', '\n', '=', '${cdk-irsa:Stack/Role-01234567}', '${Token[TOKEN.1]}', '$&', "$'", '{"a":"b"}'),
).filter(value => !/^[A-Za-z0-9._/-]*-[0-9a-f]{8}=/m.test(value));

const anyDescription = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('Stack/Role/Resource.Arn', '日本語', '-', '', '=', '\n', '}'));

describe('placeholderName', () => {
  test('says what the value is and ends with eight digits of the hash', () => {
    expect(placeholderName('Stack/Bucket/Resource.Ref', HASH)).toBe('Stack/Bucket/Resource.Ref-01234567');
  });

  test('replaces what would end a placeholder or a line', () => {
    expect(placeholderName('{"Fn::Join":["",["a\nb=c}"]]}', HASH)).toMatch(/^[A-Za-z0-9._/-]+-01234567$/);
  });

  test('keeps the end of a long description, which tells siblings apart', () => {
    const name = placeholderName(`${'very-long/'.repeat(50)}Role/Resource.Arn`, HASH);

    expect(name.length).toBeLessThanOrEqual(109);
    expect(name).toMatch(/Role\/Resource\.Arn-01234567$/);
  });

  test('two values with one description have different names', () => {
    expect(placeholderName('Stack/Role.Arn', 'a'.repeat(64))).not.toBe(placeholderName('Stack/Role.Arn', 'b'.repeat(64)));
  });
});

describe('placeholderNames', () => {
  test('finds the names in a text, each once, in their order', () => {
    expect(placeholderNames('a ${cdk-irsa:B-00000000} ${cdk-irsa:number:A-00000000}${cdk-irsa:list:C-00000000} ${cdk-irsa:B-00000000}'))
      .toEqual(['B-00000000', 'A-00000000', 'C-00000000']);
  });

  test.each(['', 'plain', '${Token[TOKEN.1]}', '${cdk-irsa:}', '${cdk-irsa:a b}', '$cdk-irsa:a', '{cdk-irsa:a}'])('finds none in %p', text => {
    expect(placeholderNames(text)).toEqual([]);
  });

  test('finds the same each time it is asked', () => {
    const text = placeholder('A-00000000', 'string');

    expect([placeholderNames(text), placeholderNames(text)]).toEqual([['A-00000000'], ['A-00000000']]);
  });
});

describe('a value on its way through an output', () => {
  test('comes back as it was, whatever it and its description are', () => {
    fc.assert(fc.property(anyDescription, anyValue, (description, value) => {
      const name = placeholderName(description, HASH);

      expect(fillPlaceholders(placeholder(name, 'string'), valuesInOutputs(outputsOf([[name, value]])))).toBe(value);
    }));
  });

  test('comes back as it was among others in the same output', () => {
    fc.assert(fc.property(fc.array(anyValue, { minLength: 1, maxLength: 10 }), values => {
      const lines = values.map((value, index): [string, string] => [placeholderName('Stack/Value', String(index).repeat(8)), value]);
      const read = valuesInOutputs(outputsOf(lines));

      expect(lines.map(([name]) => read.get(name))).toEqual(values);
    }));
  });

  test('comes back with the text around it', () => {
    fc.assert(fc.property(anyValue, fc.string(), fc.string(), (value, before, after) => {
      fc.pre(placeholderNames(`${before}|${after}`).length === 0);
      const text = `${before}|${placeholder('A-00000000', 'string')}|${after}`;

      expect(fillPlaceholders(text, new Map([['A-00000000', value]]))).toBe(`${before}|${value}|${after}`);
    }));
  });

  test('cannot take the place of another value by having a line that looks like one of ours', () => {
    const [victim, attacker] = [placeholderName('Stack/Role.Arn', 'a'.repeat(8)), placeholderName('Stack/Parameter.Ref', 'b'.repeat(8))];
    const arn = 'arn:aws:iam::111122223333:role/victim';
    const outputs = outputsOf([[victim, arn], [attacker, `harmless\n${victim}=arn:aws:iam::666666666666:role/evil`]]);

    // either it is refused, or the values are told apart
    let values: ReadonlyMap<string, string> | undefined;
    try {
      values = valuesInOutputs(outputs);
    } catch (error) {
      expect((error as Error).message).toContain(victim);
    }
    expect(values?.get(victim) ?? arn).toBe(arn);
  });
});

describe('fillPlaceholders', () => {
  const values = new Map([['A-00000000', 'a'], ['N-00000000', '8080'], ['L-00000000', 'x,y'], ['E-00000000', '']]);

  test('fills every placeholder of a text', () => {
    expect(fillPlaceholders('s3://${cdk-irsa:A-00000000}/${cdk-irsa:N-00000000}/${cdk-irsa:A-00000000}', values)).toBe('s3://a/8080/a');
  });

  test.each<[PlaceholderKind, string, unknown]>([
    ['string', 'N-00000000', '8080'],
    ['string', 'E-00000000', ''],
    ['number', 'N-00000000', 8080],
    ['list', 'L-00000000', ['x', 'y']],
    ['list', 'A-00000000', ['a']],
    ['list', 'E-00000000', []],
  ])('gives a whole %s for the placeholder of %s', (kind, name, expected) => {
    expect(fillPlaceholders(placeholder(name, kind), values)).toEqual(expected);
  });

  test.each<[PlaceholderKind, string]>([['number', '8080'], ['list', 'x,y']])('gives text where the placeholder of a %s stands in text', (kind, text) => {
    const name = kind === 'number' ? 'N-00000000' : 'L-00000000';

    expect(fillPlaceholders(`is ${placeholder(name, kind)}`, values)).toBe(`is ${text}`);
  });

  test('does not fill in what a value has', () => {
    const nested = new Map([['A-00000000', '${cdk-irsa:N-00000000}'], ['N-00000000', '8080']]);

    expect(fillPlaceholders('${cdk-irsa:A-00000000}', nested)).toBe('${cdk-irsa:N-00000000}');
  });

  test.each([['0', 0], ['-1', -1], ['1.5', 1.5], ['1e3', 1000]])('reads the number %p', (text, expected) => {
    expect(fillPlaceholders(placeholder('N-00000000', 'number'), new Map([['N-00000000', text]]))).toBe(expected);
  });

  test.each(['', ' ', 'abc', '1_000', 'Infinity', 'NaN', '1;2'])('fails when a number is %p', text => {
    expect(messageOf(() => fillPlaceholders(placeholder('N-00000000', 'number'), new Map([['N-00000000', text]]))))
      .toBe(`\${cdk-irsa:number:N-00000000} stands for a number, and the output has '${text}'`);
  });

  test.each<PlaceholderKind>(['string', 'number', 'list'])('fails when the outputs have no value for a %s, naming it and the way out', kind => {
    expect(messageOf(() => fillPlaceholders(placeholder('Stack/Missing-00000000', kind), values)))
      .toBe('the outputs have no value for Stack/Missing-00000000; deploy its stack as it was synthesised, with --outputs-file, and pass that file');
  });
});

describe('valuesInOutputs', () => {
  const output = (name: string, value: string) => outputText([[name, value]]);

  test('reads the outputs of all stacks', () => {
    const outputs = { A: { [`${OUTPUT_PREFIX}0`]: output('a-00000000', '1') }, B: { [`${OUTPUT_PREFIX}0`]: output('b-00000000', '2'), [`${OUTPUT_PREFIX}1`]: output('c-00000000', '3') } };

    expect(Object.fromEntries(valuesInOutputs(outputs))).toEqual({ 'a-00000000': '1', 'b-00000000': '2', 'c-00000000': '3' });
  });

  test('a value may have lines that look like ours, of other names', () => {
    const text = outputText([['a-00000000', 'line1\nbuild-deadbeef=1\nline3'], ['b-00000000', '2']]);

    expect(Object.fromEntries(valuesInOutputs({ A: { [`${OUTPUT_PREFIX}0`]: text } }))).toEqual({ 'a-00000000': 'line1\nbuild-deadbeef=1\nline3', 'b-00000000': '2' });
  });

  test('fails when a value has a line of another name of its output: nobody can tell them apart', () => {
    const text = outputText([['a-00000000', 'x\nb-00000000=evil'], ['b-00000000', '2']]);

    expect(messageOf(() => valuesInOutputs({ A: { [`${OUTPUT_PREFIX}0`]: text } }))).toBe('has an output whose values cannot be told apart at b-00000000: a value contains a line of that form');
  });

  test('fails when one name has two values, and takes one that is there twice', () => {
    expect(messageOf(() => mergeValues([new Map([['a-00000000', '1']]), new Map([['a-00000000', '2']])])))
      .toBe("has two values for a-00000000: '1' and '2'; pass the outputs of one deployment");
    expect(mergeValues([new Map([['a-00000000', '1']]), new Map([['a-00000000', '1']])]).get('a-00000000')).toBe('1');
  });

  test('passes over the outputs of others, and stacks without any', () => {
    expect(valuesInOutputs({ A: { ClusterArn: 'a-00000000=1', [`${OUTPUT_PREFIX}0`]: 17 }, B: {}, C: null }).size).toBe(0);
  });

  test('fails when an output does not have what its first line says', () => {
    expect(messageOf(() => valuesInOutputs({ A: { [`${OUTPUT_PREFIX}0`]: 'noise' } }))).toBe('has an output whose values cannot be told apart at noise: it is not there');
  });

  test.each([[null], ['text'], [17], [[]], [undefined]])('fails when the outputs are %p', outputs => {
    expect(messageOf(() => valuesInOutputs(outputs)))
      .toBe('is not what cdk deploy --outputs-file writes: an object of stacks, each with an object of outputs, is expected');
  });
});

describe('a placeholder within a line', () => {
  const text = placeholdersOfLines(`role_arn = ${placeholder('Role-01234567', 'string')}\nregion = x`);

  test('is made of any other and has its name', () => {
    expect(text).toBe('role_arn = ${cdk-irsa:line:Role-01234567}\nregion = x');
    expect(placeholderNames(text)).toEqual(['Role-01234567']);
    expect(placeholdersOfLines(text)).toBe(text);
  });

  test('is filled in', () => {
    expect(fillPlaceholders(text, new Map([['Role-01234567', 'arn:x']]))).toBe('role_arn = arn:x\nregion = x');
  });

  test.each(['a\ncredential_process = evil', 'a\r', '\u0000', 'a\u007f'])('fails for %j, which would be more than a value', value => {
    expect(messageOf(() => fillPlaceholders(text, new Map([['Role-01234567', value]])))).toContain('Role-01234567 stands within one line of a file, and the output has "');
  });
});
