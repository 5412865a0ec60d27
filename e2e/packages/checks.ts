import * as fs from 'node:fs';
import * as path from 'node:path';
import { check } from '../parts/exec';
import { differences, type Made } from './compare';
import type { Language, Workspace } from './language';
import type { Report } from './report';
import { runNames, synthesizeQuickstart, type Names } from './use';

/** What TypeScript programs made. */
export interface Expected {
  readonly quickstart: Made;
  readonly names: Names;
}

/** Builds the package for a language, uses it, and compares what comes out with TypeScript's. */
export async function checkLanguage(language: Language, workspace: Workspace, expected: Expected, report: Report): Promise<void> {
  const installed = await report.check(`${language.name}: the package is built and installed`, async (faults) => {
    const made = await language.install(workspace);
    faults.push(...fs.statSync(made.artifact).size > 0 ? [] : [`'${made.artifact}' is empty`]);
    return made;
  });
  if (!installed) {
    return;
  }
  await report.check(`${language.name}: the quickstart gives TypeScript's template, and its manifests to the byte`, async (faults) => {
    faults.push(...differences(expected.quickstart, await synthesizeQuickstart(installed, workspace.dir)));
  });
  await report.check(`${language.name}: more public names give what TypeScript gives, and a wrong name our message`, async (faults) => {
    const { refusal, ...made } = await runNames(installed, workspace.dir);
    const { refusal: message, ...rest } = expected.names;
    // languages put a word of their own before it
    faults.push(...differences(rest, made), ...refusal.includes(message) ? [] : [`the refusal is '${refusal}' instead of '${message}'`]);
  });
}

/** The comparison itself: sees what every language is to be checked for. */
export async function checkComparison({ quickstart }: Expected, report: Report): Promise<void> {
  for (const [name, from, to] of [
    ['another service account in the trust policy', ':default:s3-reader', ':default:s3-readers'],
    ['another role in the annotation', 'role-arn: arn:', 'role-arn: urn:'],
  ]) {
    await report.check(`the comparison sees ${name}`, (faults) => {
      const other = JSON.parse(JSON.stringify(quickstart).replace(from, to)) as Made;
      faults.push(...differences(quickstart, other).length === 1 ? [] : [`'${from}' and '${to}' are the same to it`]);
    });
  }
}

/** JavaScript: the package file. Its use is what `npm run e2e` is about. */
export async function checkJavaScript(generated: string, report: Report): Promise<void> {
  await report.check("javascript: the package has jsii's assembly, and the command is executable", async (faults) => {
    const dir = path.join(generated, 'js');
    const [tarball] = fs.readdirSync(dir);
    const contents = await check({ command: 'tar', args: ['-tvzf', path.join(dir, tarball)] });
    faults.push(...[/ package\/\.jsii$/m, / package\/lib\/index\.js$/m, /^-rwx.* package\/lib\/cli\/main\.js$/m]
      .filter((file) => !file.test(contents)).map((file) => `'${tarball}' has nothing like ${String(file)}`));
  });
}

/** .NET: generated, not built, so that no machine needs its SDK for this. */
export async function checkDotnet(generated: string, publicNames: readonly string[], report: Report): Promise<void> {
  await report.check('dotnet: every public name is generated, and the project is ours', (faults) => {
    const dir = path.join(generated, 'dotnet', 'CdkIrsa');
    const project = fs.readFileSync(path.join(dir, 'CdkIrsa.csproj'), 'utf8');
    faults.push(...['<PackageId>CdkIrsa</PackageId>', 'Include="Amazon.CDK.Lib"', 'Include="Org.Cdk8s.Plus28"'].filter((part) => !project.includes(part)).map((part) => `the project file lacks ${part}`));
    const files = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => path.basename(file));
    faults.push(...publicNames.filter((name) => !files.includes(`${name}.cs`)).map((name) => `${name}.cs is missing`));
  });
}
