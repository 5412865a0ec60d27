import * as fc from 'fast-check';
import { hasTokenTrace, hasTokenTraceInId, NOTHING_BEFORE, precedingOf } from '../../src/k8s/token-traces';

// the hardest case: every number is one of a token
jest.mock('../../src/k8s/known-tokens', () => ({ USUAL_HINT: 'TOKEN', tokenHint: () => 'TOKEN' }));

const lines = (...text: string[]) => text.join('\n');

describe('hasTokenTrace', () => {
  test.each<[string, string]>([
    ['a list of numbers in JSON', '{"a":[1.5]}'],
    ['numbers in JSON', JSON.stringify({ a: [0, -1, 2.5, [3, { b: [34] }]], c: { d: [[1, 2], [33]] } })],
    ['JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: [JSON.stringify({ c: [1, 34] })] }) })],
    ['JSON in lines', lines('{', '  "a": [', '    1,', '    34]}')],
    ['JSON with brackets in its strings', JSON.stringify({ pattern: '[^]}]+', unmatched: ']}', smile: ':-]', codes: [200, 34] })],
    ['an array of strings that ends in digits', JSON.stringify({ a: ['v1', 'v34'], b: [['10.0.0.34']] })],
    ['YAML', lines('a: {versions: [v1.27, v1.28]}', 'b: [{c: [34]}]', 'on: 34', '- [1, 2]')],
    ['a list in a list', '[[1,2]}'],
    ['an index', 'x[1]}'],
    ['variables of a shell', 'echo ${array[34]} ${#a[@]} $((a[1])) ${T} ${Token} ${TOKEN} ${token:-none} ${TOKEN[1]} ${token[i]} ${token[$((i+1))]} ${#token[@]}'],
    ['the parts of a token in a shell', lines('IFS=. read -ra token <<< "$JWT"; payload=${token[1]//-/+}', 'echo ${token[0]%%.*} ${token[1]:-x} ${token[@]:1:2} ${token[-1]} ${TOKEN[2]^^}')],
    ['the parts of a token in JavaScript', 'const a = `${token[0].value} ${token[1]?.x ?? 2} ${token[items[3]].a[4]}`'],
    ['the parts of a token in Terraform', '"${token[0].id}" "${token["a.b"].c[1]}" "${token[count.index]}"'],
    ['the parts of a token in Ruby', '"#{token[0].upcase} #{token[:a]} #{token[1][2..]}"'],
    ['an assignment', '--from-literal=token=token.12 token: token.3 TOKEN=TOKEN.12'],
    ['a list of columns', 'SELECT id, token, token, 1 FROM t WHERE token = token = 1'],
    ['the path of a URL', 'https://host/auth/token/token/1'],
    ['a value in JSON', '{"token":"token.1"} {"token": "token.1"} {\\"token\\":\\"token.1\\"}'],
    ['a table', lines('token|token|1', 'token;token;1', 'token\ttoken\t1', 'token', 'token', '1')],
    ['a name that cdk8s makes of ids', 'token-token-1-c8fdd8b9 csrf-token-token-1-config-c82346f8 refresh_token_token_3-c-c8d52ab2'],
    ['a shell script', lines('#!/bin/bash', 'case "$1" in', '  start) echo "${ports[0]}" ;;', "  *) awk '{print $2}' | sed 's/}//; s/[]]//' ;;", 'esac', 'x=${y[34]}')],
    ['a template of Go', '{{ index .Values.tokens 34 ]}} {{ (index .items 0).name }} {{ .Values.token.token1 }} {{ index .x 1 ]}}'],
    ['a template of Helm', lines('{{- range $i, $e := until 34 }}', '{{ printf "%d]" $i }}', '{{- end }}', '{{ .Values.tokens.token1 }}')],
    ['JSONPath', "{.items[0].status.conditions[?(@.type=='Ready')].status} {range .items[*]}{.spec.containers[34]}{end}"],
    ['regular expressions', '^[a-z]{1,3}[0-9]{2}$ [^\\]}]+ (\\d{1,3}[.])3 [A-Z0-9]} \\{[0-9]\\} [a-f0-9]{8,34}'],
    ['Lua', lines('local t = { [1] = { a[34] }, x = [[text]], y = {t[1]} }', 'if s:match("^%[%d+%]}$") then return t[2] end')],
    ['a query of Prometheus', 'sum(rate(http_requests_total{job="api",code=~"5.."}[5m])) by (le) > bool 34 and on() up{instance="10.0.0.1:9100"}[34m:5m]'],
    ['a dashboard of Grafana', JSON.stringify({ panels: [{ targets: [{ expr: 'sum(x{a="b"}[5m])', legendFormat: '{{pod}} [{{code}}]' }], gridPos: [0, 8] }], ids: [34] })],
    ['a configuration of nginx', lines('server { listen [::]:80; location ~ ^/[a-z]+/34 { return 200 "[1]"; } }', 'map $x $y { default [34]; }')],
    ['a configuration of Fluent Bit', lines('[FILTER]', '  Regex log ^(?<time>[^ ]{1,34}) \\[(?<pid>[0-9]+)\\]', '[OUTPUT]', '  Match *')],
    ['TOML', lines('[a]', 'b = [1, 34]', 'c = { d = [34] }', '[[e]]')],
    ['HCL', lines('locals { a = [for i in [1, 34] : i]', '  b = "${var.x[34]}" c = { d = [34]} }')],
    ['a policy', JSON.stringify({ Statement: [{ Condition: { NumericLessThan: { a: [34] } } }] })],
    ['a query of JMESPath', 'Reservations[].Instances[?State.Code==`16`].[Id,{Port:Ports[34]}]'],
    ['intervals', '[0, 5] ]0, 34] {x in [0.34]} (0, 34]'],
    ['CEL', 'self.a.all(x, x in [1, 34]) && {"a": [34]}["a"][0] == 34'],
    ['Rego', lines('deny[msg] { input.ports[i] > ports[34]}', 'x = {y | y := arr[_]; y > 0.34}')],
    ['Markdown', lines('- [ ] see [1] and {2}', '- [x] [link](https://example.org/[34]) ![a](b) ^[34]')],
    ['colours of a terminal', '\u001b[0;34m{text}\u001b[0m'],
    ['the parts of a version', 'v1.28.34 TOKEN.34 token.34 token-34 ${TOKEN}.34'],
    ['words about tokens', 'token-expiration: 86400, a token, 5 of them, tokens/12, csrf-token-17, token token, token1 token2, max_tokens: 34, tokenizer.token1'],
    ['large numbers', '1.7976931348623157e+308 2.2250738585072014e-308 -1.8e+289 9007199254740991 1e289'],
    ['a hash', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('is not in %s', (_what, text) => {
    expect(hasTokenTrace(text)).toBe(false);
  });

  test('is looked for in large texts in no time: a file of JSON has numbers at the end of lists everywhere', () => {
    const text = JSON.stringify(Array.from({ length: 100_000 }, (_each, index) => ({ a: [index] })));
    const start = Date.now();

    expect(hasTokenTrace(text)).toBe(false);
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  test.each<[string, string]>([
    ['that many braces open', `\${T ${'${T '.repeat(80_000)}}`],
    ['that many brackets open', `${'${token['.repeat(100_000)}x]`],
    ['of tokens without numbers', 'token-'.repeat(150_000)],
    ['of names', 'token-token-1-'.repeat(60_000).concat('c8fdd8b9')],
    ['of digits', '1.'.concat('1'.repeat(1_000_000))],
  ])('is looked for in no time in a text %s', (_what, text) => {
    const start = Date.now();

    hasTokenTrace(text);

    expect(Date.now() - start).toBeLessThan(3_000);
  });

  test('is not in any JSON', () => {
    // with the characters of which tokens are made, other than what closes a bracket that nothing opened
    const string = fc.string({ unit: fc.constantFrom('[', '{', '(', '.', '3', '4', 'N', 't', '"', '/', '=', ' ', '\n'), maxLength: 8 });
    const { json } = fc.letrec(tie => ({
      json: fc.oneof({ maxDepth: 5 }, string, fc.integer(), fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.array(tie('json'), { maxLength: 4 }), fc.dictionary(string, tie('json'), { maxKeys: 4 })),
    }));

    fc.assert(fc.property(json, fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);

      expect(hasTokenTrace(text)).toBe(false);
      expect(hasTokenTrace(JSON.stringify({ text }))).toBe(false);
    }), { numRuns: 2000 });
  });

  test('is not in the arguments of a command that was split at blanks', () => {
    const words = 'kubectl patch x -p {"a": [1, 34]}'.split(' ');
    const last = words.length - 1;

    const before = words.slice(0, last).reduce((preceding, word) => precedingOf(`${word} `, preceding), NOTHING_BEFORE);

    expect(hasTokenTrace(words[last], () => before)).toBe(false);
    expect(hasTokenTrace(words[last], () => precedingOf('curl '))).toBe(true);
  });

  test.each([
    'TOKEN.34]}', 'KEN.34]}', 'N.34]}', '.34]}', '34]}', '4]}', 'host=TOKEN.34]}', 'host=EN.34]}', 'https://34]}/x', 'x.example.org:34]}',
    'hostTOKEN.34]}', 'host-34]}', '{"a":"TOKEN.34]}"}', '["N.34]}"]', '{"a":[".34]}/*"]}', '{"a":{"b":"34]}"}}', 'a={b}\nc=34]}', 'TOKEN.34]', 'url: TOKEN.34]',
    '${Token[TOKEN-34]}', '${Token[TOKEN34]}', '${Token[', '${Token[TOK', '${Token[X.1]}',
    '${T', '#{To', '${Tok-web', '${Token', '${token-web', 'TokenTOKEN.34', 'tokentoken.34', 'Token-TOKEN-34', '--token--token--34--', 'token token 34',
    'TokenTOKEN34', 'TOKENTOKEN.34', 'Token/TOKEN/34', 'token-token-34', 'Token_TOKEN_34', 'x token-token-1-config', '${Token[Stack-1.Queue_2.Arn.34]}', '${token[token.34]}', 'token-token-1-tokentoken.34-c8fdd8b9',
    '{"a":["${Token[TOK"],"b":1}', '{"a":["${Token[TOKEN."],"b":{}}',
    '-1.8881545897087626e+289', '3.776309179417525e+289', '1.8881545897087626E+290', '-1.8881545897087626e+286', '-1.8882e+289', '-1.89e+289',
  ])('is in %j', text => {
    expect(hasTokenTrace(text)).toBe(true);
  });
});

describe('hasTokenTraceInId', () => {
  test.each([
    'token-token-1', 'csrf-token-token-1', 'refresh_token_token_3', 'token--token--1', 'TOKEN_TOKEN_1', 'TokenToken1', 'tokenToken1', 'Token-Token-1', 'token', 'token-1',
  ])('is not in %j: people name things so', id => {
    expect(hasTokenTraceInId(id)).toBe(false);
  });

  test.each([
    '${Token[TOKEN.34]}', 'queue-${Token[TOKEN.34]}', '${token[token.34]}', 'N.34]}', '${Token', 'Token-TOKEN-34', '--Token-TOKEN.34--', 'TokenTOKEN.34', 'tokentoken.34', 'x-tokentoken34', '-1.8881545897087626e+289',
  ])('is in %j', id => {
    expect(hasTokenTraceInId(id)).toBe(true);
  });
});
