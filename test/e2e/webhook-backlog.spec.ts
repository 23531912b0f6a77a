import { storeKeys } from '../support/store-keys.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { makeEndpoint } from '../support/webhooks.js';

const KEYS = 300;
/** Rows that a claim reads, of itself and of outcomes. At most five deliveries are under way at a time, however many wait. */
const MOST_READ = KEYS / 3;

describe('many deliveries of one endpoint', () => {
  let api: TestPortal;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const webhooks = { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20 };
    api = await TestPortal.start({ config: { webhooks } });
  });
  afterAll(async () => {
    await api.stop();
    await receiver.stop();
  });

  const read = async () => {
    const [row] = await api.database.sql<{ reads: number; updates: number; claims: number }>(
      `select t.n_tup_upd::int as updates, (t.seq_tup_read + sum(i.idx_tup_read))::int as reads,
         sum(i.idx_scan) filter (where i.indexrelname = 'webhook_deliveries_claimed_index')::int as claims
       from pg_stat_user_tables t join pg_stat_user_indexes i using (relid)
       where t.relname = 'webhook_deliveries' group by t.n_tup_upd, t.seq_tup_read`,
    );
    return row ?? { reads: 0, updates: 0, claims: 0 };
  };

  it(`a revocation of ${KEYS} keys is delivered whole, and a claim does not read everything that waits`, async () => {
    const { admin, tenant, ...first } = await api.given.apiKey();
    await storeKeys(api, { ...first, admin, tenant }, KEYS - 1, 'key');
    await makeEndpoint(api, admin, { url: receiver.url });
    const answer = await api.query('mutation ($id: ID!) { revokeApiKeys(input: { ownerId: $id }) { count } }', {
      session: admin.session,
      variables: { id: admin.id },
    });
    expect(answer.at('revokeApiKeys.count')).toBe(KEYS);
    await until('all deliveries have arrived', () => receiver.received.length >= KEYS);
    // Each delivery is claimed and settled. A session of the database reports what it has read together with its updates.
    await until('the database has counted', async () => (await read()).updates >= 2 * KEYS);
    expect(receiver.received.length).toBe(KEYS);
    const { reads, claims } = await read();
    expect(reads / claims).toBeLessThan(MOST_READ);
  });
});
