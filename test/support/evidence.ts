import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { secretsIn } from './secret-scan.js';
import { testServer } from './test-server.js';

/**
 * What a run leaves behind to be searched at its end: each secret that it made, all that it printed, and what stood in
 * its databases. `secret-reporter.config.mjs` reads it.
 */
const known = new Set<string>();

/** Notes every secret in `texts`, known by its shape: answers, outputs, credentials. */
export function noteSecrets(...texts: (string | undefined)[]): void {
  noteSecretValues(texts.flatMap((text) => (text === undefined ? [] : secretsIn(text))));
}

/** Notes secrets that have no recognisable shape, such as passwords. */
export function noteSecretValues(secrets: readonly string[]): void {
  const fresh = secrets.filter((secret) => !known.has(secret));
  if (fresh.length === 0) return;
  for (const secret of fresh) known.add(secret);
  appendFileSync(pathOf(`secrets-${process.pid}`), `${fresh.join('\n')}\n`);
}

/** Keeps what a portal logged or a process printed. */
export function keepOutput(name: string, text: string): void {
  if (text !== '') writeFileSync(pathOf(`output-${name}-${randomUUID()}`), text);
}

/**
 * Keeps every row of every table as text, written by the server itself. Hashes of keys go into a file of their own: that
 * is where they may stand.
 * Secrets of webhooks are stored to sign, so the column that holds them is left out.
 */
export async function keepRows(session: Pool, database: string): Promise<void> {
  const { rows } = await session.query<{ table: string; columns: string; hasHash: boolean }>(`
    select c.oid::regclass::text as table, bool_or(a.attname = 'key_hash') as "hasHash",
           string_agg(quote_ident(a.attname), ', ') filter (where a.attname <> 'key_hash' and not (c.relname = 'webhook_secrets' and a.attname = 'secret')) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace group by 1`);
  const copy = (selects: readonly string[], file: string) =>
    session.query(`copy (${selects.join(' union all ')}) to '${pathOf(`${file}-${database}`)}'`);
  if (rows.length === 0) return;
  await copy(
    rows.map(({ table, columns }) => `select '${table}', row(${columns})::text from ${table}`),
    'rows',
  );
  const hashed = rows.filter(({ hasHash }) => hasHash);
  if (hashed.length > 0)
    await copy(
      hashed.map(({ table }) => `select key_hash from ${table}`),
      'hashes',
    );
}

function pathOf(file: string): string {
  return join(testServer().evidence, file);
}
