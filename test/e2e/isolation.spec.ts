import { randomUUID } from 'node:crypto';
import { ALL_SCOPES, CREATE_KEY } from '../support/given.js';
import { seededRandom } from '../support/seeded-random.js';
import { type TenantModel, World } from '../support/tenant-model.js';
import { bySession, expectNothing, isDone, isLost, type Operation, type Step } from '../support/isolation-steps.js';
import { IsolationStreams } from '../support/isolation-streams.js';
import { webhookOperations } from '../support/isolation-webhooks.js';
import { TestPortal } from '../support/test-portal.js';

const REQUESTS = Number(process.env['ISOLATION_REQUESTS'] ?? 400);
const SEED = Number(process.env['ISOLATION_SEED'] ?? Date.now() % 2 ** 31);
const IN_FLIGHT = 6;

const random = seededRandom(SEED);
const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
const chance = (share: number) => random() < share;

const aDevice = ({ devices }: TenantModel) => pick([...devices.keys()]) ?? randomUUID();
const byKey = ({ api, by }: Step, document: string, variables: Record<string, unknown>, headers = {}) =>
  api.query(document, { key: pick(by.keys)?.secret, variables, headers });
const OPERATIONS: Operation[] = [
  async (step) => {
    const document =
      'query ($id: ID!, $mine: ID!) { theirs: device(id: $id) { id model } mine: device(id: $mine) { id } }';
    const answer = await byKey(step, document, { id: aDevice(step.other), mine: aDevice(step.by) });
    expectNothing(answer, 'theirs', step);
    return answer;
  },
  async (step) => {
    const document = `query ($after: String, $search: String) { devices(first: 5, after: $after, filter: { search: $search }) {
      nodes { id hostname model alerts(first: 2) { nodes { id } } configBackups(first: 2) { nodes { id content } } }
      pageInfo { endCursor } totalCount } }`;
    const search = chance(0.5) ? null : chance(0.5) ? step.other.mark : 'sw-';
    const after = chance(0.5) ? null : (pick(step.other.cursors) ?? 'no cursor');
    const answer = await byKey(step, document, { search, after });
    const cursor = answer.errors.length === 0 ? answer.at<string | null>('devices.pageInfo.endCursor') : null;
    if (cursor && search === null) step.by.cursors.push(cursor);
    return answer;
  },
  async (step) => {
    const document = 'mutation ($input: CreateDeviceInput!) { createDevice(input: $input) { device { id hostname } } }';
    const hostname = chance(0.3) ? (pick([...step.other.devices.values()]) ?? 'sw-x') : `sw-${randomUUID()}`;
    const ipAddress = chance(0.1) ? 'no address' : '10.0.0.1';
    const answer = await byKey(step, document, { input: { hostname, ipAddress, model: `${step.by.mark}new` } });
    if (isDone(answer, 'createDevice')) {
      const id = answer.at<string>('createDevice.device.id');
      step.by.devices.set(id, hostname);
      step.world.belongs(id, step.by);
    }
    return answer;
  },
  async (step) => {
    const document = 'mutation ($input: UpdateDeviceInput!) { updateDevice(input: $input) { device { id model } } }';
    const answer = await byKey(step, document, { input: { id: aDevice(step.other), model: `${step.by.mark}changed` } });
    expectNothing(answer, 'updateDevice', step);
    return answer;
  },
  async (step) => {
    const id = aDevice(step.other);
    if (step.by === step.other) step.by.uncertain.add(id);
    const answer = await byKey(step, 'mutation ($id: ID!) { deleteDevice(id: $id) { id } }', { id });
    expectNothing(answer, 'deleteDevice', step);
    if (step.by === step.other && isDone(answer, 'deleteDevice')) step.by.devices.delete(id);
    return answer;
  },
  async (step) => {
    const document = `mutation ($input: StoreConfigBackupInput!) { storeConfigBackup(input: $input) { configBackup { id } } }`;
    const answer = await byKey(step, document, {
      input: { deviceId: aDevice(step.other), content: `${step.by.mark}config` },
    });
    expectNothing(answer, 'storeConfigBackup', step);
    return answer;
  },
  async (step) => {
    const document = `mutation ($input: ScheduleFirmwareUpgradeInput!) {
      scheduleFirmwareUpgrade(input: $input) { firmwareUpgrade { id } } }`;
    const input = {
      deviceId: aDevice(step.other),
      targetVersion: `${step.by.mark}v1`,
      scheduledAt: '2099-01-01T00:00:00Z',
    };
    const answer = await byKey(step, document, { input });
    expectNothing(answer, 'scheduleFirmwareUpgrade', step);
    return answer;
  },
  (step) => {
    const document = `query ($id: ID!) { alerts(deviceId: $id) { nodes { id message } }
      configBackups(deviceId: $id) { nodes { id content } } }`;
    return byKey(step, document, { id: aDevice(step.other) });
  },
  async (step) => {
    const answer = await byKey(
      step,
      '{ viewer { tenant { id name } user { id name } apiKey { id name } } }',
      {},
      {
        'x-tenant-id': step.other.tenant.id,
      },
    );
    if (step.by !== step.other && !isLost(answer)) expect(answer.reason).toBe('WRONG_TENANT');
    return answer;
  },
  async (step) => {
    const id = pick(step.other.keys)?.id ?? randomUUID();
    const answer = await bySession(step, 'query ($id: ID!) { apiKey(id: $id) { id name owner { id } } }', { id });
    expectNothing(answer, 'apiKey', step);
    return answer;
  },
  (step) => {
    const document =
      'query ($after: String) { apiKeys(first: 50, after: $after) { nodes { id name } totalCount } users { nodes { id name } } }';
    return bySession(step, document, { after: pick(step.other.cursors) });
  },
  async (step) => {
    const scopes = chance(0.2) ? ['devices:read', 'no:scope'] : ALL_SCOPES;
    const input = { name: `${step.by.mark}more`, scopes, ownerId: step.other.admin.id };
    const answer = await bySession(step, CREATE_KEY, { input });
    if (answer.errors.length > 0 || !isDone(answer, 'createApiKey')) return answer;
    expect(step.other).toBe(step.by);
    const { tenant, admin } = step.by;
    const key = { id: answer.at<string>('createApiKey.apiKey.id'), secret: answer.at<string>('createApiKey.secret') };
    step.world.belongs(key.id, step.by);
    step.by.keys.push({ ...key, tenant, admin });
    return answer;
  },
  async (step) => {
    const foreign = pick(step.other.keys);
    const mine = step.by.keys.length > 5 ? pick(step.by.keys) : undefined;
    if (!foreign || !mine || (step.by === step.other && chance(0.7))) return undefined;
    const document = 'mutation ($ids: [ID!]!) { revokeApiKeys(input: { ids: $ids }) { count } }';
    const ids = step.by === step.other ? [mine.id] : [mine.id, foreign.id];
    if (step.by === step.other) step.by.uncertain.add(mine.id);
    const answer = await bySession(step, document, { ids });
    expectNothing(answer, 'revokeApiKeys', step);
    if (step.by !== step.other || !isDone(answer, 'revokeApiKeys')) return answer;
    step.by.keys = step.by.keys.filter(({ id }) => id !== mine.id);
    step.by.revoked.add(mine.id);
    expect((await step.api.query('{ viewer { kind } }', { key: mine.secret })).reason).toBe('REVOKED_KEY');
    return answer;
  },
  ...webhookOperations(pick, chance),
];

