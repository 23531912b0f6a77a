import { API_KEY_STATUSES } from './api-key.status.js';
import { principalIn, VerdictReader } from './verdict.js';
import type { VerdictRow } from './verdict.sql.js';

const ROW: VerdictRow = {
  hash: 'hash',
  apiKeyId: 'key',
  tenantId: 'tenant',
  userId: 'user',
  role: 'OPERATOR',
  scopes: ['devices:read'],
  status: 'ACTIVE',
  msLeft: null,
};
const reader = new VerdictReader({ cutDown: (scopes) => new Set(scopes) });

it.each([
  ['never expires', null, 60_100],
  ['expires in a second', 1_000, 1_100],
  ['expires later than anything is relied on', 1e9, 60_100],
  ['expires now', 0, 100],
])('a verdict on a key that %s ends with the key, counted from asking', (_, msLeft, deadline) => {
  expect(reader.read({ ...ROW, msLeft }, 100).deadline).toBe(deadline);
});

it('a key that has expired stays so until a change is told', () => {
  expect(reader.read({ ...ROW, status: 'EXPIRED', msLeft: -5 }, 100).deadline).toBe(60_100);
});

it.each(API_KEY_STATUSES.filter((status) => status !== 'ACTIVE'))('a key that is %s proves nobody', (status) => {
  const verdict = reader.read({ ...ROW, status }, 0);
  expect(verdict.principal).toBeNull();
  expect(() => principalIn(verdict)).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED', reason: verdict.refusal }),
  );
});

it('an active key stands for its owner, with what of its scopes is text', () => {
  const { principal } = reader.read({ ...ROW, scopes: ['devices:read', 7, null] }, 0);
  expect(principal).toEqual({
    kind: 'API_KEY',
    apiKeyId: 'key',
    tenantId: 'tenant',
    userId: 'user',
    role: 'OPERATOR',
    scopes: new Set(['devices:read']),
  });
  expect(Object.isFrozen(principal)).toBe(true);
  expect(reader.read({ ...ROW, scopes: 'devices:read' }, 0).principal?.scopes.size).toBe(0);
});

it('keys with the same scopes share one set', () => {
  const [one, other] = [reader.read({ ...ROW, scopes: ['a', 'b'] }, 0), reader.read({ ...ROW, scopes: ['b', 'a'] }, 0)];
  expect(one.principal?.scopes).toBe(other.principal?.scopes);
});

it('an unknown key is told no more than that', () => {
  expect(() => principalIn(null)).toThrow(expect.objectContaining({ reason: 'INVALID_KEY' }));
});
