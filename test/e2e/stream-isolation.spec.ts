import { OpenedStream } from '../support/event-stream.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { useTwoInstances } from '../support/hooks.js';
import { type AnsweredKey, askKeys } from '../support/key-operations.js';
import { makeOwnKey, setMemberKeys } from '../support/members.js';
import { seededRandom } from '../support/seeded-random.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** `STREAM_CHANGES=2000 npm test -- stream-isolation` for a long run. */
const CHANGES = Number(process.env['STREAM_CHANGES'] ?? 60);
const SEED = Number(process.env['STREAM_SEED'] ?? Date.now() % 2 ** 31);
const TENANTS = 3;
const EVENTS = 'subscription { apiKeyEvents { id ip } }';

interface Owner {
  tenant: GivenTenant;
  user: GivenUser;
  keys: AnsweredKey[];
}
interface Followed {
  stream: OpenedStream;
  tenant: GivenTenant;
  /** Null: everything of the tenant is seen. */
  memberId: string | null;
}

describe('streams of several tenants and their members', () => {
  let one: TestPortal;
  let other: TestPortal;
  const random = seededRandom(SEED);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const owners: Owner[] = [];
  const followed: Followed[] = [];
  useTwoInstances(async (instances) => {
    ({ one, other } = instances);
    await one.settled();
    await other.settled();
    const platform = await one.given.user({ role: 'SUPER_ADMIN' });
    for (let n = 0; n < TENANTS; n++) {
      const tenant = await one.given.tenant();
      await setMemberKeys(one, tenant, 'ALLOWED');
      const members = [
        await one.given.user({ tenant, role: 'VIEWER' }),
        await one.given.user({ tenant, role: 'OPERATOR' }),
      ];
      const admin = await one.given.admin(tenant);
      for (const user of [admin, ...members]) owners.push({ tenant, user, keys: [] });
      for (const portal of [one, other]) {
        const headers = { 'x-tenant-id': tenant.id };
        followed.push({ stream: await open(portal, platform, headers), tenant, memberId: null });
        followed.push({ stream: await open(portal, admin), tenant, memberId: null });
        for (const user of members) followed.push({ stream: await open(portal, user), tenant, memberId: user.id });
      }
    }
  });
  afterAll(() => followed.forEach(({ stream }) => stream.close()));

  const open = async (portal: TestPortal, { session }: GivenUser, headers = {}) => {
    const stream = await OpenedStream.open(portal, EVENTS, { session, headers });
    await stream.begun();
    return stream;
  };
  const change = async (): Promise<void> => {
    const owner = pick(owners);
    const portal = pick([one, other]);
    const session = { session: owner.user.session };
    const key = pick(owner.keys);
    if (!key || random() < 0.4) owner.keys.push(await makeOwnKey(portal, owner.user));
    else if (random() < 0.7)
      await askKeys(portal, 'updateApiKey', { input: { id: key.id, name: `name ${random()}` } }, session);
    else {
      await askKeys(portal, 'revokeApiKeys', { input: { ids: [key.id] } }, session);
      owner.keys = owner.keys.filter(({ id }) => id !== key.id);
    }
  };

  it(`each stream shows all events of its own and none of anybody else's, after ${CHANGES} changes (STREAM_SEED=${SEED})`, async () => {
    for (let n = 0; n < CHANGES; n += 4) await Promise.all([change(), change(), change(), change()]);
    for (const { stream, tenant, memberId } of followed) {
      const own = memberId === null ? '' : `and api_key_id in (select id from api_keys where user_id = '${memberId}')`;
      const events = await one.database.sql<{ id: string }>(
        `select id from api_key_events where tenant_id = $1 and kind <> 'POLICY_CHANGED' ${own} order by id`,
        [tenant.id],
      );
      const expected = events.map(({ id }) => id);
      await until('everything of its own has come', () => expected.every((id) => stream.events('id').includes(id)));
      expect((stream.events('id') as string[]).sort()).toEqual(expected);
    }
    expect(followed.some(({ stream }) => stream.nexts.length > CHANGES / 20)).toBe(true);
  });

  it('a member sees no address but its own and that of its key', async () => {
    const [admin, member] = owners;
    const ofMember = followed.find(({ memberId }) => memberId === member?.user.id)?.stream;
    if (!admin || !member || !ofMember) throw new Error('There are no members.');
    const key = await makeOwnKey(one, member.user);
    await askKeys(one, 'suspendApiKey', { id: key.id }, { session: admin.user.session });
    const before = ofMember.nexts.length;
    await until(
      'both changes have come',
      () => ofMember.nexts.length >= before + 2 || ofMember.events('ip').at(-1) === null,
    );
    expect(ofMember.events('ip').slice(-2)).toEqual(['127.0.0.1', null]);
  });
});
