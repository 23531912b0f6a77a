import { randomUUID } from 'node:crypto';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';
import { CREATE_ENDPOINT, deliveriesOf, makeEndpoint } from '../support/webhooks.js';

const UPDATE = `mutation ($input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(input: $input) { webhookEndpoint { id url description kinds isEnabled disabledReason } } }`;
const ROTATE = `mutation ($id: ID!, $seconds: Int!) { rotateWebhookSecret(id: $id, overlapSeconds: $seconds) {
  secret webhookEndpoint { previousSecretExpiresAt } } }`;
const REPLAY = `mutation ($input: ReplayWebhookDeliveriesInput!) { replayWebhookDeliveries(input: $input) { count } }`;
const TEST = 'mutation ($id: ID!) { testWebhookEndpoint(id: $id) { delivery { id kind payload status attempts } } }';
const DELETE = 'mutation ($id: ID!) { deleteWebhookEndpoint(id: $id) { id } }';
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

describe('webhook endpoints', () => {
  let api: TestPortal;
  let admin: GivenUser;
  usePortal(async (started) => {
    api = started;
    admin = await api.given.user();
  });

  const ask = (query: string, variables: Record<string, unknown>, { session } = admin) =>
    api.query(query, { session, variables });
  const secretsOf = (id: string) =>
    api.database.sql<{ secret: string; ends: boolean }>(
      'select secret, expires_at is not null as ends from webhook_secrets where endpoint_id = $1 order by created_at',
      [id],
    );

  it('an endpoint is made, shows its secret once, is changed, and is deleted with all that belongs to it', async () => {
    const input = { url: 'https://hooks.example.com', description: ' on call ', kinds: ['API_KEY_REVOKED'] };
    const made = await ask(CREATE_ENDPOINT, { input });
    const shown = made.at<{ id: string }>('createWebhookEndpoint.webhookEndpoint');
    expect(made.at('createWebhookEndpoint.secret')).toMatch(SECRET);
    const kept = { ...input, url: 'https://hooks.example.com/', description: 'on call', isEnabled: true };
    expect(shown).toEqual({ id: shown.id, ...kept, disabledReason: null });

    const changes = { id: shown.id, description: null, kinds: [], isEnabled: false };
    const changed = await ask(UPDATE, { input: changes });
    expect(changed.at('updateWebhookEndpoint.webhookEndpoint')).toEqual({ ...shown, ...changes });

    await ask(TEST, { id: shown.id });
    expect((await ask(DELETE, { id: shown.id })).at('deleteWebhookEndpoint.id')).toBe(shown.id);
    expect((await ask(DELETE, { id: shown.id })).code).toBe('NOT_FOUND');
    const left = await api.database.sql(
      `select id from webhook_secrets where endpoint_id = $1 union all select id from webhook_deliveries where endpoint_id = $1`,
      [shown.id],
    );
    expect(left).toEqual([]);
  });

  it('a rotation lets two secrets sign at most, and one without an overlap', async () => {
    const { id, secret } = await makeEndpoint(api, admin);
    const first = await ask(ROTATE, { id, seconds: 60 });
    const second = await ask(ROTATE, { id, seconds: 60 });
    const [one, two] = [first, second].map((answer) => answer.at<string>('rotateWebhookSecret.secret'));
    expect(Date.parse(second.at('rotateWebhookSecret.webhookEndpoint.previousSecretExpiresAt'))).toBeGreaterThan(0);
    expect(new Set([secret, one, two]).size).toBe(3);
    expect(await secretsOf(id)).toEqual([
      { secret: one, ends: true },
      { secret: two, ends: false },
    ]);
    const last = await ask(ROTATE, { id, seconds: 0 });
    expect(last.at('rotateWebhookSecret.webhookEndpoint.previousSecretExpiresAt')).toBeNull();
    expect(await secretsOf(id)).toEqual([{ secret: last.at('rotateWebhookSecret.secret'), ends: false }]);
  });

  it('a secret whose answer fails is not made', async () => {
    const { id } = await makeEndpoint(api, admin);
    const before = await secretsOf(id);
    const beside = 'webhookEndpoint { deliveries(first: 101) { nodes { id } } }';
    const rotated = await ask(`mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret ${beside} } }`, { id });
    expect(rotated.problemCodes).toEqual([['first', 'OUT_OF_RANGE']]);
    expect(await secretsOf(id)).toEqual(before);
    const url = `https://hooks.example.com/${randomUUID()}`;
    const create = `mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { secret ${beside} } }`;
    expect((await ask(create, { url })).code).toBe('BAD_USER_INPUT');
    expect(await api.database.sql('select id from webhook_endpoints where url = $1', [url])).toEqual([]);
  });

  it('no role of a request reads a secret', async () => {
    await makeEndpoint(api, admin);
    const tenantId = admin.tenantId ?? undefined;
    const read = (role: string) => api.database.sqlAs(role, tenantId, 'select secret from webhook_secrets');
    await expect(read('portal_app')).rejects.toThrow('permission denied');
    await expect(read('portal_verifier')).rejects.toThrow('permission denied');
    expect(await read('portal_jobs')).not.toHaveLength(0);
  });

  it.each([
    ['a local address', { url: 'http://127.0.0.1/' }, ['input.url', 'MALFORMED']],
    ['a URL that is too long', { url: `https://hooks.example.com/${'a'.repeat(2_000)}` }, ['input.url', 'TOO_LONG']],
    ['a kind that is named twice', { kinds: ['API_KEY_REVOKED', 'API_KEY_REVOKED'] }, ['input.kinds.1', 'DUPLICATE']],
  ])('%s is refused when an endpoint is made and when it is changed', async (_, input, problem) => {
    const made = await ask(CREATE_ENDPOINT, { input: { url: 'https://hooks.example.com', ...input } });
    expect(made.problemCodes).toEqual([problem]);
    const { id } = await makeEndpoint(api, admin);
    expect((await ask(UPDATE, { input: { id, ...input } })).problemCodes).toEqual([problem]);
  });

  it('a member that cannot be cleared is REQUIRED, and every problem is listed', async () => {
    const input = { id: 'no id', url: null, kinds: null, isEnabled: null };
    expect((await ask(UPDATE, { input })).problemCodes).toEqual([
      ['input.id', 'MALFORMED'],
      ['input.url', 'REQUIRED'],
      ['input.kinds', 'REQUIRED'],
      ['input.isEnabled', 'REQUIRED'],
    ]);
  });

  it('a tenant has 50 endpoints at most, however many are made at once', async () => {
    const other = await api.given.user();
    await api.database.sql(
      `insert into webhook_endpoints (tenant_id, url) select $1, 'https://hooks.example.com/' from generate_series(1, 48)`,
      [other.tenantId],
    );
    const input = { url: 'https://hooks.example.com' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(CREATE_ENDPOINT, { input }, other)));
    const refused = answers.flatMap(({ problemCodes }) => problemCodes.map((problem) => problem.join(':')));
    expect(refused).toEqual(['input:LIMIT_REACHED', 'input:LIMIT_REACHED', 'input:LIMIT_REACHED']);
  });

  it('a test is a delivery of the first kind of the endpoint, and says that it is a test', async () => {
    const { id } = await makeEndpoint(api, admin, { kinds: ['API_KEY_LEAK_REPORTED'] });
    const delivery = (await ask(TEST, { id })).at<Record<string, unknown>>('testWebhookEndpoint.delivery');
    expect(delivery).toMatchObject({
      kind: 'API_KEY_LEAK_REPORTED',
      status: 'PENDING',
      attempts: 0,
      payload: { type: 'api_key.leak_reported', data: { tenantId: admin.tenantId, test: true } },
    });
  });

  it('deliveries that are over are sent again by id or since an instant, and pending ones are left', async () => {
    const { id } = await makeEndpoint(api, admin);
    for (let n = 0; n < 3; n++) await ask(TEST, { id });
    const [last, middle, first] = (await deliveriesOf(api, admin, id)).map((delivery) => delivery.id);
    const end = (delivery: string | undefined, status: string) =>
      api.database.sql(
        `update webhook_deliveries set status = $2, next_attempt_at = null, attempts = 3 where id = $1`,
        [delivery, status],
      );
    await end(first, 'DELIVERED');
    await end(middle, 'FAILED');
    const replay = (input: object) => ask(REPLAY, { input: { endpointId: id, ...input } });
    const isPending = async () =>
      (await deliveriesOf(api, admin, id)).map(({ status, attempts }) => `${status} ${attempts}`);

    expect((await replay({ failedSince: '2020-01-01T00:00:00Z' })).at('replayWebhookDeliveries.count')).toBe(1);
    expect(await isPending()).toEqual(['PENDING 0', 'PENDING 0', 'DELIVERED 3']);
    expect((await replay({ deliveryIds: [first, middle, last] })).at('replayWebhookDeliveries.count')).toBe(1);
    expect(await isPending()).toEqual(['PENDING 0', 'PENDING 0', 'PENDING 0']);

    expect((await replay({ deliveryIds: [first, randomUUID()] })).code).toBe('NOT_FOUND');
    expect((await replay({})).problemCodes).toEqual([['input.deliveryIds', 'REQUIRED']]);
    expect((await replay({ deliveryIds: [] })).problemCodes).toEqual([['input.deliveryIds', 'TOO_SHORT']]);
    const both = { deliveryIds: [first], failedSince: '2020-01-01T00:00:00Z' };
    expect((await replay(both)).problemCodes).toEqual([['input.failedSince', 'MALFORMED']]);
  });

  it("another tenant's endpoint looks as if it were not there, and stays as it is", async () => {
    const { id } = await makeEndpoint(api, admin);
    await ask(TEST, { id });
    const [delivery] = await deliveriesOf(api, admin, id);
    const stranger = await api.given.user();
    const own = await makeEndpoint(api, stranger);
    const rows = () =>
      api.database.sql(
        `select e.*, s.secret, s.expires_at, d.status from webhook_endpoints e
        join webhook_secrets s on s.endpoint_id = e.id join webhook_deliveries d on d.endpoint_id = e.id where e.id = $1`,
        [id],
      );
    const before = await rows();
    const found = 'query ($id: ID!) { webhookEndpoint(id: $id) { id } webhookEndpoints { id } }';
    expect((await ask(found, { id }, stranger)).data).toEqual({
      webhookEndpoint: null,
      webhookEndpoints: [{ id: own.id }],
    });
    const changes: [string, (of: string) => Record<string, unknown>][] = [
      [UPDATE, (of) => ({ input: { id: of, isEnabled: false } })],
      [ROTATE, (of) => ({ id: of, seconds: 0 })],
      [TEST, (of) => ({ id: of })],
      [DELETE, (of) => ({ id: of })],
      [REPLAY, (of) => ({ input: { endpointId: of, failedSince: '2020-01-01T00:00:00Z' } })],
    ];
    for (const [document, variables] of changes) {
      const [theirs, nobodys] = [
        await ask(document, variables(id), stranger),
        await ask(document, variables(randomUUID()), stranger),
      ];
      expect(theirs.code).toBe('NOT_FOUND');
      const plain = ({ text }: typeof theirs) => text.replaceAll(/"requestId":"[^"]*"/g, '');
      expect(plain(theirs)).toBe(plain(nobodys));
    }
    const input = { endpointId: own.id, deliveryIds: [delivery?.id] };
    expect((await ask(REPLAY, { input }, stranger)).code).toBe('NOT_FOUND');
    expect(await rows()).toEqual(before);
  });

  it('an admin who lost the role while the request ran changes nothing', async () => {
    const { id } = await makeEndpoint(api, admin);
    const demoted = await api.given.user({ tenant: { id: admin.tenantId ?? '', name: '' } });
    await ask('{ viewer { kind } }', {}, demoted);
    const lock = `select from webhook_endpoints where id = '${id}' for update`;
    const asked = await api.database.holding(lock, async () => {
      const answer = ask(ROTATE, { id, seconds: 0 }, demoted);
      await api.database.someoneWaits();
      await api.database.sql(`update users set role = 'VIEWER' where id = $1`, [demoted.id]);
      return { answer };
    });
    const answer = await asked.answer;
    expect([answer.code, answer.reason]).toEqual(['FORBIDDEN', 'ROLE_REQUIRED']);
  });
});
