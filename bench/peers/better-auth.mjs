import { createHash } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { Pool } from 'pg';

/** A verification that its own limiter refuses is no verification: by default a key is good for ten a day. */
const USES_PER_KEY = 10;

/**
 * better-auth with its API-key plugin, on a database of its own.
 * @param options.url of an empty database
 * @param options.connections of its pool
 * @param options.tuned `false`: as it comes. `true`: keys and sessions in this process's memory, no limiter, updates
 *   deferred: the fastest that its options admit
 * @param options.keys how many to store
 * @returns `verify`: verifies one key after another. @throws when a good key is not accepted
 */
export async function openBetterAuth({ url, connections, tuned, keys }) {
  const pool = new Pool({ connectionString: url, max: connections });
  // The server may be stopped first; without a listener that would end the process and hide why.
  pool.on('error', () => undefined);
  const auth = betterAuth(optionsFor(pool, tuned));
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  const { id: userId } = await (
    await auth.$context
  ).internalAdapter.createUser({
    email: 'bench@example.test',
    name: 'bench',
    emailVerified: true,
  });
  const create = async () => (await auth.api.createApiKey({ body: { userId, name: 'bench' } })).key;
  const plaintexts = tuned ? await createAll(create, keys) : await copyStored(pool, await create(), keys);
  let turn = 0;
  const usesLeft = { count: plaintexts.length * USES_PER_KEY };
  return {
    async verify() {
      if (!tuned && usesLeft.count-- <= 0) throw new Error('Every key of the default form has been used ten times.');
      const { valid, error } = await auth.api.verifyApiKey({ body: { key: plaintexts[turn++ % plaintexts.length] } });
      if (!valid) throw new Error(`better-auth refuses a good key: ${JSON.stringify(error)}`);
    },
    close: () => pool.end(),
  };
}

function optionsFor(pool, tuned) {
  const common = {
    database: pool,
    baseURL: 'http://127.0.0.1',
    secret: 'a secret of the bench, of no use elsewhere',
    telemetry: { enabled: false },
    logger: { disabled: true },
  };
  if (!tuned) return { ...common, plugins: [apiKey()] };
  const memory = new Map();
  return {
    ...common,
    secondaryStorage: {
      get: (key) => memory.get(key) ?? null,
      set: (key, value) => void memory.set(key, value),
      delete: (key) => void memory.delete(key),
    },
    advanced: { backgroundTasks: { handler: (work) => void work } },
    plugins: [apiKey({ storage: 'secondary-storage', deferUpdates: true, rateLimit: { enabled: false } })],
  };
}

async function createAll(create, count) {
  const plaintexts = [];
  while (plaintexts.length < count) plaintexts.push(await create());
  return plaintexts;
}

/** Making each through its API takes minutes: the row of one is copied under the hashes of others. */
async function copyStored(pool, made, count) {
  const plaintexts = Array.from({ length: count }, (_, n) => `${made.slice(0, -8)}${String(n).padStart(8, '0')}`);
  const hashes = plaintexts.map((plaintext) => createHash('sha256').update(plaintext).digest('base64url'));
  const { rowCount } = await pool.query(
    `insert into apikey select (jsonb_populate_record(null::apikey,
       to_jsonb(made) || jsonb_build_object('id', 'copy-' || number, 'key', copied.hash))).*
     from (select * from apikey limit 1) as made, unnest($1::text[]) with ordinality as copied (hash, number)`,
    [hashes],
  );
  if (rowCount !== count) throw new Error(`Of ${count} keys, ${rowCount} were stored.`);
  await pool.query('vacuum analyze apikey');
  return plaintexts;
}
