import { data, markup, source } from '../../../../src/check/graph/page/markup';

test('texts are escaped, pieces are not', () => {
  expect(String(markup`<p title="${'"\'`'}">${'<b>&'}${1}${markup`<i>${'x'}</i>`}${[markup`<u>`, markup`</u>`]}</p>`)).toBe('<p title="&quot;&#39;&#96;">&lt;b&gt;&amp;1<i>x</i><u></u></p>');
});

test('data stays in its element', () => {
  const value = { a: '</script><!--&\u2028\u2029' };

  expect(String(data(value))).toMatch(/^[^<>&\u2028\u2029]*$/);
  expect(JSON.parse(String(data(value)))).toEqual(value);
});

test.each(['x</script', '</style>', '<!-- x'])('fails for the source %j', text => {
  expect(() => source(text)).toThrow('the source of an element has \'</\' or \'<!--\'');
});
