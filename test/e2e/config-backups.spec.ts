import { createHash, randomUUID } from 'node:crypto';
import type { GivenTenant } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { type ResourcePortal, useResourcePortal } from '../support/hooks.js';

const STORE = `mutation ($input: StoreConfigBackupInput!) {
  storeConfigBackup(input: $input) { configBackup { id trigger sha256 sizeBytes content createdAt } }
}`;
const LIST = `query ($first: Int, $after: String, $deviceId: ID) {
  configBackups(first: $first, after: $after, deviceId: $deviceId) {
    nodes { id } pageInfo { hasNextPage endCursor }
  }
}`;
interface Backups {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
const LIMIT = 64 * 1024;

describe('configuration backups', () => {
  let api: TestPortal;
  let given: ResourcePortal['given'];
  let fleet: ResourcePortal['fleet'];
  useResourcePortal(['config:read', 'config:write'], (portal) => ({ api, given, fleet } = portal));

  const store = (key: string, input: Record<string, unknown>) => api.query(STORE, { key, variables: { input } });
  const list = async (key: string, variables: Record<string, unknown> = {}): Promise<Backups> =>
    (await api.query(LIST, { key, variables })).at<Backups>('configBackups');

  /** For each device of the tenant, of the greatest size. */
  const storeHundredOfEach = (tenant: GivenTenant) =>
    api.database.sql(
      `insert into config_backups (tenant_id, device_id, trigger, sha256, size_bytes, content)
       select tenant_id, id, 'MANUAL', '', 65536, repeat('x', 65536)
       from devices, generate_series(1, 100) where tenant_id = $1`,
      [tenant.id],
    );

  it.each([
    ['plain', 'hostname core-sw-01\nend\n'],
    ['with spaces and line ends at both ends', '  \r\n! comment\r\n\t '],
    ['beyond the basic plane', 'banner motd ☎ 🗼 é e\u0301\n'],
    ['with every control character but NUL', String.fromCharCode(...Array.from({ length: 31 }, (_, i) => i + 1))],
    ['of the greatest size', 'x'.repeat(LIMIT)],
    ['of the greatest size, in two-byte characters', 'é'.repeat(LIMIT / 2)],
  ])('a configuration backup keeps a text byte for byte, with its digest and size: %s', async (_, content) => {
    const { key, device } = await fleet();
    const stored = (await store(key, { deviceId: device.id, content, trigger: 'PRE_UPGRADE' })).at<{ id: string }>(
      'storeConfigBackup.configBackup',
    );
    const expected = {
      id: stored.id,
      trigger: 'PRE_UPGRADE',
      sha256: createHash('sha256').update(content).digest('hex'),
      sizeBytes: Buffer.byteLength(content),
      content,
    };
    expect(stored).toMatchObject(expected);
    const read = await api.query(`{ configBackups { nodes { id trigger sha256 sizeBytes content } } }`, { key });
    expect(read.at('configBackups.nodes')).toEqual([expected]);
  });

  it('the origin of a configuration backup is MANUAL by default', async () => {
    const { key, device } = await fleet();
    const answer = await store(key, { deviceId: device.id, content: 'x' });
    expect(answer.at('storeConfigBackup.configBackup.trigger')).toBe('MANUAL');
  });

  it.each([
    ['one byte too many', { content: 'x'.repeat(LIMIT + 1) }, [['TOO_LONG', 'input', 'content']]],
    ['too many bytes in few characters', { content: '€'.repeat(LIMIT / 2) }, [['TOO_LONG', 'input', 'content']]],
    ['nothing', { content: '' }, [['TOO_SHORT', 'input', 'content']]],
    ['a NUL', { content: 'a\0b' }, [['MALFORMED', 'input', 'content']]],
    ['half of a surrogate pair', { content: 'a\ud83d' }, [['MALFORMED', 'input', 'content']]],
    [
      'several things',
      { deviceId: 'core-sw-01', content: '' },
      [
        ['MALFORMED', 'input', 'deviceId'],
        ['TOO_SHORT', 'input', 'content'],
      ],
    ],
  ])('a configuration backup refuses %s', async (_, wrong, expected) => {
    const { key, device } = await fleet();
    const answer = await store(key, { deviceId: device.id, ...wrong });
    expect([answer.status, answer.code, answer.body.data]).toEqual([
      200,
      'BAD_USER_INPUT',
      { storeConfigBackup: null },
    ]);
    expect(answer.problems.map(({ code, path }) => [code, ...path])).toEqual(expected);
    expect((await list(key)).nodes).toEqual([]);
  });

  it("configuration backups answer the same for an unknown device and another tenant's, and store nothing for either", async () => {
    const mine = await fleet();
    const theirs = await fleet();
    const unknown = await store(mine.key, { deviceId: randomUUID(), content: 'x' });
    const foreign = await store(mine.key, { deviceId: theirs.device.id, content: 'x' });
    expect([foreign.status, foreign.code, foreign.body.data]).toEqual([200, 'NOT_FOUND', { storeConfigBackup: null }]);
    expect(foreign.text).toBe(unknown.text);
    expect((await list(theirs.key)).nodes).toEqual([]);
  });

  it('configuration backups come newest first and page by page, for all devices or for one', async () => {
    const { tenant, device, key } = await fleet();
    const other = await api.given.device({ tenant });
    const made: string[] = [];
    for (const owner of [device, other, device, other, device])
      made.unshift(await given.configBackup({ tenant, device: owner }));
    const first = await list(key, { first: 3 });
    const rest = await list(key, { first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map(({ id }) => id)).toEqual(made);
    expect([first, rest].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
    const ofDevice = await list(key, { deviceId: device.id });
    expect(ofDevice.nodes.map(({ id }) => id)).toEqual([made[0], made[2], made[4]]);
  });

  it.each([
    [{ first: 101, deviceId: 'x' }, ['MALFORMED deviceId', 'OUT_OF_RANGE first']],
    [{ after: '!' }, ['INVALID_CURSOR after']],
  ])(
    'the list of configuration backups refuses the arguments %j and names each problem',
    async (variables, expected) => {
      const { key } = await fleet();
      const answer = await api.query(LIST, { key, variables });
      expect(answer.problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(expected);
    },
  );

  it('the list of configuration backups never shows those of another tenant', async () => {
    const mine = await fleet();
    const theirs = await fleet();
    await given.configBackup(theirs);
    expect((await list(mine.key)).nodes).toEqual([]);
    expect((await list(mine.key, { deviceId: theirs.device.id })).nodes).toEqual([]);
  });

  it('the contents of configuration backups are read only where an answer shows them, and then all at once', async () => {
    const { tenant, device, key } = await fleet();
    for (const content of ['a', 'b', 'c']) await given.configBackup({ tenant, device, content });
    const reading = async (fields: string) => {
      const sql = await api.sqlOf(() => api.query(`{ configBackups { nodes { ${fields} } } }`, { key }));
      return sql.filter((statement) => statement.includes('"content"')).length;
    };
    expect([await reading('id sha256 sizeBytes'), await reading('id content')]).toEqual([0, 1]);
  });

  it('an answer refuses to show more contents of backups together than memory can hold', async () => {
    const { tenant, secret } = await api.given.apiKey();
    for (let device = 0; device < 6; device++) await api.given.device({ tenant });
    await storeHundredOfEach(tenant);
    const show = (first: number) =>
      api.query(`{ devices { nodes { configBackups(first: ${first}) { nodes { content } } } } }`, { key: secret });
    const refused = await show(100);
    expect(refused.problems).toMatchObject([{ code: 'LIMIT_REACHED', path: ['first'] }]);
    expect((await show(2)).at<unknown[]>('devices.nodes')).toHaveLength(6);
  });

  it('an answer refuses to show the same contents of backups over and over', async () => {
    const { tenant, secret } = await api.given.apiKey();
    await api.given.device({ tenant });
    await storeHundredOfEach(tenant);
    const show = (times: number) => {
      const lists = Array.from({ length: times }, (_, n) => `b${n}: configBackups(first: 100) { nodes { content } }`);
      return api.query(`{ devices(first: 1) { nodes { ${lists.join(' ')} } } }`, { key: secret });
    };
    const refused = await show(6);
    expect(refused.problemCodes).toEqual([['first', 'LIMIT_REACHED']]);
    expect((await show(5)).at<unknown[]>('devices.nodes.0.b4.nodes')).toHaveLength(100);
  });

  it('configuration backups are read with config:read and stored with config:write, and neither scope opens the other', async () => {
    const { tenant, device } = await fleet();
    const outcome = async (scope: string) => {
      const { secret } = await api.given.apiKey({ tenant, scopes: [scope] });
      const answers = [
        await api.query(LIST, { key: secret }),
        await store(secret, { deviceId: device.id, content: 'x' }),
      ];
      return answers.map(({ status, errors }) => [status, errors[0]?.extensions['requiredScopes']]);
    };
    expect(await outcome('config:read')).toEqual([
      [200, undefined],
      [403, ['config:write']],
    ]);
    expect(await outcome('config:write')).toEqual([
      [403, ['config:read']],
      [200, undefined],
    ]);
    expect(await outcome('devices:read')).toEqual([
      [403, ['config:read']],
      [403, ['config:write']],
    ]);
  });
});
