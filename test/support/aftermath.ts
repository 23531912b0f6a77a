import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Answer } from './answer.js';
import type { GivenKey } from './given.js';
import { SecretScan } from './secret-scan.js';
import type { TestDatabase } from './test-database.js';
import type { TestPortal } from './test-portal.js';
import { until } from './until.js';

const MEGABYTE = 1024 * 1024;
/** "At once" takes milliseconds on a free machine; one that does the work of ten is no failure. */
const AT_ONCE_MS = 10_000;
const EVENTS = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'];

/** Tables and columns that record uses and refusals, which a refused request may write, too. */
const TABLES_OF_USE = [
  'api_key_usage_hours',
  'api_key_usage_days',
  'api_key_scope_use',
  'api_key_addresses',
  'api_key_use_batches',
];
const COLUMNS_OF_USE = [
  'last_used_at',
  'last_used_ip',
  'previous_last_used_at',
  'new_first_used_at',
  'attempts_after_revocation',
];

/** Texts that no answer may show. */
const INSIDE: readonly [what: string, pattern: RegExp][] = [
  ['a stack', /\bat [^"]*\.[cm]?[jt]s:\d+|node:internal|node_modules/],
  ['an SQLSTATE', /\bSQLSTATE\b|"(?:08|2[0-9A-F]|3[0-9]|4[0-4]|5[3-8]|XX)[0-9A-Z]{3}"/],
  ['SQL', /\b(?:select\s.+\sfrom|insert\s+into|update\s.+\sset|delete\s+from)\s/i],
  ['a constraint', /_(?:pkey|foreign|unique|check)\b/],
  ['a table or a column', /\b(?:api_keys?_\w+|api_keys|key_hash|key_prefix|tenant_id|user_id|ip_address)\b/],
  ['a path', /file:\/\/|\/(?:home|root|tmp|work|usr)\//],
];

/**
 * What must hold after a request, however bad it was: the portal lives and answers good keys (Z1), no row is other than
 * before (Z2), the answer shows nothing of the inside (Z3) nor the log any secret (Z4), it came at once (Z5), nothing was
 * left unhandled (Z6), no connection is held (Z7) and memory does not grow (Z8).
 *
 * One of these watches one portal. `of` goes around each request, `ofRow` comes after each row of a table and `ofTable`
 * after all of them; `ofRepeats` is for the long size.
 */
export class Aftermath {
  /** Secrets that may stand neither in an answer nor in the log. A test adds what it makes. */
  readonly secrets: Set<string>;
  private readonly unhandled: string[] = [];
  private rows: Record<string, string> = {};
  private logRead = 0;

  private constructor(
    private readonly api: TestPortal,
    private readonly key: GivenKey,
  ) {
    this.secrets = new Set([key.secret, key.admin.session]);
  }

  /** @param key a good one that the rows leave good */
  static async begin(api: TestPortal, key: GivenKey): Promise<Aftermath> {
    const aftermath = new Aftermath(api, key);
    for (const event of EVENTS) process.on(event, aftermath.note);
    await aftermath.keepRows();
    return aftermath;
  }

  /** Takes the rows as they are now for those that `ofTable` must find. */
  async keepRows(): Promise<void> {
    this.rows = await fingerprints(this.api.database);
  }

  /** Asks, and checks what comes back: at once (Z5) and without a look inside (Z3). */
  async of<Answers extends Answer | undefined | readonly Answer[]>(ask: () => Promise<Answers>): Promise<Answers> {
    const start = performance.now();
    const answers = await ask();
    expect(performance.now() - start).toBeLessThan(AT_ONCE_MS);
    for (const answer of [answers].flat()) if (answer) this.expectNothingInside(answer);
    return answers;
  }

  /** The portal lives (Z1), the log has no secret (Z4), nothing was left unhandled (Z6). */
  async ofRow(): Promise<void> {
    const start = performance.now();
    const answer = await this.api.query('{ __typename }', { key: this.key.secret });
    expect([answer.status, answer.text]).toEqual([200, '{"data":{"__typename":"Query"}}\n']);
    expect(performance.now() - start).toBeLessThan(AT_ONCE_MS);
    expect(new SecretScan(this.secrets).tracesIn(this.newLog())).toEqual([]);
    expect(this.unhandled).toEqual([]);
  }

  /** The rows are those that were kept (Z2), and soon no connection is at work or in a transaction (Z7). */
  async ofTable(): Promise<void> {
    expect(await fingerprints(this.api.database)).toEqual(this.rows);
    await until('every connection of the portal is idle', () => isIdle(this.api.database));
  }

  /** Memory in use after that many repeats (Z8): at most 30 MB more than after the first round. */
  async ofRepeats(times: number, ask: () => Promise<unknown>): Promise<void> {
    for (let n = 0; n < times; n++) await ask();
    const before = memoryInUse();
    for (let n = 0; n < times; n++) await ask();
    expect(memoryInUse() - before).toBeLessThan(30 * MEGABYTE);
  }

  /** Stops watching the process. */
  end(): void {
    for (const event of EVENTS) process.off(event, this.note);
  }

  private readonly note = (what: unknown): void => {
    const isOther =
      what instanceof Error && what.name.endsWith('Warning') && what.name !== 'MaxListenersExceededWarning';
    if (!isOther) this.unhandled.push(inspect(what));
  };

  private expectNothingInside({ text }: Answer): void {
    expect(INSIDE.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${what} in ${text}`)).toEqual([]);
    expect(environmentIn(text, this.api.database)).toEqual([]);
    expect(new SecretScan(this.secrets).tracesIn(text)).toEqual([]);
  }

  private newLog(): string {
    const lines = this.api.log.slice(this.logRead);
    this.logRead = this.api.log.length;
    return lines.join('');
  }
}

/** Once all garbage is collected: what the process takes besides is the collector's to decide. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Names of the variables, and parts of the database's URL, whose values stand in a text. */
function environmentIn(text: string, database: TestDatabase): string[] {
  const { password, pathname, host } = new URL(database.url);
  const values = { ...process.env, password, database: pathname.slice(1), host };
  // What is shorter stands in many a text by chance.
  return Object.keys(values).filter((name) => {
    const value = values[name as keyof typeof values] ?? '';
    return value.length >= 8 && text.includes(value);
  });
}

/** A digest of the rows of each table, without the columns that record uses. */
async function fingerprints(database: TestDatabase): Promise<Record<string, string>> {
  const tables = await database.sql<{ name: string }>(
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
     and relname <> all($1) order by relname`,
    [TABLES_OF_USE],
  );
  const digests = tables.map(
    ({
      name,
    }) => `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(line, E'\\n' order by line)), '') as digest
      from (select (to_jsonb(t) - $1::text[])::text as line from "${name}" t) lines`,
  );
  const rows = await database.sql<{ name: string; digest: string }>(digests.join(' union all '), [COLUMNS_OF_USE]);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** No connection of the portal runs a statement or holds a transaction. */
export async function isIdle(database: TestDatabase): Promise<boolean> {
  const busy = await database.sql(
    `select from pg_stat_activity
     where datname = current_database() and application_name like 'latchkey %' and state <> 'idle'`,
  );
  return busy.length === 0;
}
