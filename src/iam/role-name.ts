import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { topLevelStack } from '../identity/top-level-stack';

/** Longest role name that IAM takes. */
export const MAX_ROLE_NAME_LENGTH = 64;

/** What IAM takes as a role name. */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

const HASH_LENGTH = 10;
const MAX_READABLE_LENGTH = MAX_ROLE_NAME_LENGTH - HASH_LENGTH - 1;

/** All that makes a generated role name what it is. */
export interface RoleNameParts {
  readonly stackName: string;
  /** Path of the role below its stack. */
  readonly path: string;
  readonly account: string;
  readonly region: string;
}

/**
 * The physical name of a role, known at synth.
 *
 * FROZEN: golden tests hold it. A role name cannot be changed in place, so any change here replaces every role of every
 * user at the next deployment. The hash takes in account and region because IAM is global and stacks are regional, and
 * tells apart names that differ in case only, which IAM does not.
 */
export function generateRoleName(parts: RoleNameParts): string {
  const { stackName, path, account, region } = parts;
  const hash = createHash('sha256').update(JSON.stringify([account, region, stackName, path])).digest('hex').slice(0, HASH_LENGTH);
  const readable = shorten(`${stackName}-${path}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+/, ''));
  return `${readable}-${hash}`.replace(/-+/g, '-');
}

/** Fails unless IAM takes the name. CDK checks too, but does not say which name it means. */
export function validateRoleName(name: string): string {
  if (!ROLE_NAME.test(name)) {
    throw new Error(`'${name}' (${name.length} characters) is not a role name: 1 to ${MAX_ROLE_NAME_LENGTH} letters, digits and _+=,.@-; `
      + 'shorten it, or leave roleName out for a generated name');
  }
  return name;
}

/**
 * The physical name of a role that is about to be made: the one it is given, or a generated one. `undefined`, for CloudFormation to name the
 * role, where account or region is known only at deployment, or no name is wanted.
 */
export function physicalName(scope: Construct, id: string, roleName: string | undefined, nameAtSynth: boolean): string | undefined {
  if (roleName !== undefined) {
    return Token.isUnresolved(roleName) ? roleName : validateRoleName(roleName);
  }
  const { account, region } = Stack.of(scope);
  if (!nameAtSynth || Token.isUnresolved(account) || Token.isUnresolved(region)) {
    return undefined;
  }
  const stack = topLevelStack(Stack.of(scope));
  // an id with slashes loses them, as in the construct tree
  const path = `${scope.node.path}/${id.replace(/\//g, '--')}`.slice(stack.node.path.length).replace(/^\//, '');
  return generateRoleName({ stackName: stack.stackName, path, account, region });
}

/** Keeps both ends: the stack's name stands at the beginning, what tells siblings apart at the end. */
function shorten(readable: string): string {
  if (readable.length <= MAX_READABLE_LENGTH) {
    return readable;
  }
  const head = Math.floor((MAX_READABLE_LENGTH - 1) / 2);
  const tail = MAX_READABLE_LENGTH - 1 - head;
  return `${readable.slice(0, head)}-${readable.slice(-tail)}`;
}
