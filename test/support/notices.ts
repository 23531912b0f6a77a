import type { TestDatabase } from './test-database.js';
import { until } from './until.js';

/** Lets notices be due that lie before the portal began to look for them: a test moves its keys into the past. */
export async function noticeThePast(database: TestDatabase): Promise<void> {
  await database.sql(`update notice_sweeps set begun_at = '2001-01-01T00:00:00Z'`);
}

/** Moves the time of keys: they were made `madeDaysAgo` days ago and end in `endsInDays` days. */
export async function moveEnd(
  database: TestDatabase,
  ids: readonly string[],
  endsInDays: number,
  madeDaysAgo = 100,
): Promise<void> {
  await database.sql(
    `update api_keys set expires_at = now() + make_interval(secs => 86400 * $2::float8),
       created_at = now() - make_interval(secs => 86400 * $3::float8) where id = any($1)`,
    [ids, endsInDays, madeDaysAgo],
  );
}

/** Waits for a pass over all keys that has begun after this call. */
export async function sweptAgain(database: TestDatabase): Promise<void> {
  const endOfPass = async () => {
    const [sweep] = await database.sql<{ end: Date | null }>('select swept_at as end from notice_sweeps');
    return sweep?.end?.getTime() ?? 0;
  };
  // The pass that ends first may have begun before.
  for (let pass = 0; pass < 2; pass++) {
    const before = await endOfPass();
    await until('the pass over all keys has ended', async () => (await endOfPass()) > before);
  }
}
