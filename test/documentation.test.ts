import * as fs from 'node:fs';
import * as path from 'node:path';
import { Node, Parser } from 'commonmark';
import GithubSlugger from 'github-slugger';
import { run } from '../src/cli/program';

const REPOSITORY = path.join(__dirname, '..');

/** What people wrote: API.md is generated. */
const DOCUMENTS = [
  ...fs.readdirSync(REPOSITORY).filter(file => file !== 'API.md'),
  ...['benchmark', 'docs', 'e2e', 'examples'].flatMap(room => fs.readdirSync(path.join(REPOSITORY, room), { recursive: true, encoding: 'utf8' }).map(file => path.join(room, file))),
].filter(file => file.endsWith('.md') && !file.includes('node_modules'));

describe.each(DOCUMENTS)('%s', file => {
  const document = read(file);

  test('leads to files and headings that are there', () => {
    const links = nodes(document, 'link').map(({ destination }) => destination ?? '').filter(link => !/^(https?|mailto):/.test(link));
    expect(links.filter(link => !exists(file, link))).toEqual([]);
  });

  test('names scripts of package.json', () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> };
    const named = code(document).flatMap(text => [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script));
    expect(named.filter(script => script !== 'NAME' && !(script in scripts))).toEqual([]);
  });
});

test('commands in the documentation have the options that they are written with', async () => {
  const unknown: string[] = [];
  const seen = new Set<string>();
  for (const file of DOCUMENTS) {
    for (const [line, command, rest] of code(read(file)).flatMap(text => [...text.replace(/\\\n/g, ' ').matchAll(COMMAND)])) {
      const help = await helpOf(command.split(' '));
      const options = [...rest.matchAll(/(?<=\s)--[a-z][\w-]*/g)].map(([option]) => option);
      unknown.push(...options.filter(option => !new RegExp(`${option}(?![\\w-])`).test(help)).map(option => `${file}: ${option} of '${line}'`));
      seen.add(command);
    }
  }
  expect(unknown).toEqual([]);
  expect([...seen].sort()).toEqual(['check', 'explain', 'graph', 'import eksctl', 'import kiam', 'inject', 'jwks', 'render', 'verify-issuer']);
});

test("README's Python is that of the example, which is compared with TypeScript's", () => {
  const [python] = nodes(read('README.md'), 'code_block').filter(({ info }) => info === 'python').map(({ literal }) => words(literal ?? ''));
  const [same, workload] = python.split('kplus.Deployment(');
  const example = words(fs.readFileSync(path.join(REPOSITORY, 'examples', 'python', 'app.py'), 'utf8'));

  expect(workload).toContain('service_account=service_account');
  // but for the image of the workload
  expect(example).toContain(same);
});

test('docs/languages.md generates what it says from the versions that are tested', () => {
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as { devDependencies: Readonly<Record<string, string>> };
  const [, install] = /^npm install --no-save (.*)$/m.exec(fs.readFileSync(path.join(REPOSITORY, 'docs', 'languages.md'), 'utf8'))!;

  const versions = Object.fromEntries(install.split(' ').map(tool => tool.split('@')));
  expect(Object.keys(versions)).toEqual(['constructs', 'cdk8s', 'cdk8s-plus-28', 'jsii-pacmak']);
  expect(Object.entries(versions).filter(([name, version]) => devDependencies[name].replace('^', '') !== version)).toEqual([]);
});

/** A call of the command: its name, and the arguments up to a pipe, a redirection or another command. */
const COMMAND = /\bcdk-irsa (import eksctl|import kiam|render|inject|jwks|verify-issuer|check|explain|graph)\b([^|>;&\n]*)/g;

const helps = new Map<string, Promise<string>>();

function helpOf(command: string[]): Promise<string> {
  const known = helps.get(command.join(' '));
  const help = known ?? (async () => {
    let text = '';
    await run([...command, '--help'], { out: out => (text += out), err: err => (text += err), colors: false });
    return text;
  })();
  helps.set(command.join(' '), help);
  return help;
}

function read(file: string): Node {
  return new Parser().parse(fs.readFileSync(path.join(REPOSITORY, file), 'utf8'));
}

/** In the order of the document. */
function nodes(document: Node, ...types: Array<Node['type']>): Node[] {
  const found: Node[] = [];
  const walker = document.walker();
  for (let event = walker.next(); event; event = walker.next()) {
    if (event.entering && types.includes(event.node.type)) {
      found.push(event.node);
    }
  }
  return found;
}

/** In blocks and in lines. */
function code(document: Node): string[] {
  return nodes(document, 'code_block', 'code').map(({ literal }) => literal ?? '');
}

function exists(from: string, link: string): boolean {
  const [file, heading] = decodeURI(link).split('#');
  const target = file === '' ? from : path.join(path.dirname(from), file);
  return fs.existsSync(path.join(REPOSITORY, target)) && (heading === undefined || !target.endsWith('.md') || headings(target).includes(heading));
}

function headings(file: string): string[] {
  const slugger = new GithubSlugger();
  return nodes(read(file), 'heading').map(heading => slugger.slug(nodes(heading, 'text', 'code').map(({ literal }) => literal ?? '').join('')));
}

/** However it is laid out. */
function words(source: string): string {
  return source.replace(/,?\s*([()\[\]])\s*/g, '$1').replace(/\s+/g, ' ').trim();
}
