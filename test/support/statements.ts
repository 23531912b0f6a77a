import { createRequire } from 'node:module';
import { Client } from 'pg';

interface Queryable {
  query: (...args: unknown[]) => unknown;
}

const require = createRequire(import.meta.url);
/** The ORM may have brought a copy of the driver of its own. */
const ofOrm = createRequire(require.resolve('@mikro-orm/postgresql'))('pg') as { Client: { prototype: Queryable } };
const prototypes = new Set<Queryable>([Client.prototype as Queryable, ofOrm.Client.prototype]);

/** Every statement that `pg` sends while `work` runs, in order. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const originals = new Map([...prototypes].map((prototype) => [prototype, prototype.query]));
  for (const [prototype, original] of originals)
    prototype.query = function (this: unknown, ...args: unknown[]) {
      const [query] = args;
      statements.push(typeof query === 'string' ? query : String((query as { text?: unknown } | undefined)?.text));
      return original.apply(this, args);
    };
  try {
    await work();
  } finally {
    for (const [prototype, original] of originals) prototype.query = original;
  }
  return statements;
}
