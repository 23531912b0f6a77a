import { type Input, askAsAdmin, SET_POLICY } from '../support/key-policy.js';
import { CREATE_KEY } from '../support/given.js';
import { countedUses } from '../support/counted-uses.js';
import type { TestPortal } from '../support/test-portal.js';
import { flush, usedOf } from '../support/usage.js';
import { usePortal } from '../support/hooks.js';

const DEVICES = `{ devices { nodes { id } } }`;
const NETWORKS = `query ($id: ID!) { apiKey(id: $id) { allowedCidrs } }`;

interface Question {
  /** Networks of the key. */
  own?: string[];
  /** Networks of its tenant's policy. */
  policy?: string[];
  forwardedFor?: string;
}

async function use(api: TestPortal, { own = [], policy, forwardedFor }: Question) {
  const { secret, tenant } = await api.given.apiKey({ allowedCidrs: own });
  if (policy) await askAsAdmin(api, tenant, SET_POLICY, { input: { allowedCidrs: policy } });
  const headers: Record<string, string> = forwardedFor ? { 'x-forwarded-for': forwardedFor } : {};
  return api.query(DEVICES, { key: secret, headers });
}

describe('networks of a key', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  it('the networks of a key are stored and shown in their one spelling', async () => {
    const { tenant, id } = await api.given.apiKey({
      allowedCidrs: ['10.0.0.0/8', '2001:0DB8::/32', '::ffff:192.0.2.0/120'],
    });
    expect((await askAsAdmin(api, tenant, NETWORKS, { id })).at('apiKey.allowedCidrs')).toEqual([
      '10.0.0.0/8',
      '2001:db8::/32',
      '192.0.2.0/24',
    ]);
  });

  it('malformed networks are refused all at once, and nothing is written', async () => {
    const tenant = await api.given.tenant();
    const allowedCidrs = ['10.0.0.0/8', '10.0.0.1/8', 'nowhere', '10.0.0.0/8'];
    const input: Input = { name: 'bad', scopes: ['devices:read'], allowedCidrs };
    const answer = await askAsAdmin(api, tenant, CREATE_KEY, { input });
    expect(answer.problemCodes).toEqual([
      ['input.allowedCidrs.1', 'MALFORMED'],
      ['input.allowedCidrs.2', 'MALFORMED'],
      ['input.allowedCidrs.3', 'DUPLICATE'],
    ]);
    expect(await api.database.sql(`select from api_keys where tenant_id = $1`, [tenant.id])).toEqual([]);
  });

  it.each<[string, Question]>([
    ['its own', { own: ['127.0.0.0/8'] }],
    ['one of its own', { own: ['192.0.2.0/24', '127.0.0.1/32'] }],
    ['the policy’s', { policy: ['127.0.0.0/8'] }],
    ['both its own and the policy’s', { own: ['127.0.0.1/32'], policy: ['127.0.0.0/8'] }],
    ['anywhere', {}],
  ])('the networks of a key accept a request from %s', async (_, question) => {
    expect((await use(api, question)).code).toBeUndefined();
  });

  it.each<[string, Question]>([
    ['outside its own', { own: ['192.0.2.0/24', '2001:db8::/32'] }],
    ['outside the policy’s', { policy: ['10.0.0.0/8'] }],
    ['outside the policy’s, though within its own', { own: ['127.0.0.0/8'], policy: ['10.0.0.0/8'] }],
    ['outside its own, though within the policy’s', { own: ['127.0.0.2/32'], policy: ['127.0.0.0/8'] }],
    ['elsewhere, whatever X-Forwarded-For claims', { own: ['192.0.2.0/24'], forwardedFor: '192.0.2.1' }],
    ['the other family', { own: ['::/0'] }],
  ])(
    'the networks of a key refuse a request from %s, whole, and the error names the address seen',
    async (_, question) => {
      const answer = await use(api, question);
      expect([answer.status, answer.code, answer.reason]).toEqual([403, 'FORBIDDEN', 'IP_NOT_ALLOWED']);
      expect(answer.errors[0]?.extensions['ip']).toBe('127.0.0.1');
      expect(answer.body).not.toHaveProperty('data');
    },
  );

  it('a request from a forbidden network is refused without counting a use', async () => {
    const { secret, id } = await api.given.apiKey({ allowedCidrs: ['192.0.2.0/24'] });
    await api.query(DEVICES, { key: secret });
    expect(await countedUses(api, id)).toEqual({ allowed: 0, denied: 1 });
  });

  it('a revoked key is reported as revoked from a forbidden network, too', async () => {
    const { secret, id } = await api.given.apiKey({ allowedCidrs: ['192.0.2.0/24'] });
    await api.database.sql(`update api_keys set revoked_at = now() where id = $1`, [id]);
    expect((await api.query(DEVICES, { key: secret })).reason).toBe('REVOKED_KEY');
  });

  it('a key whose list of networks was edited to hold no valid network accepts no request', async () => {
    const { secret, id } = await api.given.apiKey();
    await api.database.sql(`update api_keys set allowed_cidrs = '["everywhere"]' where id = $1`, [id]);
    expect((await api.query(DEVICES, { key: secret })).reason).toBe('IP_NOT_ALLOWED');
  });

  it('the networks of the policy do not bind sessions of the tenant, so the policy can be mended', async () => {
    const { tenant } = await api.given.apiKey();
    await askAsAdmin(api, tenant, SET_POLICY, { input: { allowedCidrs: ['192.0.2.0/24'] } });
    const mended = await askAsAdmin(api, tenant, SET_POLICY, { input: { allowedCidrs: [] } });
    expect(mended.code).toBeUndefined();
  });
});

describe.each<[string, [string, string][]]>([
  [
    '1',
    [
      ['198.51.100.9', '198.51.100.9'],
      ['192.0.2.1, 198.51.100.9', '198.51.100.9'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['2001:DB8:0::1', '2001:db8::1'],
      ['not an address', 'unknown'],
    ],
  ],
  ['2', [['192.0.2.1, 198.51.100.9', '192.0.2.1']]],
  [
    '10.0.0.0/8,127.0.0.1',
    [
      ['192.0.2.1, 198.51.100.9', '198.51.100.9'],
      ['192.0.2.1, 10.1.2.3', '192.0.2.1'],
    ],
  ],
  ['10.0.0.0/8', [['192.0.2.1', '127.0.0.1']]],
])('TRUST_PROXY=%s', (trust, cells) => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: { TRUST_PROXY: trust } });

  it.each(cells)('a client with X-Forwarded-For: %s has the address %s', async (forwardedFor, address) => {
    const refused = await use(api, { own: ['203.0.113.0/24'], forwardedFor });
    expect(refused.errors[0]?.extensions['ip']).toBe(address);
    if (address === 'unknown') return;
    const own = [`${address}/${address.includes(':') ? 128 : 32}`];
    expect((await use(api, { own, forwardedFor })).code).toBeUndefined();
  });

  it.each(cells)(
    'the last use of a key with X-Forwarded-For: %s is recorded from %s',
    async (forwardedFor, address) => {
      const key = await api.given.apiKey();
      await api.query(DEVICES, { key: key.secret, headers: { 'x-forwarded-for': forwardedFor } });
      await flush(api);
      expect((await usedOf(api, key)).lastUsedIp).toBe(address === 'unknown' ? null : address);
    },
  );

  it('a client without X-Forwarded-For has the address of its connection', async () => {
    const refused = await use(api, { own: ['203.0.113.0/24'] });
    expect(refused.errors[0]?.extensions['ip']).toBe('127.0.0.1');
  });
});
