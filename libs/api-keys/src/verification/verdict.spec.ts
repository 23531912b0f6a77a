import { ScopeSet } from '#access';
import { API_KEY_STATUSES } from '../words.js';
import { VerdictReader } from './verdict.js';
import type { VerdictRow } from './verdict.sql.js';

const ROW: VerdictRow = {
  hash: 'hash',
  apiKeyId: 'key',
  tenantId: 'tenant',
  userId: 'user',
  role: 'OPERATOR',
  scopes: ['devices:read'],
  status: 'ACTIVE',
  secretNumber: 1,
  awaitsFirstUse: false,
  allowedCidrs: [],
  rateLimit: null,
  rateLimitWindowSeconds: null,
  policyScopes: null,
  policyCidrs: [],
  msLeft: null,
  endsAtMs: null,
};
const reader = new VerdictReader({ cutDown: (scopes) => new ScopeSet(scopes) });

it.each([
  ['never expires', null, 60_100],
  ['expires in a second', 1_000, 1_100],
  ['expires later than anything is relied on', 1e9, 60_100],
  ['expires now', 0, 100],
])('a verdict on a key that %s ends with the key, counted from the time of asking', (_, msLeft, deadline) => {
  expect(reader.read({ ...ROW, msLeft }, 100).deadline).toBe(deadline);
});

it('an expired key stays expired until a change is reported', () => {
  expect(reader.read({ ...ROW, status: 'EXPIRED', msLeft: -5 }, 100).deadline).toBe(60_100);
});

it.each(API_KEY_STATUSES.filter((status) => status !== 'ACTIVE'))('a key that is %s authenticates nobody', (status) => {
  const verdict = reader.read({ ...ROW, status }, 0);
  expect(verdict.principal).toBeNull();
  expect(verdict.refusal).toMatch(/^[A-Z_]+$/);
});

it('an active key stands for its owner, with those scopes of the key that are text', () => {
  const { principal } = reader.read({ ...ROW, scopes: ['devices:read', 7, null] }, 0);
  expect({ ...principal, scopes: [...(principal?.scopes ?? [])] }).toEqual({
    kind: 'API_KEY',
    apiKeyId: 'key',
    tenantId: 'tenant',
    userId: 'user',
    role: 'OPERATOR',
    scopes: ['devices:read'],
    secretNumber: 1,
    rateLimit: null,
    endsAtMs: undefined,
  });
  expect(Object.isFrozen(principal)).toBe(true);
  expect(reader.read({ ...ROW, scopes: 'devices:read' }, 0).principal?.scopes.size).toBe(0);
});

it('keys with the same scopes share one set', () => {
  const [one, other] = [reader.read({ ...ROW, scopes: ['a', 'b'] }, 0), reader.read({ ...ROW, scopes: ['b', 'a'] }, 0)];
  expect(one.principal?.scopes).toBe(other.principal?.scopes);
});

it('a key is compared with networks only where the key or its tenant lists some', () => {
  expect(reader.read(ROW, 0).networks).toBeNull();
  expect(reader.read({ ...ROW, allowedCidrs: ['10.0.0.0/8'] }, 0).networks?.allows('11.0.0.1')).toBe(false);
  expect(reader.read({ ...ROW, policyCidrs: ['10.0.0.0/8'] }, 0).networks?.allows('10.0.0.1')).toBe(true);
  expect(reader.read({ ...ROW, allowedCidrs: 'edited by hand' }, 0).networks?.allows('10.0.0.1')).toBe(false);
});

it("a policy's scopes limit the scopes of the key", () => {
  const cut = new VerdictReader({
    cutDown: (scopes, _, allowed) => new ScopeSet(scopes.filter((scope) => allowed?.includes(scope) ?? true)),
  });
  expect(cut.read({ ...ROW, scopes: ['a', 'b'], policyScopes: ['b'] }, 0).principal?.scopes.has('a')).toBe(false);
});
