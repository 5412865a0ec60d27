/** A file of a project. */
export interface ProjectFile {
  readonly name: string;
  readonly content: string;
}

/**
 * What an app needs to run after `npm install`.
 *
 * @param name of the project
 * @param version of this package
 */
export function projectFiles(name: string, app: string, version: string): ProjectFile[] {
  return [
    { name: 'app.ts', content: app },
    { name: 'cdk.json', content: json({ app: 'npx tsx app.ts' }) },
    { name: 'package.json', content: json(packageOf(name, version)) },
    { name: 'tsconfig.json', content: json({ compilerOptions: { target: 'ES2022', module: 'Node16', types: ['node'], strict: true, noEmit: true, skipLibCheck: true }, include: ['*.ts'] }) },
  ];
}

function packageOf(name: string, version: string): object {
  return {
    name,
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
