/** An ARN in its parts. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All after the fifth colon. */
  readonly resource: string;
}

/** The parts of an ARN, or `undefined` for anything else. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = text.split(':');
  return arn === 'arn' && resource.length > 0 && partition && service ? { partition, service, region, account, resource: resource.join(':') } : undefined;
}

/** The name and account of a role, from its ARN or that of a session. */
export interface RoleIdentity {
  readonly partition: string;
  readonly account: string;
  /** Without the path. */
  readonly name: string;
  /** Only of a session. */
  readonly session?: string;
}

/** Who an ARN `…:iam::ACCOUNT:role/PATH/NAME` or `…:sts::ACCOUNT:assumed-role/NAME/SESSION` speaks of. */
export function parseRoleArn(text: string): RoleIdentity | undefined {
  const arn = parseArn(text);
  if (!arn || !/^\d{12}$/.test(arn.account) || arn.region !== '') {
    return undefined;
  }
  const [kind, ...rest] = arn.resource.split('/');
  const identity = { partition: arn.partition, account: arn.account };
  if (arn.service === 'iam' && kind === 'role' && rest.at(-1)) {
    return { ...identity, name: rest.at(-1)! };
  }
  return arn.service === 'sts' && kind === 'assumed-role' && rest.length === 2 && rest[0] && rest[1]
    ? { ...identity, name: rest[0], session: rest[1] }
    : undefined;
}

/** The host and path of an issuer, from the ARN of its provider. */
export function issuerOfProviderArn(text: string): string | undefined {
  const arn = parseArn(text);
  const prefix = 'oidc-provider/';
  return arn?.service === 'iam' && arn.resource.startsWith(prefix) && arn.resource.length > prefix.length ? arn.resource.slice(prefix.length) : undefined;
}
