import { UseBatch } from './use-batch.js';

const HOUR = 3_600_000;
const START = 500_000 * HOUR;
const never = (requests: number) => {
  throw new Error(`dropped ${requests}`);
};
const only = (batch: UseBatch, now = START) => {
  const [row, ...others] = batch.rows(now);
  expect(others).toEqual([]);
  return row;
};
/** All counts, over all keys and hours. */
const total = (batch: UseBatch) =>
  batch
    .rows(START)
    .flatMap(({ hours }) => hours)
    .reduce((sum, { allowed, denied }) => sum + allowed + denied, 0);

describe('batch of uses', () => {
  it('a batch of uses merges all requests of a key, and gives ages instead of instants', () => {
    const batch = new UseBatch(10, never);
    batch.allow('k', START, '10.0.0.1', ['a', 'b'], 1);
    batch.allow('k', START + 2_000, '10.0.0.2', ['a'], 2);
    batch.deny('k', START + 3_000);
    batch.attemptAfterRevocation('k');
    expect(only(batch, START + 5_000)).toEqual({
      id: 'k',
      age: 3,
      ip: '10.0.0.2',
      attempts: 1,
      hours: [{ age: 5, allowed: 2, denied: 1 }],
      scopes: [
        { scope: 'a', age: 3 },
        { scope: 'b', age: 5 },
      ],
      secrets: [
        { number: 1, age: 5 },
        { number: 2, age: 3 },
      ],
      addresses: [
        { ip: '10.0.0.1', firstAge: 5, age: 5 },
        { ip: '10.0.0.2', firstAge: 3, age: 3 },
      ],
    });
  });

  it('a batch keeps the last ten addresses of a key, each with its first and last use', () => {
    const batch = new UseBatch(10, never);
    for (let n = 0; n < 12; n++) batch.allow('k', START + n, `10.0.0.${n}`, [], 1);
    batch.allow('k', START + 12, '10.0.0.5', [], 1);
    batch.allow('k', START + 13, '10.0.0.5', [], 1);
    const addresses = only(batch, START + 13)?.addresses ?? [];
    expect(addresses.map(({ ip }) => ip.replace('10.0.0.', ''))).toEqual([2, 3, 4, 6, 7, 8, 9, 10, 11, 5].map(String));
    expect(addresses.at(-1)).toEqual({ ip: '10.0.0.5', firstAge: 0.008, age: 0 });
  });

  it('a batch that takes over an older one keeps the addresses that were used last', () => {
    const [older, newer] = [new UseBatch(10, never), new UseBatch(10, never)];
    for (let n = 0; n < 10; n++) older.allow('k', START + n, `10.0.0.${n}`, [], 1);
    newer.allow('k', START + 20, '10.0.0.3', [], 1);
    newer.allow('k', START + 21, '10.0.1.1', [], 1);
    newer.absorb(older);
    const addresses = only(newer, START + 21)?.addresses ?? [];
    expect(addresses).toHaveLength(10);
    expect(addresses.slice(-2)).toEqual([
      { ip: '10.0.0.3', firstAge: 0.018, age: 0.001 },
      { ip: '10.0.1.1', firstAge: 0, age: 0 },
    ]);
    expect(addresses.map(({ ip }) => ip)).not.toContain('10.0.0.0');
  });

  it('a batch counts neither a refusal nor an attempt as a use', () => {
    const batch = new UseBatch(10, never);
    batch.deny('k', START);
    batch.attemptAfterRevocation('k');
    expect(only(batch)).toMatchObject({ age: null, ip: null, scopes: [] });
  });

  it('a batch keeps requests before and after the full hour apart', () => {
    const batch = new UseBatch(10, never);
    batch.allow('k', START + HOUR - 1, undefined, [], 1);
    batch.allow('k', START + HOUR, undefined, [], 1);
    expect(only(batch, START + HOUR)?.hours).toEqual([
      { age: 0.001, allowed: 1, denied: 0 },
      { age: 0, allowed: 1, denied: 0 },
    ]);
  });

  it('a batch never gives an age below zero', () => {
    const batch = new UseBatch(10, never);
    batch.allow('k', START + 1, undefined, ['a'], 1);
    expect(only(batch, START)).toMatchObject({ age: 0, hours: [{ age: 0 }], scopes: [{ age: 0 }] });
  });

  it.each([
    ['the older into the newer', 0, 1],
    ['the newer into the older', 1, 0],
  ])('a batch that absorbs %s loses nothing and keeps the later use', (_, into, from) => {
    const older = new UseBatch(10, never);
    older.allow('k', START, '10.0.0.1', ['a', 'b'], 1);
    older.deny('only-older', START);
    const newer = new UseBatch(10, never);
    newer.allow('k', START + HOUR, '10.0.0.2', ['a'], 1);
    newer.attemptAfterRevocation('k');
    const pair = [older, newer];
    pair[into]?.absorb(pair[from] ?? older);
    const rows = pair[into]?.rows(START + HOUR) ?? [];
    expect(rows.find(({ id }) => id === 'only-older')?.hours).toEqual([{ age: 3600, allowed: 0, denied: 1 }]);
    expect(rows.find(({ id }) => id === 'k')).toEqual({
      id: 'k',
      age: 0,
      ip: '10.0.0.2',
      attempts: 1,
      hours: [
        { age: 3600, allowed: 1, denied: 0 },
        { age: 0, allowed: 1, denied: 0 },
      ],
      scopes: expect.arrayContaining([
        { scope: 'a', age: 0 },
        { scope: 'b', age: 3600 },
      ]),
      secrets: [{ number: 1, age: 0 }],
      addresses: [
        { ip: '10.0.0.1', firstAge: 3600, age: 3600 },
        { ip: '10.0.0.2', firstAge: 0, age: 0 },
      ],
    });
  });

  it('a batch holds a maximum number of keys, drops the key that waited longest, and counts the dropped requests', () => {
    let dropped = 0;
    const batch = new UseBatch(3, (requests) => {
      dropped += requests;
    });
    batch.allow('first', START, undefined, [], 1);
    batch.deny('first', START);
    for (let key = 0; key < 100; key++) batch.allow(`key-${key}`, START, undefined, [], 1);
    expect(batch.size).toBe(3);
    expect(batch.rows(START).map(({ id }) => id)).toEqual(['key-97', 'key-98', 'key-99']);
    expect(dropped).toBe(2 + 97);
  });

  it('a batch holds the same maximum when it absorbs another', () => {
    let dropped = 0;
    const batch = new UseBatch(3, (requests) => {
      dropped += requests;
    });
    const other = new UseBatch(3, never);
    for (let key = 0; key < 3; key++) {
      batch.allow(`old-${key}`, START, undefined, [], 1);
      other.allow(`new-${key}`, START, undefined, [], 1);
    }
    batch.absorb(other);
    expect([batch.size, dropped]).toEqual([3, 3]);
  });

  it('a batch holds a few hours of a key and loses no count, however long nothing can be written', () => {
    const batch = new UseBatch(3, never);
    for (let hour = 0; hour < 100; hour++) {
      batch.allow('k', START + hour * HOUR, undefined, [], 1);
      batch.deny('k', START + hour * HOUR + 1);
    }
    expect(only(batch)?.hours.length).toBeLessThanOrEqual(6);
    expect(total(batch)).toBe(200);
    expect(only(batch, START + 99 * HOUR)?.hours.at(-1)).toEqual({ age: 0, allowed: 1, denied: 1 });
  });

  it('a batch is split from its oldest keys on, each key once', () => {
    const batch = new UseBatch(10, never);
    for (let key = 0; key < 5; key++) batch.allow(`key-${key}`, START, undefined, [], 1);
    const parts = [batch.take(2), batch.take(2), batch.take(2), batch.take(2)];
    expect(parts.map((part) => part.rows(START).map(({ id }) => id))).toEqual([
      ['key-0', 'key-1'],
      ['key-2', 'key-3'],
      ['key-4'],
      [],
    ]);
    expect(batch.size).toBe(0);
  });
});
