/** `cdk-irsa graph`, in a browser, by Mermaid and by Graphviz: does the page do what it says, and does nothing of a name run? */
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { cdkApp, unique, world } from './context';
import { HOSTILE_NAMES } from './hostile-names';
import { startBrowser, type Watched, watchedPage } from '../parts/browser';
import { CdkApp } from '../parts/cdk';
import { packLibrary } from '../parts/library';

const OPTIONS = ['--account', '111122223333', '--region', 'eu-west-1'];
const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643';

/** How long people wait for a page, on machines that have other things to do. */
const PATIENCE_MS = 10_000;

let user: CdkApp;

before(async () => {
  user = cdkApp('graph', []);
  await user.install(await packLibrary(world.dir));
});

/** A role that trusts a service account, with a policy of its own and one of AWS. */
function roleFor(name: string, subject: string): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
      Policies: [{ PolicyName: `${name}-policy`, PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] } }],
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: `system:serviceaccount:${subject.replace('/', ':')}` } },
        }],
      },
    },
  };
}

/** A role that trusts another one. */
function chainedRole(name: string, caller: string): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::111122223333:role/${caller}` }, Action: 'sts:AssumeRole' }] },
    },
  };
}

function accountFor(subject: string, role: string, account = '111122223333'): object {
  const [namespace, name] = subject.split('/');
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name, annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${account}:role/${role}` } } };
}

/** Prints a graph, as a user would. */
async function draw(format: string, objects: readonly object[], fileName = 'all.json'): Promise<string> {
  const folder = fs.mkdtempSync(path.join(user.dir, 'graph-'));
  objects.forEach((object, index) => fs.writeFileSync(path.join(folder, `${index}-${fileName}`), JSON.stringify(object)));
  const output = path.join(folder, 'output', `graph.${format}`);
  const { code, stderr } = await user.bin('cdk-irsa', ['graph', folder, '--format', format, '--output', output, ...OPTIONS]);
  assert.equal(code, 0, stderr);
  return output;
}

/** apps/web → web → middle → last, jobs/batch → batch; apps/api asks for the role web and does not get it, other/far for one that no file has. */
const SMALL = [
  {
    Resources: {
      Web: roleFor('web', 'apps/web'), Batch: roleFor('batch', 'jobs/batch'), Middle: chainedRole('middle', 'web'), Last: chainedRole('last', 'middle'),
    },
  },
  accountFor('apps/web', 'web'), accountFor('jobs/batch', 'batch'), accountFor('apps/api', 'web'),
  accountFor('other/far', 'away', '222222222222'),
];

