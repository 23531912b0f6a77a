import { hash } from 'node:crypto';
import { Pool } from 'pg';
import type { BenchDatabase } from '../support/bench-server.js';
import { storedKey } from '../support/stored-keys.js';
import type { Way } from './way.js';

const READY = 10_000;

/** What the verifier cannot be faster than while it asks the database. */
const SELECT = `select id, tenant_id, user_id, scopes, expires_at, revoked_at from api_keys where key_hash = $1`;
/** The same with all that a verdict rests on. */
const JOINED = `
  select api_keys.key_hash, api_keys.id, api_keys.tenant_id, users.id, users.role, api_keys.scopes, api_keys.expires_at,
         api_keys.revoked_at, api_keys.suspended_at, users.is_active, tenants.suspended_at
  from api_keys join users on users.id = api_keys.user_id join tenants on tenants.id = api_keys.tenant_id
  where api_keys.key_hash = $1`;

/** The table of the replaced system: its columns, no row level security, no triggers. */
const REPLACED_TABLE = `
  create table replaced_keys as
    select id, tenant_id, user_id, name, key_prefix, key_hash, scopes, expires_at, last_used_at, created_at, revoked_at
    from api_keys;
  alter table replaced_keys add primary key (id), add unique (key_hash);
  grant select, update on replaced_keys to portal_jobs;
  analyze replaced_keys`;
const REPLACED_SELECT = `select id, tenant_id, user_id, scopes, expires_at, revoked_at from replaced_keys where key_hash = $1`;
const REPLACED_UPDATE = `update replaced_keys set last_used_at = now() where id = $1`;

/** The ways that others go, by `pg` alone, each on a pool of `connections`. */
export async function floors(
  database: BenchDatabase,
  { connections, stored }: { connections: number; stored: number },
): Promise<{ ways: Way[]; close: () => Promise<void> }> {
  await database.administrator.query(REPLACED_TABLE);
  const verifier = poolAs(database, 'portal_verifier', connections);
  const replaced = poolAs(database, 'portal_jobs', connections);
  const keys = Array.from({ length: Math.min(READY, stored) }, (_, n) => storedKey(n + 1));
  let turn = 0;
  const nextHash = () => hash('sha256', keys[turn++ % keys.length] ?? '', 'hex');
  const selectBy = (name: string, text: string) => async () =>
    requireOne(await verifier.query({ name, text, values: [nextHash()] }));
  return {
    ways: [
      { name: 'bare SELECT by pg', work: selectBy('bare', SELECT), inFlight: [1, 64] },
      { name: 'bare SELECT by pg, joined', work: selectBy('joined', JOINED), inFlight: [1, 64] },
      { name: 'the replaced pattern', work: () => verifyAsReplaced(replaced, nextHash()), inFlight: [1, 64] },
    ],
    close: async () => void (await Promise.all([verifier.end(), replaced.end()])),
  };
}

function poolAs({ url }: BenchDatabase, role: string, max: number): Pool {
  return new Pool({ connectionString: url, max, options: `-c role=${role}` });
}

/** A transaction that reads the key, notes its use and commits, for every request. */
async function verifyAsReplaced(pool: Pool, keyHash: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const found = await client.query<{ id: string }>({ name: 'replaced', text: REPLACED_SELECT, values: [keyHash] });
    requireOne(found);
    await client.query({ name: 'used', text: REPLACED_UPDATE, values: [found.rows[0]?.id] });
    await client.query('commit');
  } finally {
    client.release();
  }
}

function requireOne({ rows }: { rows: readonly unknown[] }): void {
  if (rows.length !== 1) throw new Error(`A stored key was found ${rows.length} times.`);
}
