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

/** The starts of heartbeats, and of the check that runs beside them: the invalidation channel proves itself when it likes. */
const HEARTBEATS = ['with reading as materialized (select', "select array(\n    select format('the table"];

/** The check that runs each second while nothing is missing. */
const REPEATED_CHECK = 'row-security-again';

/** Every statement that any `pg` of this process sends while `work` runs, in order, but those of the invalidation channel. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const restore = PROTOTYPES.map((prototype) => {
    const { query: original } = prototype;
    prototype.query = function (this: unknown, ...args: unknown[]) {
      const [query] = args;
      const { text: named, name } = (query ?? {}) as { text?: unknown; name?: unknown };
      const text = typeof query === 'string' ? query : String(named);
      if (name !== REPEATED_CHECK && !HEARTBEATS.some((start) => text.startsWith(start))) statements.push(text);
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
