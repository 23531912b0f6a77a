import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyAdministration } from '#api-keys';
import type { BenchDatabase, BenchServer } from '../support/bench-server.js';
import { drive, type Sample } from '../support/load.js';
import { openPortal } from '../support/portal.js';
import type { Contestant } from '../support/rounds.js';
import { storeKeys } from '../support/stored-keys.js';

const KEYS = 1_000;
export const BARE = 'a change, no triggers of notifications';
export const UNMATCHED = 'a change, an endpoint for other kinds';
export const MATCHED = 'a change, a matching endpoint';

const NOTIFYING = `select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as sql from pg_trigger
  where not tgisinternal and tgname ~ '_(notify|mail)_'`;
const endpoint = (kinds: string) => `insert into webhook_endpoints (tenant_id, url, kinds)
  select id, 'https://hooks.example.com/', '${kinds}' from tenants`;

/** The ways to prepare a database for changes, by the contestant's name. Nothing is sent. */
const PREPARED: Record<string, (database: BenchDatabase) => Promise<void>> = {
  [BARE]: async ({ administrator }) => {
    const { rows } = await administrator.query<{ sql: string }>(NOTIFYING);
    for (const { sql } of rows) await administrator.query(sql);
  },
  [UNMATCHED]: async ({ administrator }) => void (await administrator.query(endpoint('["API_KEY_LEAK_REPORTED"]'))),
  [MATCHED]: async ({ administrator }) => void (await administrator.query(endpoint('[]'))),
};

/** Suspends and resumes keys, each contestant in a database of its own. @returns the applications too, to be closed */
export async function changing(
  server: BenchServer,
  sampleMs: number,
): Promise<{ contestants: Contestant<Sample>[]; apps: NestFastifyApplication[] }> {
  const contestants: Contestant<Sample>[] = [];
  const apps: NestFastifyApplication[] = [];
  for (const [index, [name, prepare]] of Object.entries(PREPARED).entries()) {
    const database = await server.database(`changes_${index}`);
    await storeKeys(database.administrator, KEYS);
    await prepare(database);
    const app = await openPortal({ databaseUrl: database.url, dataDirectory: server.directory, cacheSize: 0 });
    apps.push(app);
    const { rows } = await database.administrator.query<{ id: string }>('select id from api_keys');
    const keys = app.get(KeyAdministration, { strict: false });
    let change = 0;
    const work = () => {
      const id = rows[(change >> 1) % rows.length]?.id ?? '';
      return change++ % 2 ? keys.resume(id) : keys.suspend(id);
    };
    contestants.push({ name, measure: () => drive(work, { inFlight: 1, forMs: sampleMs }) });
  }
  return { contestants, apps };
}
