import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { generate } from './generate';
import type { Installed, Language, Versions, Workspace } from './language';
import { APPS, copyExample, REPOSITORY } from './sources';
import { cached, versionOf } from '../parts/cache';
import { check, HALF_AN_HOUR, run } from '../parts/exec';

/**
 * For every call of Maven. Java takes its temporary folder from nowhere else, and without the last option leaves a folder
 * in /tmp all the same. The first halves the time of programs that end before optimised code pays.
 */
function environment(): Record<string, string> {
  return { MAVEN_OPTS: `-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=${tmpdir()} -XX:-UsePerfData` };
}

/** A jar in a local Maven repository. */
export const java: Language = {
  name: 'java',

  async missing(): Promise<string | undefined> {
    for (const [program, name, ...options] of [['javac', 'a JDK, 11 or later', '-J-XX:-UsePerfData'], ['mvn', 'Maven']]) {
      const { code } = await run({ command: program, args: [...options, '--version'], env: inherited() }).catch(() => ({ code: 1 }));
      if (code !== 0) {
        return name;
      }
    }
    return undefined;
  },

  async install({ generated, dir, versions }: Workspace): Promise<Installed> {
    const project = path.join(generated, 'java');
    pin(project, versions);
    const repository = path.join(dir, 'repository');
    fs.cpSync(await dependencies(project, path.join(dir, 'prime'), versions), repository, { recursive: true });
    await maven(project, ['install', ...inRepository(repository), '--offline']);
    const quickstart = useExample(dir, [...inRepository(repository), '--offline'], versions);
    fs.copyFileSync(path.join(APPS, 'Names.java'), path.join(quickstart, 'src', 'main', 'java', 'com', 'example', 'Names.java'));
    const [version] = fs.readdirSync(path.join(repository, OURS)).filter((name) => /^\d/.test(name));
    return {
      artifact: path.join(repository, OURS, version, `cdk-irsa-${version}.jar`),
      quickstart,
      env: environment(),
      names: { command: 'mvn', args: ['-q', 'compile', 'exec:java', '-Dexec.mainClass=com.example.Names'], cwd: quickstart },
    };
  },
};

/** Where our own package is in a Maven repository. */
const OURS = path.join('io', 'github', 'cdk-irsa', 'cdk-irsa');

/** A Maven repository with all that our project and the example need, cdk8s-plus-28 among it, and without our package. */
async function dependencies(project: string, dir: string, versions: Versions): Promise<string> {
  const example = fs.readFileSync(path.join(REPOSITORY, 'examples', 'java', 'pom.xml'), 'utf8');
  const version = versionOf(JSON.stringify(versions), example, await check({ command: 'mvn', args: ['--version'], env: inherited() }));
  return cached('maven', version, async (aside) => {
    // not on Maven Central as this is written
    await generate(['java'], [path.join('node_modules', 'cdk8s-plus-28')], dir);
    pin(path.join(dir, 'java'), versions);
    await maven(path.join(dir, 'java'), ['install', ...inRepository(aside)]);
    await maven(project, ['install', ...inRepository(aside)]);
    await maven(useExample(dir, inRepository(aside), versions), ['compile', 'exec:java', '-Dexec.skip=true']);
    fs.rmSync(path.join(aside, OURS), { recursive: true });
  });
}

/**
 * One version of each dependency instead of a range, in a generated project. Maven would take the newest, and fetch the
 * description of every version that is in the range of a dependency's dependency.
 */
function pin(project: string, versions: Versions): void {
  const pom = path.join(project, 'pom.xml');
  const pins = [
    ['software.amazon.awscdk', 'aws-cdk-lib', versions['aws-cdk-lib']],
    ['software.constructs', 'constructs', versions.constructs],
    ['org.cdk8s', 'cdk8s', versions.cdk8s],
    ['org.cdk8s', 'cdk8s-plus-28', versions['cdk8s-plus-28']],
    ['software.amazon.jsii', 'jsii-runtime', versions['jsii-pacmak']],
    ['org.jetbrains', 'annotations', '19.0.0'],
    ['javax.annotation', 'javax.annotation-api', '1.3.2'],
  ].map(([group, artifact, version]) => `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`);
  fs.writeFileSync(pom, fs.readFileSync(pom, 'utf8')
    .replace(/<version>\[.*<\/version>/g, '')
    .replace('<dependencies>', `<dependencyManagement><dependencies>${pins.join('')}</dependencies></dependencyManagement>\n  <dependencies>`));
}

/** The example with the versions of this repository, and with these arguments for every call of Maven in its folder. */
function useExample(dir: string, args: readonly string[], versions: Versions): string {
  const example = copyExample('java', dir);
  const { version } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
  fs.mkdirSync(path.join(example, '.mvn'));
  fs.writeFileSync(path.join(example, '.mvn', 'maven.config'), [
    ...args,
    `-Dcdk-irsa.version=${version}`,
    `-Daws-cdk.version=${versions['aws-cdk-lib']}`,
    `-Dconstructs.version=${versions.constructs}`,
    `-Dcdk8s.version=${versions.cdk8s}`,
    `-Dcdk8s-plus.version=${versions['cdk8s-plus-28']}`,
    `-Djsii.version=${versions['jsii-pacmak']}`,
  ].join('\n'));
  return example;
}

function inherited(): Record<string, string> {
  return { ...process.env as Record<string, string>, ...environment() };
}

function inRepository(folder: string): string[] {
  return [`-Dmaven.repo.local=${folder}`];
}

async function maven(cwd: string, args: readonly string[]): Promise<void> {
  await check({
    command: 'mvn',
    args: ['--batch-mode', '--quiet', '-Dmaven.javadoc.skip=true', '-Dmaven.source.skip=true', ...args],
    cwd,
    env: inherited(),
    timeoutMs: HALF_AN_HOUR,
  });
}
