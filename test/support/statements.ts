import { createRequire } from 'node:module';
import { Client } from 'pg';

interface Queries {
  query: (...args: unknown[]) => unknown;
}

/** The ORM may bring a `pg` of its own: what it sends would be missed. */
const ormPg = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'))('pg') as {
  Client: { prototype: Queries };
};
const PROTOTYPES = [...new Set([Client.prototype as unknown as Queries, ormPg.Client.prototype])];

/**
 * The starts of what comes by chance: heartbeats, the check that runs beside them, and what a new connection is asked: its role, and
 * the server that it has reached.
 */
const BY_CHANCE = [
  'with reading as materialized (select',
  "select array(\n    select format('the table",
  'select current_user as role',
  'select extract(epoch from pg_catalog.pg_postmaster_start_time())',
];

/** The check that runs each second while nothing is missing. */
const REPEATED_CHECK = 'row-security-again';

/** Every statement that any `pg` of this process sends while `work` runs, in order, but those that come by chance. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const restore = PROTOTYPES.map((prototype) => {
    const { query: original } = prototype;
    prototype.query = function (this: unknown, ...args: unknown[]) {
      const [query] = args;
      const { text: named, name } = (query ?? {}) as { text?: unknown; name?: unknown };
      const text = typeof query === 'string' ? query : String(named);
      if (name !== REPEATED_CHECK && !BY_CHANCE.some((start) => text.startsWith(start))) statements.push(text);
      return original.apply(this, args);
    };
    return () => {
      prototype.query = original;
    };
  });
  try {
    await work();
  } finally {
    restore.forEach((undo) => undo());
  }
  return statements;
}
