import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUDIENCE, kubectl, resign, world } from './context';
import { AUDIENCES, Reader, Scenario, Subject } from './scenarios';
import { isAllowed, Testbed } from './testbed';

/** A reader's role, and the account that it is in. */
export interface Place {
  readonly role: string;
  readonly testbed: Testbed;
}

/** Who may take a reader's role, and who may not: each refusal is one step away from what is allowed. */
export function refusesOthers(title: string, reader: Reader, scenario: Scenario, place: () => Place): void {
  const asker = new Asker(reader, place);
  subjects(title, reader, asker);
  audiences(title, reader, scenario, asker);
  clusters(title, reader, scenario, asker);
  badTokens(title, reader, asker);

  test(`${title}fails for a role with no trust in web identities at all`, async () => {
    const token = await asker.tokenOf(reader.subject);
    assert.equal(await asker.allowed(token), true, 'the right token is allowed');
    assert.equal(await place().testbed.opensUntrusting(token), false);
  });
}

/** Asks for a reader's role, and finds out what a refusal comes from. */
class Asker {
  public constructor(private readonly reader: Reader, private readonly place: () => Place) {}

  public tokenOf([namespace, name]: Subject, audience = this.reader.audience ?? AUDIENCE): Promise<string> {
    return kubectl.createToken(namespace, name, audience);
  }

  public allowed(token: string): Promise<boolean> {
    return isAllowed(this.place().role, token);
  }

  /** Only our role's trust policy is against this token: it opens a role beside ours that trusts what it says. */
  public async assertRefusedByTrust(token: string): Promise<void> {
    assert.equal(await this.place().testbed.opensOwnRole(token), true, 'a role that trusts what the token says is opened');
    assert.equal(await this.allowed(token), false);
  }

  /** No role is opened by this token, whatever it trusts, and ours is by the one next to it. */
  public async assertRefusedAnyway(token: string, next: string): Promise<void> {
    assert.equal(await this.allowed(next), true, 'the right token is allowed');
    assert.equal(await this.place().testbed.opensOwnRole(token), false, 'a role that trusts what the token says is opened');
    assert.equal(await this.allowed(token), false);
  }

  /** Whether the role's account has a provider for an issuer. */
  public knows(issuer: string): boolean {
    return this.place().testbed.knows(issuer);
  }
}

function subjects(title: string, { subject, friends = [], strangers }: Reader, asker: Asker): void {
  test(`${title}the role is assumed by the service account itself`, async () => {
    assert.equal(await asker.allowed(await asker.tokenOf(subject)), true);
  });

  for (const friend of friends) {
    test(`${title}the role is assumed by ${friend.join('/')} as well`, async () => {
      assert.equal(await asker.allowed(await asker.tokenOf(friend)), true);
    });
  }

  for (const [what, stranger] of Object.entries(strangers)) {
    test(`${title}fails for ${what}, ${stranger.join('/')}`, async () => {
      await asker.assertRefusedByTrust(await asker.tokenOf(stranger));
    });
  }
}

function audiences(title: string, { subject, audience = AUDIENCE }: Reader, { audiences: listed = AUDIENCES }: Scenario, asker: Asker): void {
  for (const other of [...AUDIENCES, 'https://kubernetes.default.svc'].filter((name) => name !== audience)) {
    const taken = listed.includes(other);
    test(`${title}fails for the audience ${other}, which the provider ${taken ? 'takes' : 'refuses'}`, async () => {
      const token = await asker.tokenOf(subject, other);
      await (taken ? asker.assertRefusedByTrust(token) : asker.assertRefusedAnyway(token, await asker.tokenOf(subject)));
    });
  }
}

function clusters(title: string, { subject }: Reader, scenario: Scenario, asker: Asker): void {
  const { clusters: trusted = ['blue'], providers = trusted } = scenario;
  const tokenFrom = async (name: 'blue' | 'green' | 'red'): Promise<string> =>
    resign(await asker.tokenOf(subject), { iss: world[name].issuer }, world[name]);

  for (const cluster of trusted) {
    test(`${title}the role is assumed from the cluster ${cluster}`, async () => {
      assert.equal(await asker.allowed(await tokenFrom(cluster)), true);
    });
  }

  for (const cluster of (['blue', 'green', 'red'] as const).filter((name) => !(trusted as readonly string[]).includes(name))) {
    const known = cluster === 'red' || providers.includes(cluster);
    test(`${title}fails for the cluster ${cluster}, which has ${known ? 'a' : 'no'} provider`, async () => {
      assert.equal(asker.knows(world[cluster].issuer), known);
      const token = await tokenFrom(cluster);
      await (known ? asker.assertRefusedByTrust(token) : asker.assertRefusedAnyway(token, await asker.tokenOf(subject)));
    });
  }
}

/** What no trust policy has to refuse. */
function badTokens(title: string, { subject }: Reader, asker: Asker): void {
  test(`${title}fails for a token signed by another cluster's key`, async () => {
    const token = await asker.tokenOf(subject);
    await asker.assertRefusedAnyway(resign(token, {}, { ...world.blue, key: world.green.key }), resign(token, {}, world.blue));
  });

  test(`${title}fails for an expired token`, async () => {
    const token = await asker.tokenOf(subject);
    const now = Math.floor(Date.now() / 1000);
    const expired = resign(token, { iat: now - 7200, nbf: now - 7200, exp: now - 3600 }, world.blue);
    await asker.assertRefusedAnyway(expired, resign(token, {}, world.blue));
  });
}