/** Ends what one of the application's connections is doing, whatever it is. */
async function failOne(api: TestPortal): Promise<void> {
  await api.database.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'latchkey portal_app' order by random() limit 1`,
  );
}

describe(`isolation of ten tenants (ISOLATION_SEED=${SEED})`, () => {
  let api: TestPortal;
  let world: World;
  beforeAll(async () => {
    api = await TestPortal.start({ config: { databaseConnections: 2 } });
    world = await World.make(api, 10, 20, 5);
  });
  afterAll(() => api.stop(), 60_000);

  it(`ten tenants with twenty keys each see and change nothing of each other in ${REQUESTS} requests over two connections, some of them dying`, async () => {
    const outcomes = new Map<string, number>();
    const streams = new IsolationStreams();
    const operations = [...OPERATIONS, streams.operation];
    let left = REQUESTS;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const by = pick(world.tenants);
        const other = chance(0.5) ? by : pick(world.tenants);
        if (!by || !other) throw new Error('There are no tenants.');
        if (chance(0.005)) await failOne(api);
        const answer = await pick(operations)?.({ api, world, by, other });
        if (!answer) continue;
        expect(world.foreignIn(answer.text, by)).toEqual([]);
        expect(answer.code).not.toBe('INTERNAL_SERVER_ERROR');
        const outcome = answer.code ?? 'done';
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    for (const by of world.tenants) await streams.showOne({ api, world, by, other: by });
    for (const by of world.tenants)
      for (let last = streams.close(by); last; last = streams.close(by))
        expect(world.foreignIn(last.text, by)).toEqual([]);
    expect(await world.differences(api)).toEqual([]);
    // Requests that were all refused would prove nothing.
    expect(outcomes.get('done') ?? 0).toBeGreaterThan(REQUESTS / 4);
    expect(outcomes.get('NOT_FOUND') ?? 0).toBeGreaterThan(REQUESTS / 20);
    expect(streams.shown).toBeGreaterThan(0);
    if (process.env['ISOLATION_REQUESTS']) console.log(Object.fromEntries(outcomes), streams.shown);
  });
});
