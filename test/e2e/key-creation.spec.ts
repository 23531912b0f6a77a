import { createHash } from 'node:crypto';
import type { AnswerError } from '../support/answer.js';
import { ownTenant } from '../support/own-tenant.js';
import { inDays, inSeconds } from '../support/durations.js';
import { createKey } from '../support/given.js';

const CREATE = createKey(`id name description keyPrefix status scopes effectiveScopes expiresAt
    createdAt version metadata owner { id } createdBy { id } revokedAt revokedBy { id } revocationReason`);

/** Read when the key is asked for: an instant from the loading of this file might lie in the past by then. */
const WITHIN_THE_MINUTE = {
  get expiresAt() {
    return inSeconds(50);
  },
};

describe('key creation', () => {
  const own = ownTenant();
  const create = (input: Record<string, unknown>) =>
    own.ask(CREATE, { input: { name: 'ci', scopes: ['devices:read'], ...input } });

  it('a new key is shown whole, once, in an answer that nobody may store', async () => {
    const answer = await create({
      name: '  ci  ',
      description: 'builds',
      metadata: { team: 'net' },
      expiresAt: inSeconds(3600),
    });
    const secret = answer.at<string>('createApiKey.secret');
    expect(secret).toMatch(/^mktp_[0-9A-Za-z]{49}$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.at('createApiKey.apiKey')).toMatchObject({
      name: 'ci',
      description: 'builds',
      keyPrefix: secret.slice(0, 9),
      status: 'ACTIVE',
      scopes: ['devices:read'],
      effectiveScopes: ['devices:read'],
      version: 1,
      metadata: { team: 'net' },
      owner: { id: own.admin.id },
      createdBy: { id: own.admin.id },
      revokedAt: null,
    });
    const lists = await own.ask('{ apiKeys { nodes { id name keyPrefix metadata } } }');
    expect(lists.text).not.toContain(secret.slice(9));
  });

  it('a new key is stored as its SHA-256 and in no other form', async () => {
    const secret = (await create({})).at<string>('createApiKey.secret');
    const rows = await own.api.database.sql<{ row: string; key_hash: string }>(
      `select t::text as row, key_hash from api_keys t where tenant_id = $1`,
      [own.tenant.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.key_hash).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(rows[0]?.row).not.toContain(secret.slice(9));
  });

  it('a new key may be made for a service account', async () => {
    const robot = await own.api.given.user({ tenant: own.tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const answer = await create({ ownerId: robot.id });
    expect(answer.at('createApiKey.apiKey')).toMatchObject({
      owner: { id: robot.id },
      createdBy: { id: own.admin.id },
    });
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['an empty name', { name: '   ' }, [['input.name', 'TOO_SHORT']]],
    ['a name of 201 characters', { name: 'x'.repeat(201) }, [['input.name', 'TOO_LONG']]],
    ['a name with a control character', { name: 'a\u0007b' }, [['input.name', 'MALFORMED']]],
    ['a name with a bidi control', { name: 'a\u202eb' }, [['input.name', 'MALFORMED']]],
    ['a name with NUL', { name: 'a\u0000b' }, [['input.name', 'MALFORMED']]],
    ['a name with half a surrogate pair', { name: 'a\ud800' }, [['input.name', 'MALFORMED']]],
    ['no scope', { scopes: [] }, [['input.scopes', 'TOO_SHORT']]],
    ['an unknown scope', { scopes: ['devices:reed'] }, [['input.scopes.0', 'UNKNOWN_SCOPE']]],
    [
      'a scope of an object’s own',
      { scopes: ['__proto__', '*'] },
      [
        ['input.scopes.0', 'UNKNOWN_SCOPE'],
        ['input.scopes.1', 'UNKNOWN_SCOPE'],
      ],
    ],
    ['a scope twice', { scopes: ['devices:read', 'devices:read'] }, [['input.scopes.1', 'DUPLICATE']]],
    ['51 scopes', { scopes: Array.from({ length: 51 }, (_, i) => `s${i}`) }, [['input.scopes', 'TOO_MANY']]],
    ['an expiry in the past', { expiresAt: inSeconds(-1) }, [['input.expiresAt', 'NOT_IN_FUTURE']]],
    ['an expiry within the minute', WITHIN_THE_MINUTE, [['input.expiresAt', 'NOT_IN_FUTURE']]],
    ['an expiry beyond ten years', { expiresAt: inDays(3_655) }, [['input.expiresAt', 'OUT_OF_RANGE']]],
    ['an owner that is no UUID', { ownerId: 'me' }, [['input.ownerId', 'MALFORMED']]],
    ['too much metadata', { metadata: { a: 'x'.repeat(9_000) } }, [['input.metadata', 'TOO_LONG']]],
    [
      'metadata too deep',
      { metadata: { a: { b: { c: { d: { e: { f: { g: { h: {} } } } } } } } } },
      [['input.metadata', 'OUT_OF_RANGE']],
    ],
    ['metadata that PostgreSQL cannot keep', { metadata: { a: '\u0000' } }, [['input.metadata', 'MALFORMED']]],
    [
      'several at once',
      { name: '', scopes: ['nope'], expiresAt: inSeconds(1) },
      [
        ['input.name', 'TOO_SHORT'],
        ['input.scopes.0', 'UNKNOWN_SCOPE'],
        ['input.expiresAt', 'NOT_IN_FUTURE'],
      ],
    ],
  ])('a new key with %s is refused, the error names the member, and nothing is made', async (_, input, expected) => {
    const answer = await create(input);
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(answer.problemCodes).toEqual(expected);
    expect(await own.api.database.sql('select from api_keys where tenant_id = $1', [own.tenant.id])).toEqual([]);
  });

  it('a new key with a misspelt scope gets suggestions', async () => {
    const [error] = (await create({ scopes: ['device:read'] })).errors as [AnswerError];
    expect((error.extensions['problems'] as { suggestions: string[] }[])[0]?.suggestions[0]).toBe('devices:read');
  });

  it.each([['2030-02-30T00:00:00Z'], ['2030-01-01'], ['2030-01-01T00:00:00'], ['2030-01-01T24:00:00Z'], [true], [0]])(
    'a new key does not accept %j as an instant',
    async (expiresAt) => {
      const answer = await create({ expiresAt });
      expect([answer.status, answer.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(answer.body).not.toHaveProperty('data');
    },
  );

  it('a new key cannot grant scopes beyond the role of its owner, and the error names each of them', async () => {
    const viewer = await own.api.given.user({ tenant: own.tenant, role: 'VIEWER' });
    const answer = await create({ ownerId: viewer.id, scopes: ['devices:write', 'devices:read', 'firmware:write'] });
    expect(answer.problems.map(({ path, code }) => [path.at(-1), code])).toEqual([
      [0, 'SCOPE_NOT_GRANTABLE'],
      [2, 'SCOPE_NOT_GRANTABLE'],
    ]);
  });

  it('a new key cannot be owned by an inactive user', async () => {
    const user = await own.api.given.user({ tenant: own.tenant });
    await own.api.database.sql('update users set is_active = false where id = $1', [user.id]);
    const answer = await create({ ownerId: user.id });
    expect([answer.code, answer.reason]).toEqual(['CONFLICT', 'INVALID_STATE']);
  });
});
