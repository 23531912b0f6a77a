import { jest } from '@jest/globals';
import { VerifierDatabase } from '#database';
import { storeKeys } from '../support/store-keys.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';

/** However small the cache of the run: this is about what it spares. */
const CACHED = { API_KEYS_CACHE_SIZE: '1000' };
const KEYS = Number(process.env['COLD_KEYS'] ?? 20);
const INSTANCES = 3;
const WHOSE = '{ viewer { apiKey { id } } }';
/** Needs no database but for the verdict. */
const WHO = '{ viewer { kind } }';

describe('cold cache', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  it(`a cache that holds a tenth of ${KEYS} keys gives the right answer for every key (F38)`, async () => {
    const api = await TestPortal.start({ database, config: { apiKeys: { cacheSize: KEYS / 10 } } });
    const keys = await storeKeys(api, await api.given.apiKey(), KEYS);
    await api.settled();
    const shown = async (round: readonly { secret: string }[]) => {
      const seen: unknown[] = [];
      for (let first = 0; first < round.length; first += 20)
        seen.push(
          ...(await Promise.all(
            round
              .slice(first, first + 20)
              .map(async ({ secret }) => (await api.query(WHOSE, { key: secret })).at('viewer.apiKey.id')),
          )),
        );
      return seen;
    };
    const backwards = [...keys].reverse();
    expect(await shown(keys)).toEqual(keys.map(({ id }) => id));
    expect(await shown(backwards)).toEqual(backwards.map(({ id }) => id));
    await api.stop();
  });

  it(`keys that arrive all at once at ${INSTANCES} instances with an empty cache are looked up once on each instance (F39)`, async () => {
    const first = await TestPortal.start({ database, environment: CACHED });
    const keys = await storeKeys(first, await first.given.apiKey(), KEYS);
    await first.stop();
    const apis = [];
    while (apis.length < INSTANCES) apis.push(await TestPortal.start({ database, environment: CACHED }));
    for (const api of apis) await api.settled();
    const lookups = apis.map((api) => jest.spyOn(api.app.get(VerifierDatabase, { strict: false }), 'select'));
    const requests = apis.flatMap((api) => [...keys, ...keys, ...keys].map(({ secret }) => ({ api, secret })));
    const answers = await Promise.all(requests.map(({ api, secret }) => api.query(WHO, { key: secret })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    for (const lookup of lookups) {
      const hashes = lookup.mock.calls.filter(([name]) => name.startsWith('verdict')).flatMap(([, , [value]]) => value);
      expect(hashes).toHaveLength(KEYS);
    }
    for (const api of apis) await api.stop();
  });
});