const HOSTILE = [
  { Resources: Object.fromEntries(HOSTILE_NAMES.map((name, index) => [`Role${index}`, roleFor(name, `n${index}/${name.replace(/[:/*?]/g, '')}`)])) },
  ...HOSTILE_NAMES.map((name, index) => accountFor(`n${index}/${name.replace(/[:/*?]/g, '')}`, name)),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: HOSTILE_NAMES[0], name: 'other', annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${HOSTILE_NAMES[1]}:role/x` } } },
];

const HOSTILE_FILE = '"><img src=x onerror=window.pwned=1>.json';

describe('graph', { skip: world.browser === undefined && 'there is no browser here, and none could be installed' }, () => {
  let browser: Browser;

  before(async () => {
    browser = await startBrowser(world.browser!, path.join(world.dir, unique('browser')));
  });

  after(() => browser?.close());

  async function open(objects: readonly object[], fileName?: string): Promise<Watched & { readonly url: string }> {
    const url = pathToFileURL(await draw('html', objects, fileName)).href;
    const watched = await watchedPage(browser);
    await watched.page.goto(url);
    return { ...watched, url };
  }

  describe('the page', () => {
    let opened: Watched & { readonly url: string };
    const evaluate = <T>(expression: string): Promise<T> => opened.page.evaluate(expression) as Promise<T>;
    const shown = (): Promise<string[]> => evaluate('[...document.querySelectorAll("main li:not([hidden]) .name")].filter(each => each.offsetParent).map(each => each.textContent)');
    const lit = (): Promise<string[]> => evaluate('[...document.querySelectorAll(".node.on .name")].map(each => each.textContent)');
    const focused = (): Promise<string> => evaluate('document.activeElement.querySelector(".name")?.textContent ?? document.activeElement.id');
    const status = (text: string): Promise<unknown> => opened.page.waitForFunction(`document.getElementById('status').textContent === ${JSON.stringify(text)}`, { timeout: PATIENCE_MS });
    const ALL = '12 shown';

    before(async () => {
      opened = await open(SMALL);
    });

    test('shows everything, with lines between', async () => {
      await status(ALL);
      await opened.page.waitForFunction('document.querySelectorAll("main .edge[d^=M]").length > 0', { timeout: PATIENCE_MS });
      const lines = await evaluate<string[]>('[...document.querySelectorAll("main .edge")].map(each => each.getAttribute("d"))');
      assert.deepEqual([lines.length, lines.filter((line) => !/^M\d/.test(line ?? ''))], [10, []]);
    });

    test('what is found is marked', async () => {
      const marked = await evaluate<string[]>('[...document.querySelectorAll(".mark.error")].map(each => each.parentElement.querySelector(".name").textContent)');
      assert.deepEqual(marked.sort(), ['apps/api', 'web']);
    });

    test('a search shows what is found and its ways, and nothing else', async () => {
      await opened.page.type('#search', 'BATCH');
      await status('4 of 12 shown');
      assert.deepEqual((await shown()).sort(), ['AmazonS3ReadOnlyAccess', 'batch', 'batch-policy', 'jobs/batch']);
      await opened.page.click('#reset');
      await status(ALL);
    });

    for (const [filter, value, names] of [
      ['account', '222222222222', ['away', 'other/far']],
      ['namespace', 'jobs', ['AmazonS3ReadOnlyAccess', 'batch', 'batch-policy', 'jobs/batch']],
      ['namespace', 'apps', ['AmazonS3ReadOnlyAccess', 'apps/api', 'apps/web', 'last', 'middle', 'web', 'web-policy']],
      ['cluster', ISSUER, ['AmazonS3ReadOnlyAccess', 'AmazonS3ReadOnlyAccess', 'apps/web', 'batch', 'batch-policy', 'jobs/batch', 'last', 'middle', 'web', 'web-policy']],
    ] as const) {
      test(`the filter ${filter} ${value}`, async () => {
        await opened.page.select(`#${filter}`, value);
        assert.deepEqual((await shown()).sort(), names);
        await opened.page.click('#reset');
      });
    }

    test('only what has findings, and its ways', async () => {
      await opened.page.click('#found');
      assert.equal((await shown()).includes('jobs/batch'), false);
      assert.equal((await shown()).includes('apps/api'), true);
      await opened.page.click('#found');
      await status(ALL);
    });

    test('a click lights the way, and says what it is', async () => {
      await opened.page.click('.node.role[data-column="2"]');
      assert.deepEqual((await lit()).sort(), ['apps/web', 'last', 'middle', 'web']);
      assert.match(await evaluate('document.querySelector("aside").textContent'), /middle[^]*arn:aws:iam::111122223333:role\/middle[^]*0-all\.json:\d+:\d+[^]*Who gets here[^]*web[^]*sts:AssumeRole/);
      assert.equal(await evaluate('document.querySelector("[aria-pressed=true] .name").textContent'), 'middle');
      await opened.page.keyboard.press('Escape');
      assert.deepEqual(await lit(), []);
    });

    test('a denied way leads no further', async () => {
      await evaluate('[...document.querySelectorAll(".node")].find(each => each.textContent.includes("apps/api")).click()');
      assert.deepEqual((await lit()).sort(), ['apps/api', 'web']);
      await opened.page.keyboard.press('Escape');
    });

    test('the keyboard is enough: search, choose, follow a way, show only it, go back', async () => {
      const { keyboard } = opened.page;
      await evaluate('document.activeElement.blur()');
      await keyboard.press('/');
      assert.equal(await focused(), 'search');
      await keyboard.type('apps/web');
      await status('6 of 12 shown');
      for (let stops = 0; stops < 10 && !await evaluate<boolean>('document.activeElement.matches(".node")'); stops++) {
        await keyboard.press('Tab');
      }
      await keyboard.press('ArrowLeft');
      await keyboard.press('ArrowLeft');
      assert.equal(await focused(), 'apps/web');
      await keyboard.press('ArrowRight');
      await keyboard.press('ArrowRight');
      assert.equal(await focused(), 'middle');
      await keyboard.press('Enter');
      assert.deepEqual((await lit()).sort(), ['apps/web', 'last', 'middle', 'web']);
      await keyboard.press('Tab');
      await keyboard.press('Enter');
      await status('4 of 12 shown');
      await keyboard.press('Escape');
      await status('6 of 12 shown');
      assert.equal(await focused(), 'middle');
      await keyboard.press('ArrowLeft');
      assert.equal(await focused(), 'web');
      assert.equal(await evaluate('document.activeElement.matches(":focus-visible") && getComputedStyle(document.activeElement).outlineStyle'), 'solid');
      await opened.page.click('#reset');
    });

    for (const scheme of ['light', 'dark']) {
      test(`texts can be read in ${scheme} mode`, async () => {
        await opened.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await evaluate('[...document.querySelectorAll(".node")].find(each => each.textContent.includes("apps/api")).click()');
        assert.equal(await evaluate<boolean>(`(${LUMINANCE})(getComputedStyle(document.body).backgroundColor) > 0.5`), scheme === 'light');
        assert.deepEqual(await evaluate(`(${FAINT_TEXTS})()`), []);
        await opened.page.keyboard.press('Escape');
      });
    }

    test('every control has a name, and the cards are one stop of the tabulator', async () => {
      assert.deepEqual(await evaluate('[...document.querySelectorAll("input, select")].filter(each => !each.labels.length).map(each => each.id)'), []);
      assert.equal(await evaluate('document.querySelectorAll(".node[tabindex=\'0\']").length'), 1);
    });

    test('asked for nothing but the page, and said nothing on the console', () => {
      assert.deepEqual(opened.requests, [opened.url]);
      assert.deepEqual(opened.said, []);
    });
  });

  test('fails to run anything that a name says, in the page', async () => {
    const { page, said, requests, url } = await open(HOSTILE, HOSTILE_FILE);
    const names = await page.evaluate('[...document.querySelectorAll(".node.role .name")].map(each => each.textContent)') as string[];
    // control characters are spelled out
    const written = HOSTILE_NAMES.map((name) => name.replace(/[\x00-\x1f\u202a-\u202e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
    assert.deepEqual(names.filter((name) => name !== 'x').sort(), [...written].sort());
    // every card is chosen once, which writes all there is to say
    await page.evaluate('document.querySelectorAll(".node").forEach(each => each.click())');
    await page.evaluate('new Promise(done => setTimeout(done, 500))');
    assert.equal(await page.evaluate('typeof window.pwned'), 'undefined');
    assert.deepEqual(await page.evaluate('[...document.querySelectorAll("script, style, img, iframe, object, embed, link, a, base")].map(each => each.localName)'), ['style', 'script', 'script']);
    assert.deepEqual([said, requests], [[], [url]]);
  });

  test('fails to run a script that was put in by hand: the page lets in its own by its hash only', async () => {
    const file = await draw('html', SMALL);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('</body>', '<script>window.pwned=1</script><img src="http://127.0.0.1:9/x"></body>'));
    const { page, said } = await watchedPage(browser);
    await page.goto(pathToFileURL(file).href);
    assert.equal(await page.evaluate('typeof window.pwned'), 'undefined');
    assert.equal(said.filter((message) => message.includes('Content Security Policy')).length, 2, said.join('\n'));
  });

  test('a page of 500 roles can be used', async (context) => {
    const numbers = Array.from({ length: 500 }, (_, index) => index);
    const objects = [
      { Resources: Object.fromEntries(numbers.map((n) => [`Web${n}`, roleFor(`web-${n}`, `apps-${n % 20}/web-${n}`)])) },
      { apiVersion: 'v1', kind: 'List', items: numbers.map((n) => accountFor(`apps-${n % 20}/web-${n}`, `web-${n}`)) },
    ];
    const started = Date.now();
    const { page } = await open(objects);
    const there = Date.now();
    await page.type('#search', 'web-499');
    await page.waitForFunction('/^4 of/.test(document.getElementById("status").textContent)', { timeout: PATIENCE_MS });
    context.diagnostic(`drawn and opened in ${there - started} ms, searched in ${Date.now() - there} ms`);
    assert.equal(await page.evaluate('document.querySelectorAll("main li:not([hidden])").length'), 4);
  });

  for (const [what, objects] of Object.entries({ 'a small graph': SMALL, 'hostile names': HOSTILE })) {
    test(`Mermaid draws ${what}, and runs nothing`, async () => {
      const text = fs.readFileSync(await draw('mermaid', objects), 'utf8');
      const { page, said } = await watchedPage(browser);
      await page.addScriptTag({ path: path.join(world.graphViewers, 'node_modules', 'mermaid', 'dist', 'mermaid.min.js') });
      const texts = await page.evaluate(`(async text => {
        mermaid.initialize({ startOnLoad: false, maxEdges: 5000, maxTextSize: 1e6 });
        const { svg } = await mermaid.render('drawn', text);
        document.body.innerHTML = svg;
        await new Promise(done => setTimeout(done, 300));
        return [...document.querySelectorAll('.nodeLabel')].map(each => each.textContent.trim().replace(/\\s+/g, ' '));
      })(${JSON.stringify(text)})`) as string[];
      assertDrawn(texts, objects);
      assert.equal(await page.evaluate('typeof window.pwned'), 'undefined');
      assert.deepEqual(await page.evaluate('[...document.body.querySelectorAll("script, img, a, iframe, [onclick], [onload], [onerror], .clickable")].map(each => each.localName)'), []);
      assert.deepEqual(said, []);
    });

    test(`Graphviz draws ${what}, and makes no link of it`, async () => {
      const text = fs.readFileSync(await draw('dot', objects), 'utf8');
      const { page, said } = await watchedPage(browser);
      const { instance } = createRequire(path.join(world.graphViewers, 'package.json'))('@viz-js/viz') as { instance(): Promise<{ renderString(dot: string, options: object): string }> };
      await page.setContent((await instance()).renderString(text, { format: 'svg' }));
      const texts = await page.evaluate('[...document.querySelectorAll("g.node text")].map(each => each.textContent.trim().replace(/\\s+/g, " "))') as string[];
      assertDrawn(texts, objects);
      assert.equal(await page.evaluate('typeof window.pwned'), 'undefined');
      assert.deepEqual(await page.evaluate('[...document.querySelectorAll("script, img, a, iframe")].map(each => each.localName)'), []);
      assert.deepEqual(said, []);
    });
  }
});

