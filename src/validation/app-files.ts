import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isBelow } from '../check/input/assembly';
import { MANIFESTS_DIRECTORY } from '../k8s/manifest-files';
import { Manifests } from '../k8s/manifests';

/** The `Manifests` construct that wrote a file. */
export function constructsOf(app: IConstruct | undefined): (file: string) => string | undefined {
  const written = (app?.node.findAll() ?? []).filter(node => node instanceof Manifests)
    .map(manifests => ({ folder: folderOf(manifests), path: manifests.node.path }));
  return file => written.find(({ folder }) => isBelow(file, folder))?.path;
}

/** Whether a file was written for a construct or something in it: the template of a stack, or manifests. */
export function filesOf(scope: IConstruct): (file: string) => boolean {
  const nodes = scope.node.findAll();
  const templates = new Set(nodes.filter(node => Stack.isStack(node)).map(stack => path.join(outputOf(stack), stack.templateFile)));
  const folders = nodes.filter(node => node instanceof Manifests).map(folderOf);
  return file => templates.has(file) || folders.some(folder => isBelow(file, folder));
}

/** Whether files are written for a construct or something in it. */
export function hasFiles(scope: IConstruct): boolean {
  return scope.node.findAll().some(node => Stack.isStack(node) || node instanceof Manifests);
}

function folderOf(manifests: Manifests): string {
  return path.join(outputOf(manifests), MANIFESTS_DIRECTORY, manifests.directory);
}

function outputOf(node: IConstruct): string {
  return fs.realpathSync(Stage.of(node)!.outdir);
}
