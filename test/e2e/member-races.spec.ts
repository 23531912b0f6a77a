import type { Answer } from '../support/answer.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { useTwoInstances } from '../support/hooks.js';
import { askKeys } from '../support/key-operations.js';
import { approve, makeOwnKey, setMemberKeys } from '../support/members.js';
import type { TestPortal } from '../support/test-portal.js';

/** Rounds of each race; `RACE_ROUNDS=300 npm test -- member-races --testTimeout=7200000` for a long run. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 4);
const DEVICES = '{ devices(first: 1) { nodes { id } } }';
const SCOPES = ['devices:read', 'alerts:read'];

describe('races about requests for keys', () => {
  let one: TestPortal;
  let other: TestPortal;
  let tenant: GivenTenant;
  let admin: GivenUser;
  let second: GivenUser;
  let member: GivenUser;
  useTwoInstances(async (instances) => {
    ({ one, other } = instances);
    tenant = await one.given.tenant();
    admin = await one.given.admin(tenant);
    second = await one.given.user({ tenant });
    await setMemberKeys(one, tenant, 'APPROVAL');
    member = await one.given.user({ tenant, role: 'OPERATOR' });
  });

  /** An answer such as 503 has a code and no reason. */
  const refusalsOf = (...answers: Answer[]) => answers.flatMap(({ reason, code }) => reason ?? code ?? []);
  const request = () => makeOwnKey(one, member, { scopes: SCOPES });
  const use = async (secret: string) => {
    await Promise.all([one.caughtUp(), other.caughtUp()]);
    const answers = await Promise.all([one, other].map((api) => api.query(DEVICES, { key: secret })));
    expect(answers[0]?.reason).toBe(answers[1]?.reason);
    return answers[0]?.reason ?? 'works';
  };
  /** Kinds of a key's events in their order, of which each has raised the version by one. */
  const eventsOf = async (id: string) => {
    const [row] = await one.database.sql<{ kinds: string[]; version: number; scopes: string[] }>(
      `select array_agg(kind order by at) as kinds, (select version from api_keys where id = $1) as version,
              (select scopes from api_keys where id = $1) as scopes
       from api_key_events where api_key_id = $1`,
      [id],
    );
    expect(row?.version).toBe(row?.kinds.length);
    return row;
  };
  const places = (round: number): [TestPortal, TestPortal] => (round % 2 ? [one, other] : [other, one]);
  const rounds = async (race: (here: TestPortal, there: TestPortal) => Promise<void>) => {
    for (let round = 0; round < ROUNDS; round++) await race(...places(round));
  };

  it('an approval and a simultaneous wider change of the request let only what the admin has seen work', async () => {
    await rounds(async (here, there) => {
      const key = await request();
      const input = { id: key.id, scopes: [...SCOPES, 'config:write'] };
      const [approval, change] = await Promise.all([
        approve(here, admin, key),
        askKeys(there, 'updateApiKey', { input }, { session: member.session }),
      ]);
      const events = await eventsOf(key.id);
      if (approval.code === undefined) {
        expect([change.reason, events?.kinds, events?.scopes]).toEqual([
          'APPROVAL_REQUIRED',
          ['CREATED', 'APPROVED'],
          SCOPES,
        ]);
        expect(await use(key.secret)).toBe('works');
      } else {
        expect([approval.reason, events?.kinds]).toEqual(['VERSION_MISMATCH', ['CREATED', 'UPDATED']]);
        expect(await use(key.secret)).toBe('PENDING_KEY');
      }
    });
  });

  it('a simultaneous approval and revocation leave the key revoked, in either order', async () => {
    await rounds(async (here, there) => {
      const key = await request();
      const [approval, revocation] = await Promise.all([
        approve(here, admin, key),
        askKeys(there, 'revokeApiKeys', { input: { ids: [key.id] } }, { session: member.session }),
      ]);
      expect(revocation.at('revokeApiKeys.count')).toBe(1);
      const first = approval.code === undefined ? ['APPROVED'] : [];
      if (approval.code !== undefined) expect(approval.reason).toBe('INVALID_STATE');
      expect((await eventsOf(key.id))?.kinds).toEqual(['CREATED', ...first, 'REVOKED']);
      expect(await use(key.secret)).toBe('REVOKED_KEY');
    });
  });

  it('a simultaneous approval and rejection by two admins are decided by one of them', async () => {
    await rounds(async (here, there) => {
      const key = await request();
      const [approval, rejection] = await Promise.all([
        approve(here, admin, key),
        askKeys(there, 'rejectApiKey', { id: key.id }, { session: second.session }),
      ]);
      const isApproved = approval.code === undefined;
      expect(refusalsOf(approval, rejection)).toEqual(['INVALID_STATE']);
      expect((await eventsOf(key.id))?.kinds).toEqual(['CREATED', isApproved ? 'APPROVED' : 'REJECTED']);
      expect(await use(key.secret)).toBe(isApproved ? 'works' : 'REVOKED_KEY');
    });
  });

  it('one of two simultaneous approvals with different terms holds, and the other admin gets a conflict', async () => {
    await rounds(async (here, there) => {
      const key = await request();
      const [less, other] = await Promise.all([
        approve(here, admin, key, { scopes: ['devices:read'] }),
        approve(there, second, key, { scopes: ['alerts:read'] }),
      ]);
      expect(refusalsOf(less, other)).toEqual(['VERSION_MISMATCH']);
      const events = await eventsOf(key.id);
      expect([events?.kinds, events?.scopes]).toEqual([
        ['CREATED', 'APPROVED'],
        [less.code === undefined ? 'devices:read' : 'alerts:read'],
      ]);
    });
  });

  it('two equal simultaneous approvals record one event, and both get the approved key', async () => {
    await rounds(async (here, there) => {
      const key = await request();
      const answers = await Promise.all([approve(here, admin, key), approve(there, second, key)]);
      for (const answer of answers) expect(answer.at('approveApiKey.apiKey.version')).toBe(2);
      expect((await eventsOf(key.id))?.kinds).toEqual(['CREATED', 'APPROVED']);
    });
  });

  it('an approval and a simultaneous off-boarding of the maker leave a key that opens nothing', async () => {
    await rounds(async (here, there) => {
      const leaver = await one.given.user({ tenant, role: 'OPERATOR' });
      const key = await makeOwnKey(one, leaver);
      const [approval, revocation] = await Promise.all([
        approve(here, admin, key),
        askKeys(
          there,
          'revokeApiKeys',
          { input: { ownerId: leaver.id, reason: 'OWNER_LEFT' } },
          { session: second.session },
        ),
        one.database.sql('update users set is_active = false where id = $1', [leaver.id]),
      ]);
      expect(revocation.at('revokeApiKeys.count')).toBe(1);
      if (approval.code !== undefined) expect(approval.reason).toBe('INVALID_STATE');
      expect(await use(key.secret)).toBe('REVOKED_KEY');
    });
  });

  it('a key approved while the policy changes obeys the policy, or is among its violations', async () => {
    // At most 100 violations are listed: the only living key is the one of the round.
    const own = await one.given.tenant();
    const [first, last] = [await one.given.admin(own), await one.given.user({ tenant: own })];
    await setMemberKeys(one, own, 'APPROVAL');
    const maker = await one.given.user({ tenant: own, role: 'OPERATOR' });
    await rounds(async (here, there) => {
      const key = await makeOwnKey(one, maker, { scopes: SCOPES });
      const [approval, policy] = await Promise.all([
        approve(here, first, key),
        there.query(
          `mutation { setApiKeyPolicy(input: { allowedScopes: ["devices:read"] }) { violations { apiKey { id } } } }`,
          { session: last.session },
        ),
      ]);
      const violations = policy.at<{ apiKey: { id: string } }[]>('setApiKeyPolicy.violations');
      if (approval.code !== undefined) expect(approval.problemCodes[0]).toContain('POLICY_VIOLATION');
      expect(violations.map(({ apiKey }) => apiKey.id)).toEqual([key.id]);
      await there.query('mutation { setApiKeyPolicy(input: { allowedScopes: null }) { violationCount } }', {
        session: last.session,
      });
      await askKeys(there, 'revokeApiKeys', { input: { ids: [key.id] } }, { session: last.session });
    });
  });
});