/** Every role is there, by a text that begins with its name. */
function assertDrawn(texts: readonly string[], objects: readonly object[]): void {
  const [{ Resources: resources }] = objects as ReadonlyArray<{ Resources: Record<string, { Properties: { RoleName: string } }> }>;
  const visible = (name: string): string => name
    .replace(/[\x00-\x1f\u202a-\u202e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).trim().replace(/\s+/g, ' ');
  const names = Object.values(resources).map(({ Properties: { RoleName: name } }) => visible(name));
  assert.deepEqual(names.filter((name) => !texts.some((text) => text.startsWith(name))), []);
}

/** The relative luminance of a colour. @see https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
const LUMINANCE = `color => color.match(/[\\d.]+/g).slice(0, 3).map(each => each / 255).map(each => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
  .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0)`;

/** Texts of less contrast than 4.5:1; what is faded on purpose is left out. @see https://www.w3.org/TR/WCAG21/#contrast-minimum */
const FAINT_TEXTS = `() => {
  const luminance = ${LUMINANCE};
  const behind = element => {
    const color = getComputedStyle(element).backgroundColor;
    return color === 'rgba(0, 0, 0, 0)' ? behind(element.parentElement) : color;
  };
  return [...document.querySelectorAll('h1, h2, h3, p, label, li, dt, dd, .name, .sub, .mark, aside button')]
    .filter(each => each.offsetParent && each.textContent.trim() && !each.closest('.picked .node:not(.on)')).flatMap(each => {
      const [text, back] = [getComputedStyle(each).color, behind(each)].map(luminance);
      const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
      return contrast < 4.5 ? [each.textContent.trim().slice(0, 30) + ': ' + contrast.toFixed(2)] : [];
    });
}`;
