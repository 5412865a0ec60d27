import { generateApp, type AppOptions } from './app';
import type { EksctlCluster } from '../model';

/** A file of a project. */
export interface ProjectFile {
  readonly name: string;
  readonly content: string;
}

/**
 * A project that `npm install` and `npx cdk deploy` work in.
 *
 * @param version of this package
 */
export function projectFiles(cluster: EksctlCluster, options: AppOptions, version: string): ProjectFile[] {
  return [
    { name: 'app.ts', content: generateApp(cluster, options) },
    { name: 'cdk.json', content: json({ app: 'npx tsx app.ts' }) },
    { name: 'package.json', content: json(packageOf(cluster, version)) },
    { name: 'tsconfig.json', content: json({ compilerOptions: { target: 'ES2022', module: 'CommonJS', strict: true, noEmit: true, skipLibCheck: true }, include: ['*.ts'] }) },
  ];
}

function packageOf(cluster: EksctlCluster, version: string): object {
  return {
    name: `${cluster.name.toLowerCase()}-service-accounts`,
    private: true,
    dependencies: {
      'aws-cdk-lib': '^2.240.0',
      // a version that was never published is that of a working copy
      'cdk-irsa': version === '0.0.0' ? '*' : `^${version}`,
      'cdk8s': '^2.68.12',
      'cdk8s-plus-28': '^2.5.6',
      'constructs': '^10.5.1',
    },
    devDependencies: { '@types/node': '^20', 'aws-cdk': '2', 'tsx': '^4', 'typescript': '^5' },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
