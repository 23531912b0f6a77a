import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { UseRecorder } from '#api-keys';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';
import { databaseNow, flush, QUIET, READ, sum, times, usedOf, WRITE } from '../support/usage.js';

const SERVER = resolve(import.meta.dirname, '../../dist/apps/portal/src/main.js');

let api: TestPortal;
let second: TestPortal;
beforeAll(async () => {
  api = await TestPortal.start({ config: QUIET });
  second = await TestPortal.start({ config: QUIET, database: api.database });
});
afterAll(async () => {
  await second.stop();
  await api.stop();
});

const countsOf = async (key: GivenKey) => {
  const { usage, attemptsAfterRevocation } = await usedOf(api, key);
  return { allowed: sum(usage, 'allowed'), denied: sum(usage, 'denied'), attemptsAfterRevocation };
};
const without = async (table: string, work: () => Promise<void>) => {
  await api.database.sql(`alter table ${table} rename to gone`);
  try {
    await work();
  } finally {
    await api.database.sql(`alter table gone rename to ${table}`);
  }
};
const recorderOf = (portal: TestPortal) => portal.app.get(UseRecorder, { strict: false });

describe('uses that cannot be written', () => {
  it.each(['api_key_scope_use', 'api_key_usage_hours'])(
    'for want of %s wait, hurt no request, and are written once they can be',
    async (table) => {
      const key = await api.given.apiKey();
      const dead = await api.given.apiKey();
      await api.database.sql('update api_keys set revoked_at = now() where id = $1', [dead.id]);
      await api.query(READ, { key: key.secret });
      await flush(api);
      const { failedFlushes } = recorderOf(api).state;

      await without(table, async () => {
        await api.query(READ, { key: key.secret });
        expect(await flush(api)).toBe(false);
        expect((await api.query(READ, { key: key.secret })).status).toBe(200);
        expect((await api.query(WRITE, { key: key.secret })).code).toBe('NOT_FOUND');
        expect((await api.query(READ, { key: dead.secret })).reason).toBe('REVOKED_KEY');
        expect(await flush(api)).toBe(false);
      });
      const state = { waitingKeys: 2, failedFlushes: failedFlushes + 2, droppedRequests: 0 };
      expect(recorderOf(api).state).toEqual(state);
      // Nest's log is one for the process: that of the portal that started last.
      expect(second.log.filter((line) => line.includes('could not be written yet')).length).toBeGreaterThanOrEqual(2);
      expect(await flush(api)).toBe(true);
      expect(await countsOf(key)).toEqual({ allowed: 4, denied: 0, attemptsAfterRevocation: 0 });
      expect(await countsOf(dead)).toEqual({ allowed: 0, denied: 0, attemptsAfterRevocation: 1 });
      expect(recorderOf(api).state.waitingKeys).toBe(0);
    },
  );

  it('of a key that is gone keep no other key waiting', async () => {
    const gone = await api.given.apiKey();
    const key = await api.given.apiKey();
    for (const { secret } of [gone, key]) await api.query(READ, { key: secret });
    await api.database.sql('delete from api_keys where id = $1', [gone.id]);
    expect(await flush(api)).toBe(true);
    expect((await countsOf(key)).allowed).toBe(1);
  });
});

describe('uses of one key on two instances', () => {
  it('move its last use forwards only, whichever instance writes last', async () => {
    const key = await api.given.apiKey();
    await api.query(READ, { key: key.secret });
    const between = await databaseNow(api);
    await second.query(READ, { key: key.secret });
    await flush(second);
    const { lastUsedAt } = await usedOf(api, key);
    expect(Date.parse(String(lastUsedAt))).toBeGreaterThanOrEqual(Math.floor(between));
    await flush(api);
    expect((await usedOf(api, key)).lastUsedAt).toBe(lastUsedAt);
    expect((await countsOf(key)).allowed).toBe(2);
  });

  it('add up when both write many keys at once, in opposite orders', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => api.given.apiKey()));
    const backwards = [...keys].reverse();
    const rounds = 30;
    for (let round = 0; round < rounds; round++) {
      for (const { id } of keys) recorderOf(api).allowed(id, '10.0.0.1', ['devices:read', 'devices:write']);
      for (const { id } of backwards) recorderOf(second).allowed(id, '10.0.0.2', ['devices:write', 'devices:read']);
      expect(await Promise.all([flush(api), flush(second)])).toEqual([true, true]);
    }
    const counts = await Promise.all(keys.map((key) => countsOf(key)));
    expect(counts.map(({ allowed }) => allowed)).toEqual(keys.map(() => 2 * rounds));
  });
});

describe('an instance that stops', () => {
  it('writes its uses before its database closes', async () => {
    const stopping = await TestPortal.start({ config: QUIET, database: api.database });
    const key = await api.given.apiKey();
    await times(3, () => stopping.query(READ, { key: key.secret }));
    await stopping.stop();
    expect((await countsOf(key)).allowed).toBe(3);
    expect(stopping.log.filter((line) => /could not be written|are lost/.test(line))).toEqual([]);
  });

  it('on SIGTERM too', async () => {
    const key = await api.given.apiKey();
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-serve-'));
    const server = spawn(process.execPath, [SERVER, 'serve'], {
      cwd: directory,
      env: { ...process.env, NODE_ENV: 'development', PORT: '0', DATABASE_URL: api.database.url, LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(server, 'exit');
    try {
      const url = await servedUrl(server.stdout);
      for (let use = 0; use < 5; use++) {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-api-key': key.secret },
          body: JSON.stringify({ query: READ }),
        });
        expect(await answer.json()).toEqual({ data: { devices: { nodes: [] } } });
      }
      server.kill('SIGTERM');
      await ended;
    } finally {
      server.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    }
    expect((await countsOf(key)).allowed).toBe(5);
  }, 30_000);
});

async function servedUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, url] = /^URL: (\S+)$/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The server ended before it served.');
}
