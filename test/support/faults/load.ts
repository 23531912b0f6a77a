import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../answer.js';
import { CREATE_KEY } from '../given.js';
import type { Ask } from '../test-portal.js';
import { until } from '../until.js';
import { type Entry, Journal } from './journal.js';

const READ = '{ viewer { tenant { id } } devices(first: 1) { nodes { id } } }';
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret apiKey { id } } }`;
const REVOKE = `mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { apiKeys { id } } }`;

/** Keys that are read with, once there are more. */
const KNOWN_KEYS = 50;
/** Ended secrets are presented for this long, to see that they are refused. */
const ENDED_MS = 4_000;

/** Requests each second, by kind, over all instances. */
const RATES = { CREATE: 20, READ: 60, REVOKE: 2, ROTATE: 2 };
/** Maximum number of requests of each kind under way: a slow machine is asked less, not later and later. */
const MOST_UNDER_WAY = 6;

/** The target of the load: a process, or an application in this process. */
export interface Target {
  readonly url: string;
  query(query: string, ask: Ask): Promise<Answer>;
}

export interface LoadTenant {
  id: string;
  /** Its admin's session. */
  session: string;
}

interface LoadKey {
  id: string;
  tenant: LoadTenant;
  secret: string;
}

/** Clients that make, use, rotate and revoke keys of several tenants at several instances, and note all of it. */
export class Load {
  readonly journal = new Journal();
  /** Keys that nobody tried to end. */
  private readonly keys: LoadKey[] = [];
  private readonly ended: { key: LoadKey; until: number }[] = [];
  private isStopped = false;
  private running: Promise<void>[] = [];

  constructor(
    private readonly targets: readonly Target[],
    private readonly tenants: readonly LoadTenant[],
    private readonly rates: Partial<typeof RATES> = RATES,
  ) {}

  start(): this {
    this.isStopped = false;
    const work = {
      CREATE: () => this.create(),
      READ: () => this.read(),
      REVOKE: () => this.revoke(),
      ROTATE: () => this.rotate(),
    };
    for (const [kind, perSecond = 0] of Object.entries(this.rates))
      this.running.push(this.pace(perSecond, work[kind as keyof typeof work]));
    return this;
  }

  /** @returns when everything that was asked has been answered */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running.splice(0));
  }

  /** Waits until every target makes a key and accepts one. */
  async served(withinMs: number): Promise<void> {
    const serves = async (target: Target) =>
      (await this.create(target)).status === 200 && (await this.read(target))?.status === 200;
    await Promise.all(this.targets.map((target) => until(`${target.url} serves`, () => serves(target), withinMs)));
  }

  /** Makes a key. */
  async create(target = oneOf(this.targets), tenant = oneOf(this.tenants)): Promise<Entry> {
    const entry = await this.journal.note({ kind: 'CREATE', instance: target.url, tenantId: tenant.id }, () =>
      target.query(CREATE_KEY, {
        session: tenant.session,
        variables: { input: { name: 'load', scopes: ['devices:read'] } },
      }),
    );
    const { id, secret } = entry.acknowledged ?? {};
    if (id && secret) this.keys.push({ id, secret, tenant });
    return entry;
  }

  /** Uses a key that is good, or now and then one that was ended a moment ago. */
  async read(target = oneOf(this.targets)): Promise<Entry | undefined> {
    const now = performance.now();
    while (this.ended[0] && this.ended[0].until < now) this.ended.shift();
    const isAboutEnded = this.ended.length > 0 && Math.random() < 0.2;
    const key = isAboutEnded ? oneOf(this.ended).key : this.someKey();
    if (!key) return undefined;
    const { id: keyId, secret, tenant } = key;
    return this.journal.note({ kind: 'READ', instance: target.url, tenantId: tenant.id, keyId, secret }, () =>
      target.query(READ, { key: secret }),
    );
  }

  async revoke(target = oneOf(this.targets)): Promise<Entry | undefined> {
    const key = this.takeKey();
    return key && this.endSecret('REVOKE', target, key, REVOKE, { ids: [key.id], reason: 'UNUSED' });
  }

  /** Without an overlap: the old secret ends at once. */
  async rotate(target = oneOf(this.targets)): Promise<Entry | undefined> {
    const key = this.takeKey();
    if (!key) return undefined;
    const entry = await this.endSecret('ROTATE', target, key, ROTATE, { id: key.id, overlapSeconds: 0 });
    const { secret } = entry.acknowledged ?? {};
    if (secret) this.keys.push({ ...key, secret });
    return entry;
  }

  private async endSecret(
    kind: 'REVOKE' | 'ROTATE',
    target: Target,
    key: LoadKey,
    document: string,
    input: Record<string, unknown>,
  ): Promise<Entry> {
    const { id: keyId, secret, tenant } = key;
    const asked = { kind, instance: target.url, tenantId: tenant.id, keyId, secret };
    const entry = await this.journal.note(asked, () =>
      target.query(document, { session: tenant.session, variables: { input } }),
    );
    this.ended.push({ key, until: performance.now() + ENDED_MS });
    return entry;
  }

  private someKey(): LoadKey | undefined {
    return oneOf(this.keys.slice(-KNOWN_KEYS));
  }

  /** Only one request tries to end a key, so that its fate is known. */
  private takeKey(): LoadKey | undefined {
    if (this.keys.length < this.tenants.length + 1) return undefined;
    return this.keys.splice(Math.floor(Math.random() * this.keys.length), 1)[0];
  }

  /** Begins the given number of requests a second. */
  private async pace(perSecond: number, work: () => Promise<unknown>): Promise<void> {
    const underWay = new Set<Promise<unknown>>();
    while (!this.isStopped && perSecond > 0) {
      const one = work().finally(() => underWay.delete(one));
      underWay.add(one);
      while (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
      await sleep((1_000 / perSecond) * (0.5 + Math.random()));
    }
    await Promise.all(underWay);
  }
}

function oneOf<Thing>(things: readonly [Thing, ...Thing[]] | readonly Thing[]): Thing {
  return things[Math.floor(Math.random() * things.length)] as Thing;
}
