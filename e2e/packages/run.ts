/**
 * Builds the packages for all languages and uses them: `npm run packages`, or `npm run packages -- go` for one language.
 * What the quickstart makes in Python, Java and Go is compared with what it makes in TypeScript. Nothing is published,
 * nothing is left behind but the cache. Ends with one line, `N passed, N failed`.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkComparison, checkDotnet, checkJavaScript, checkLanguage, type Expected } from './checks';
import { generate } from './generate';
import { go } from './go';
import { java } from './java';
import type { Language, Workspace } from './language';
import { python } from './python';
import { Report } from './report';
import { installedVersions, REPOSITORY } from './sources';
import { runNames, synthesizeQuickstart, typescript } from './use';
import { Run } from '../parts/run-dir';
import { stopWhenTold } from '../parts/stop';

const LANGUAGES = [python, java, go];

async function main(names: readonly string[]): Promise<number> {
  const chosen = chooseLanguages(names);
  const types = publicNames();
  const report = new Report();
  const run = new Run();
  stopWhenTold(run, 'packages');
  try {
    const usable = await withTools(chosen, report);
    const generated = path.join(run.dir, 'generated');
    const [expected] = await Promise.all([
      makeExpected(run.dir),
      generate(['js', 'dotnet', ...usable.map(({ name }) => name)], ['.'], generated),
    ]);
    await checkComparison(expected, report);
    await checkJavaScript(generated, report);
    await checkDotnet(generated, types, report);
    await Promise.all(usable.map((language) => checkLanguage(language, workspace(language, run.dir, generated), expected, report)));
  } finally {
    await run.stop();
  }
  console.log(report.summary());
  return report.good ? 0 : 1;
}

function chooseLanguages(names: readonly string[]): readonly Language[] {
  const unknown = names.filter((name) => !LANGUAGES.some((language) => language.name === name));
  if (unknown.length > 0) {
    throw new Error(`no such languages: ${unknown.join(', ')}; there are ${LANGUAGES.map(({ name }) => name).join(', ')}`);
  }
  return names.length > 0 ? LANGUAGES.filter(({ name }) => names.includes(name)) : LANGUAGES;
}

/** The languages whose tools are here. The others are named, and are a failure where `CI` is set. */
async function withTools(languages: readonly Language[], report: Report): Promise<readonly Language[]> {
  const usable: Language[] = [];
  for (const language of languages) {
    const missing = await language.missing();
    if (missing === undefined) {
      usable.push(language);
    } else if (process.env.CI) {
      await report.check(`${language.name}: its tools are here`, (faults) => { faults.push(`this machine lacks ${missing}`); });
    } else {
      console.log(`skipped: ${language.name}: this machine lacks ${missing}`);
    }
  }
  return usable;
}

async function makeExpected(dir: string): Promise<Expected> {
  const own = path.join(dir, 'typescript');
  const [quickstart, names] = await Promise.all([synthesizeQuickstart(typescript, own), runNames(typescript, own)]);
  return { quickstart, names };
}

function workspace({ name }: Language, dir: string, generated: string): Workspace {
  const own = path.join(dir, name);
  fs.mkdirSync(own);
  return { generated, dir: own, versions: installedVersions() };
}

function publicNames(): string[] {
  const file = path.join(REPOSITORY, '.jsii');
  if (!fs.existsSync(file)) {
    throw new Error(`'${file}' is missing, and the packages are made from it; run 'npx projen compile' first`);
  }
  const assembly = JSON.parse(fs.readFileSync(file, 'utf8')) as { types: Record<string, { name: string }> };
  return Object.values(assembly.types).map(({ name }) => name);
}

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error: Error) => {
    console.error(`packages: ${error.message}`);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
