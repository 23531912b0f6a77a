import { sql } from 'kysely';
import { JobsDatabase, type Session } from '#database';
import { claimDue } from '#notifications/testing';
import { usePortal } from '../support/hooks.js';
import { storeKeys } from '../support/store-keys.js';
import type { TestPortal } from '../support/test-portal.js';
import { makeEndpoint } from '../support/webhooks.js';

const KEYS = 300;
/** Attempts of one endpoint at the same time. */
const CLAIMED = 5;

/** Rows of deliveries that this session has read since its transaction began. */
async function readRows(session: Session): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count
    from pg_stat_xact_user_tables where relname = 'webhook_deliveries'`.execute(session);
  return rows[0]?.count ?? 0;
}

describe('many deliveries of one endpoint', () => {
  let api: TestPortal;
  usePortal((started) => void (api = started));

  it.each([
    ['have never been made', undefined],
    ['are of an empty table', 'before'],
    ['are of all that waits', 'after'],
  ] as const)(
    `a claim of ${CLAIMED} deliveries reads few of ${KEYS} that wait, where the statistics of the planner %s`,
    async (_, analyzed) => {
      const { admin, tenant, ...first } = await api.given.apiKey();
      await storeKeys(api, { ...first, admin, tenant }, KEYS - 1, 'key');
      await makeEndpoint(api, admin);
      if (analyzed === 'before') await api.database.sql('analyze webhook_deliveries');
      const answer = await api.query('mutation ($id: ID!) { revokeApiKeys(input: { ownerId: $id }) { count } }', {
        session: admin.session,
        variables: { id: admin.id },
      });
      expect(answer.at('revokeApiKeys.count')).toBe(KEYS);
      if (analyzed === 'after') await api.database.sql('analyze webhook_deliveries');

      const [claims, reads] = await api.app.get(JobsDatabase, { strict: false }).writeQuietly(async (session) => {
        const before = await readRows(session);
        return [await claimDue(session, KEYS), (await readRows(session)) - before] as const;
      });
      expect(claims.map(({ kind, tenantId }) => [kind, tenantId])).toEqual(
        Array.from({ length: CLAIMED }, () => ['API_KEY_REVOKED', tenant.id]),
      );
      // Each claimed row is found, found to be the first of its key, and written.
      expect(reads).toBeLessThan(10 * CLAIMED);
      await api.database.sql('truncate webhook_deliveries');
    },
  );
});
