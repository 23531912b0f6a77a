import type { AsyncCommand } from 'fast-check';
import {
  awaitsFirstUse,
  effectiveScopesOf,
  isRotating,
  type Key,
  refusalOf,
  statusOf,
  type Tenant,
} from './key-life-model.js';
import { type AnyAction, outcomeOfAny } from './key-life-requests.js';
import type { KeyLifeSystem, InstanceNumber, ShownKey } from './key-life-system.js';

const MOST_KEYS = 4;

/** The model's tenant, which every step replaces, and what was done so far. */
export interface Life {
  tenant: Tenant;
  readonly tally: Map<string, number>;
}
/** Numbers that any tenant can be read for: places are taken modulo the length of its lists. */
export interface Choice {
  readonly place: InstanceNumber;
  /** A bit for each secret: which instance it is presented to. */
  readonly spread: number;
}
type Refused = { readonly refusal: string };

/** One step: what is done to the system and to the model, and what both are compared in afterwards. */
export abstract class Step implements AsyncCommand<Life, KeyLifeSystem> {
  constructor(
    protected readonly what: string,
    protected readonly choice: Choice,
  ) {}

  check(_: Life): boolean {
    return true;
  }

  async run(life: Life, system: KeyLifeSystem): Promise<void> {
    await this.take(life, system);
    await system.settle(this.choice.place === 0 ? 1 : 0);
    await compare(life, system, this.choice.spread, false);
  }

  toString(): string {
    return `${this.what} at ${this.choice.place}`;
  }

  protected count({ tally }: Life, outcome: string): void {
    const name = `${this.what.split(' ')[0]}: ${outcome}`;
    tally.set(name, (tally.get(name) ?? 0) + 1);
  }

  protected abstract take(life: Life, system: KeyLifeSystem): Promise<void>;
}

/** An operation on keys. */
export class Operation extends Step {
  constructor(
    what: string,
    choice: Choice,
    private readonly actionFor: (tenant: Tenant, now: number) => AnyAction,
  ) {
    super(what, choice);
  }

  override check({ tenant }: Life): boolean {
    return /^(create|request)/.test(this.what) ? tenant.keys.length < MOST_KEYS : tenant.keys.length > 0;
  }

  protected async take(life: Life, system: KeyLifeSystem): Promise<void> {
    const now = Date.now();
    const action = this.actionFor(life.tenant, now);
    const expected = outcomeOfAny(life.tenant, action, now);
    const seen = await system.act(this.choice.place, action, life.tenant);
    const refusal = (seen as Partial<Refused>).refusal;
    expect(refusal).toBe((expected as Partial<Refused>).refusal);
    this.count(life, refusal?.split(' ').slice(0, 3).join(' ') ?? 'DONE');
    if ('next' in expected && 'secret' in seen) life.tenant = expected.next(seen);
  }
}

/** Sets the policy of the tenant, and makes the first key of each of these owners. */
export async function begin(tenant: Tenant, system: KeyLifeSystem, owners: readonly number[]): Promise<Tenant> {
  let begun = tenant;
  await system.setPolicy(0, tenant.policy);
  for (const owner of owners) {
    const action = { kind: 'create', owner, scopes: ['devices:read', 'devices:write'], expiresAt: null } as const;
    const expected = outcomeOfAny(begun, action, Date.now());
    const made = await system.act(0, action, begun);
    if ('refusal' in expected || 'refusal' in made) throw new Error('A first key cannot be made.');
    begun = expected.next(made);
  }
  return begun;
}

/** Something that happens around keys: time passes, an owner leaves, a rule is set. */
export class Circumstance extends Step {
  constructor(
    what: string,
    choice: Choice,
    private readonly happen: (system: KeyLifeSystem, tenant: Tenant, place: InstanceNumber) => Promise<Tenant>,
  ) {
    super(what, choice);
  }

  protected async take(life: Life, system: KeyLifeSystem): Promise<void> {
    life.tenant = await this.happen(system, life.tenant, this.choice.place);
    this.count(life, 'DONE');
  }
}

/** Expects both instances, and every secret at some instance, to say what the model says. */
export async function compare(life: Life, system: KeyLifeSystem, spread: number, withUnused: boolean): Promise<void> {
  const { tenant } = life;
  const asked = Date.now();
  const [one, other] = await Promise.all([system.shownBy(0), system.shownBy(1)]);
  const expected = tenant.keys.map((key) => shownOf(tenant, key, asked));
  expect(one.map(comparable).sort(byId)).toEqual(expected.sort(byId));
  expect(other).toEqual(one);
  const presented = tenant.keys.flatMap((key) =>
    key.secrets
      .filter((secret) => withUnused || !awaitsFirstUse(key, secret, asked))
      .map((secret) => ({ key, secret })),
  );
  const answers = await Promise.all(
    presented.map(({ secret }, index) => system.present(((spread >> (index % 16)) & 1) as InstanceNumber, secret)),
  );
  const usable = ({ key, secret }: { key: Key; secret: string }) =>
    refusalOf(tenant, key, secret, asked) ?? [...effectiveScopesOf(tenant, key)].sort().join(' ');
  expect(answers).toEqual(presented.map(usable));
}

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
const comparable = ({ rotation, owner, ...members }: ShownKey) => ({
  ...members,
  ownerId: owner.id,
  isRotating: rotation !== null,
});
const shownOf = (tenant: Tenant, key: Key, now: number): ReturnType<typeof comparable> => ({
  id: key.id,
  status: statusOf(tenant, key, now),
  version: key.version,
  effectiveScopes: key.isRevoked ? [] : effectiveScopesOf(tenant, key),
  expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
  ownerId: tenant.owners[key.owner]?.id ?? '',
  isRotating: !key.isRevoked && isRotating(key, now),
});
