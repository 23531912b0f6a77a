import { createHash } from 'node:crypto';
import { violations } from '../support/faults/invariants.js';
import { type Entry, Journal } from '../support/faults/journal.js';
import { RequestLog } from '../support/request-log.js';

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
const ENTRY: Entry = {
  kind: 'READ',
  instance: 'one',
  tenantId: 't',
  keyId: 'k',
  secret: 'old',
  begunAt: 1_000,
  endedAt: 1_010,
  status: 200,
  failure: undefined,
  retryAfter: undefined,
  code: undefined,
  reason: undefined,
  acknowledged: null,
  shownTenantId: 't',
};
const CREATED: Entry = { ...ENTRY, kind: 'CREATE', secret: undefined, acknowledged: { id: 'k', secret: 'old' } };
const ROTATED: Entry = { ...ENTRY, kind: 'ROTATE', acknowledged: { id: 'k', secret: 'new' } };
const REVOKED: Entry = { ...ENTRY, kind: 'REVOKE', secret: 'new', acknowledged: { id: 'k' } };
const KEY = {
  id: 'k',
  version: 3,
  secretNumber: 2,
  isRevoked: true,
  hashes: [hashOf('old'), hashOf('new')],
  events: ['CREATED', 'ROTATED', 'REVOKED'],
};

/** Invariants that a journal and a stored key are found to break. */
async function broken(entries: Entry[], stored: (typeof KEY)[] = [KEY]): Promise<string[]> {
  const journal = new Journal();
  journal.entries.push(...entries);
  const found = await violations(journal, { sql: async () => stored as never[] });
  return found.map((line) => line.split(':', 1)[0] ?? '');
}

describe('invariants of a history', () => {
  it('the invariants hold for a key that is made, used, rotated, used, revoked and refused', async () => {
    const refused = { ...ENTRY, secret: 'new', status: 401, begunAt: 9_000, endedAt: 9_010, shownTenantId: undefined };
    expect(await broken([CREATED, ENTRY, ROTATED, { ...ENTRY, secret: 'new' }, REVOKED, refused])).toEqual([]);
  });

  it.each<[string, string[], Entry[], (typeof KEY)[]]>([
    ['an acknowledged key is not there', ['I1'], [CREATED], []],
    ['a secret that was shown is not there', ['I1'], [ROTATED], [{ ...KEY, hashes: [hashOf('old'), hashOf('other')] }]],
    ['a revocation is not there', ['I1', 'I5'], [REVOKED], [{ ...KEY, isRevoked: false }]],
    ['a rotated-out secret is let in later', ['I2'], [ROTATED, { ...ENTRY, begunAt: 3_011, endedAt: 3_012 }], [KEY]],
    ['rows of another tenant are shown', ['I3'], [{ ...ENTRY, shownTenantId: 'other' }], [KEY]],
    ['a good key is refused', ['I4'], [{ ...ENTRY, status: 401, shownTenantId: undefined }], [KEY]],
    ['an outage is answered as a bug', ['I4'], [{ ...ENTRY, status: 500, shownTenantId: undefined }], [KEY]],
    ['an outage has no Retry-After', ['I4'], [{ ...ENTRY, status: 503, shownTenantId: undefined }], [KEY]],
    ['a change has no event', ['I5'], [], [{ ...KEY, events: ['CREATED', 'ROTATED'] }]],
    ['a secret was replaced and not kept', ['I5'], [], [{ ...KEY, hashes: [hashOf('new')] }]],
    ['a request takes eleven seconds', ['I8'], [{ ...ENTRY, endedAt: 12_001 }], [KEY]],
  ])('the check of the invariants fails where %s', async (_, expected, entries, stored) => {
    expect(await broken(entries, stored)).toEqual(expected);
  });

  it('the check of the invariants finds each kind of broken request that other tests rely on', () => {
    const log = new RequestLog();
    const request = {
      url: 'one',
      credential: 'old',
      begunAt: 0,
      endedAt: 10,
      answer: { status: 200, reason: undefined },
    };
    log.note(request);
    log.note({ ...request, answer: { status: 401, reason: 'REVOKED_KEY' } });
    log.note({ ...request, begunAt: 2_000 });
    expect(() => log.check()).not.toThrow();
    log.note({ ...request, begunAt: 2_011, endedAt: 2_012 });
    log.note({ ...request, credential: 'other', endedAt: 30_001 });
    expect(() => log.check()).toThrow(/^I2: .*\nI8: .*$/);
  });
});
