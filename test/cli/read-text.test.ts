import * as fs from 'node:fs';
import * as path from 'node:path';
import { nameOf, readText } from '../../src/cli/read-text';
import { messageOf, temporaryFolder } from '../k8s/helpers';

describe('readText', () => {
  function file(content: Buffer): string {
    const target = path.join(temporaryFolder(), 'a.yaml');
    fs.writeFileSync(target, content);
    return target;
  }

  test('gives the text with its byte order mark and its line breaks, so that it can be written as it was', () => {
    expect(readText(file(Buffer.from('\uFEFFé世界𝒳\r\n')))).toBe('\uFEFFé世界𝒳\r\n');
  });

  test.each<[string, number[]]>([
    ['a byte that UTF-8 does not have', [0x61, 0xff]],
    ['half a character', [0xc3]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
  ])('fails for %s, naming the file', (_what, bytes) => {
    const input = file(Buffer.from(bytes));

    expect(messageOf(() => readText(input))).toBe(`${input} is not UTF-8 text; manifests are`);
  });

  test('fails for more than is read at once, naming file and size', () => {
    const input = file(Buffer.alloc(0));
    fs.truncateSync(input, 300 * 1024 * 1024);

    expect(messageOf(() => readText(input))).toBe(`${input} has 314572800 bytes, and 268435456 are the most that is read at once; split it`);
  });

  test('has a name for standard input', () => {
    expect(['-', 'a.yaml'].map(nameOf)).toEqual(['standard input', 'a.yaml']);
  });
});
