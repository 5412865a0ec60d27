/** The templates of the examples, the one inside a StackSet included, as CloudFormation's linter sees them. */
import * as path from 'node:path';
import { describe, test } from 'node:test';
import { unique, world } from './context';
import { exampleNames, synthesize } from '../../examples/synthesize';
import { check } from '../parts/exec';
import { pythonTool } from '../parts/python';

describe('the examples pass cfn-lint', () => {
  for (const name of exampleNames()) {
    test(name, async () => {
      const { directory, templates } = synthesize(name, path.join(world.dir, unique(name)));
      const files = Object.keys(templates).map(file => path.join(directory, file));
      // CDK says twice that a cluster waits for its subnets
      const lint = pythonTool(world.python, 'cfn-lint', ['--ignore-checks', 'W3005', '--', ...files]);
      await check({ ...lint, env: { HOME: world.home, PATH: process.env.PATH! } });
    });
  }
});
