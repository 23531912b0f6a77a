import { crc32 } from 'node:zlib';
import type { Pool } from 'pg';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const START = 'mktp_';
const SECRET_LENGTH = 43;
/** Of the six digits of the checksum, the first one first. */
const WEIGHTS = [5, 4, 3, 2, 1, 0].map((power) => ALPHABET.length ** power);
const TENANTS = 1_000;

/** The plaintext of the stored key of this number, from 1 on; of one that nobody stored, beyond the count. */
export function storedKey(number: number): string {
  const body = START + String(number).padStart(SECRET_LENGTH, '0');
  const sum = crc32(body);
  return body + WEIGHTS.map((weight) => ALPHABET.charAt(Math.floor(sum / weight) % ALPHABET.length)).join('');
}

const CHECKSUM_SQL = WEIGHTS.map((weight) => `substr('${ALPHABET}', (sum / ${weight} % 62)::integer + 1, 1)`).join(
  ' || ',
);

/** SQL for the id of the tenant, or its one user, to whom the key `n` belongs. */
const idSql = (of: 'tenant' | 'user', n: string) => `md5('${of} ' || ${n} % ${TENANTS})::uuid`;

/**
 * Stores the keys of the numbers 1 to `count`, of tenants with one admin each; all of it by the server, some 20 s
 * for a million.
 */
export async function storeKeys(administrator: Pool, count: number): Promise<void> {
  const client = await administrator.connect();
  try {
    await client.query('begin');
    // The foreign keys hold by construction: checking them row by row would take most of the time.
    await client.query('set local session_replication_role = replica');
    await client.query(`
      insert into tenants (id, name)
      select ${idSql('tenant', 'n')}, 'tenant ' || n from generate_series(0, ${TENANTS - 1}) as n`);
    await client.query(`
      insert into users (id, tenant_id, email, name, role)
      select ${idSql('user', 'n')}, ${idSql('tenant', 'n')}, 'admin-' || n || '@example.test', 'admin', 'TENANT_ADMIN'
      from generate_series(0, ${TENANTS - 1}) as n`);
    await client.query(
      `
      insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash, scopes)
      select ${idSql('tenant', 'n')}, ${idSql('user', 'n')}, 'key ' || n, left(body, 9),
             encode(sha256((body || ${CHECKSUM_SQL})::bytea), 'hex'), '["devices:read"]'
      from generate_series(1, $1::integer) as n,
           lateral (select '${START}' || lpad(n::text, ${SECRET_LENGTH}, '0') as body) as plain,
           lateral (select crc32(body::bytea) as sum) as checked`,
      [count],
    );
    await client.query('commit');
    await client.query('vacuum analyze');
  } finally {
    client.release();
  }
}

/** Who owns the key of this number. */
export const adminOf = (number: number) => `admin-${number % TENANTS}@example.test`;

/** SQL for the id of the tenant of the key of this number. */
export const tenantSql = (number: number) => idSql('tenant', String(number));

/** Devices of the tenant of the key of this number. */
export async function storeDevices(administrator: Pool, keyNumber: number, count: number): Promise<void> {
  await administrator.query(
    `insert into devices (tenant_id, hostname, ip_address, model, serial_number, firmware_version, status, last_seen_at)
     select ${tenantSql(keyNumber)}, 'switch-' || n, '10.0.0.' || n, 'RB5009', 'HE' || n, '7.20.4', 'ONLINE', now()
     from generate_series(1, $1::integer) as n`,
    [count],
  );
  await administrator.query('vacuum analyze devices');
}
