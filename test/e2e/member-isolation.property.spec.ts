import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/answer.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { type AnsweredKey, askKeys } from '../support/key-operations.js';
import { CHANGES_BY_ID, makeOwnKey, setMemberKeys } from '../support/members.js';
import { seededRandom } from '../support/seeded-random.js';
import type { TestPortal } from '../support/test-portal.js';

const REQUESTS = Number(process.env['ISOLATION_REQUESTS'] ?? 300);
const SEED = Number(process.env['ISOLATION_SEED'] ?? Date.now() % 2 ** 31);
const MEMBERS = 6;
const KEYS_EACH = 4;
const IN_FLIGHT = 6;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MARK = /mark-of-\d+-/g;
const STATUSES = ['ACTIVE', 'SUSPENDED', 'REVOKED', 'PENDING'];

const LIST = `query ($filter: ApiKeyFilter, $after: String) { apiKeys(first: 3, after: $after, filter: $filter) {
  totalCount nodes { id name owner { id } createdBy { id } recentIps { ip } metadata } pageInfo { endCursor } } }`;
const EVENTS = `query ($filter: ApiKeyEventFilter) { apiKeyEvents(first: 20, filter: $filter) {
  nodes { apiKeyId apiKeyName actorKeyId changes actor { id } } } }`;
const IMPACT = 'query ($ids: [ID!]) { apiKeyRevocationImpact(ids: $ids) { apiKey { id name } } }';
const KEY = 'query ($id: ID!) { apiKey(id: $id) { id name revocationNote attemptsAfterRevocation } }';

const random = seededRandom(SEED);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const chance = (share: number) => random() < share;

/** What one member should have, by all that was acknowledged. */
interface Member {
  user: GivenUser;
  /** Goes into every text that this member writes. */
  mark: string;
  alive: Set<string>;
  keys: string[];
  /** Number of keys whose creation has begun: some of them may exist before their answers are here. */
  begun: number;
  cursors: string[];
}

describe(`isolation of the members of a tenant (ISOLATION_SEED=${SEED})`, () => {
  let api: TestPortal;
  let tenant: GivenTenant;
  const members: Member[] = [];
  const ownerOf = new Map<string, Member>();
  usePortal(async (started) => {
    api = started;
    tenant = await api.given.tenant();
    await setMemberKeys(api, tenant, 'ALLOWED');
    for (let n = 0; n < MEMBERS; n++) {
      const user = await api.given.user({ tenant, role: n % 2 ? 'OPERATOR' : 'VIEWER' });
      const member: Member = { user, mark: `mark-of-${n}-`, alive: new Set(), keys: [], begun: 0, cursors: [] };
      members.push(member);
      ownerOf.set(user.id, member);
      for (let k = 0; k < KEYS_EACH; k++) await create(member);
    }
  });

  async function create(by: Member): Promise<Answer | undefined> {
    by.begun++;
    const { id } = await makeOwnKey(api, by.user, { name: `${by.mark}key`, metadata: { mark: by.mark } });
    by.keys.push(id);
    by.alive.add(id);
    ownerOf.set(id, by);
    return undefined;
  }

  /** Everything in an answer to `by` that belongs to another member. */
  const foreignIn = (text: string, by: Member) => [
    ...(text.match(UUID) ?? []).filter((id) => (ownerOf.get(id) ?? by) !== by),
    ...(text.match(MARK) ?? []).filter((mark) => mark !== by.mark),
  ];
  const ask = (by: Member, document: string, variables: Record<string, unknown>) =>
    api.query(document, { session: by.user.session, variables });

  const filterOf = (other: Member): Record<string, unknown> =>
    pick([
      {},
      { search: chance(0.5) ? other.mark : 'key' },
      { ownerId: other.user.id },
      { ids: [pick(other.keys), randomUUID()] },
      { status: STATUSES },
      { neverUsed: true, ownerKind: 'HUMAN' },
    ]);

  /** Of `by`, who names what belongs to `other`: the same member in half of the cases. */
  const OPERATIONS: ((by: Member, other: Member) => Promise<Answer | undefined>)[] = [
    async (by, other) => {
      const answer = await ask(by, LIST, { filter: filterOf(other), after: chance(0.3) ? pick(other.cursors) : null });
      if (answer.code === undefined) {
        const cursor = answer.at<string | null>('apiKeys.pageInfo.endCursor');
        if (cursor) by.cursors.push(cursor);
        expect(answer.at<number>('apiKeys.totalCount')).toBeLessThanOrEqual(by.begun);
      }
      return answer;
    },
    (by, other) => ask(by, EVENTS, { filter: pick([{}, { apiKeyId: pick(other.keys) }, { actorId: other.user.id }]) }),
    async (by, other) => {
      const answer = await ask(by, KEY, { id: pick(other.keys) });
      if (by !== other) expect(answer.at('apiKey')).toBeNull();
      return answer;
    },
    (by, other) => ask(by, IMPACT, { ids: [pick(by.keys), pick(other.keys)] }),
    async (by, other) => {
      const [operation, variables] = pick(CHANGES_BY_ID);
      const id = pick(other.keys);
      const answer = await askKeys(api, operation, variables(id), { session: by.user.session });
      if (by !== other) expect([operation, answer.code]).toEqual([operation, 'NOT_FOUND']);
      else if (operation === 'revokeApiKeys' && answer.code === undefined) by.alive.delete(id);
      return answer;
    },
    async (by, other) => {
      if (by === other) return undefined;
      const input = pick([
        { ids: [pick(by.keys), pick(other.keys)] },
        { ownerId: other.user.id },
        { filter: { ownerId: other.user.id }, expectedCount: 0 },
      ]);
      const answer = await askKeys(api, 'revokeApiKeys', { input }, { session: by.user.session });
      if (answer.code === undefined) expect(answer.at('revokeApiKeys.count')).toBe(0);
      else expect(answer.code).toBe('NOT_FOUND');
      return undefined;
    },
    (by) => (by.keys.length < 30 ? create(by) : Promise.resolve(undefined)),
  ];

  it(`members see and change nothing of each other's keys in ${REQUESTS} requests`, async () => {
    const outcomes = new Map<string, number>();
    let left = REQUESTS;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const by = pick(members);
        const answer = await pick(OPERATIONS)(by, chance(0.5) ? by : pick(members));
        if (!answer) continue;
        expect(foreignIn(answer.text, by)).toEqual([]);
        const outcome = answer.code ?? 'done';
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        expect(['done', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT']).toContain(outcome);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    const rows = await api.database.sql<Pick<AnsweredKey, 'id'> & { owner: string; mark: string; isAlive: boolean }>(
      `select id, user_id as owner, metadata ->> 'mark' as mark, revoked_at is null as "isAlive" from api_keys where tenant_id = $1`,
      [tenant.id],
    );
    for (const { id, owner, mark, isAlive } of rows) {
      const member = ownerOf.get(id);
      expect([owner, mark, isAlive]).toEqual([member?.user.id, member?.mark, member?.alive.has(id)]);
    }
    // Requests that were all refused would prove nothing.
    expect(outcomes.get('done') ?? 0).toBeGreaterThan(REQUESTS / 5);
    expect(outcomes.get('NOT_FOUND') ?? 0).toBeGreaterThan(REQUESTS / 30);
    if (process.env['ISOLATION_REQUESTS']) console.log(Object.fromEntries(outcomes));
  });
});
