import { randomUUID } from 'node:crypto';
import type { GivenDevice } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { type ResourcePortal, useResourcePortal } from '../support/hooks.js';

const FIELDS = `id targetVersion scheduledAt status device { id }`;
const SCHEDULE = `mutation ($input: ScheduleFirmwareUpgradeInput!) {
  scheduleFirmwareUpgrade(input: $input) { firmwareUpgrade { ${FIELDS} } }
}`;
const CANCEL = `mutation ($id: ID!) { cancelFirmwareUpgrade(id: $id) { firmwareUpgrade { id status } } }`;
const LIST = `query ($id: ID!) { device(id: $id) { firmwareUpgrades { ${FIELDS} } } }`;
const LATER = '2099-05-01T03:00:00.000Z';

describe('firmware upgrades', () => {
  let api: TestPortal;
  let given: ResourcePortal['given'];
  let fleet: ResourcePortal['fleet'];
  useResourcePortal(['devices:read', 'firmware:write'], (portal) => ({ api, given, fleet } = portal));

  const schedule = (key: string, input: Record<string, unknown>) => api.query(SCHEDULE, { key, variables: { input } });
  const cancel = (key: string, id: string) => api.query(CANCEL, { key, variables: { id } });
  const upgradesOf = async (key: string, { id }: GivenDevice) =>
    (await api.query(LIST, { key, variables: { id } })).at<{ id: string }[]>('device.firmwareUpgrades');

  it('a firmware upgrade is scheduled for a device and listed there', async () => {
    const { key, device } = await fleet();
    const input = { deviceId: device.id, targetVersion: ' 10.14.0 ', scheduledAt: '2099-05-01T05:00:00+02:00' };
    const upgrade = (await schedule(key, input)).at<{ id: string }>('scheduleFirmwareUpgrade.firmwareUpgrade');
    const expected = { targetVersion: '10.14.0', scheduledAt: LATER, status: 'SCHEDULED', device: { id: device.id } };
    expect(upgrade).toEqual({ id: upgrade.id, ...expected });
    expect(await upgradesOf(key, device)).toEqual([upgrade]);
  });

  it('firmware upgrades are listed newest first, and only the newest 50', async () => {
    const { tenant, key, device } = await fleet();
    await api.database.sql(
      `insert into firmware_upgrades (tenant_id, device_id, target_version, scheduled_at, created_at)
       select $1, $2, n::text, '2099-01-01', timestamptz '2026-01-01' + n * interval '1 minute' from generate_series(1, 51) n`,
      [tenant.id, device.id],
    );
    const versions = (await upgradesOf(key, device)).map((upgrade) => Number((upgrade as never)['targetVersion']));
    expect(versions).toEqual(Array.from({ length: 50 }, (_, index) => 51 - index));
  });

  const past = new Date(Date.now() - 1000).toISOString();
  it.each([
    ['a time that has passed', { scheduledAt: past }, ['NOT_IN_FUTURE input.scheduledAt']],
    [
      'a year that no client can read',
      { scheduledAt: '9999-12-31T23:59:59-01:00' },
      ['OUT_OF_RANGE input.scheduledAt'],
    ],
    ['an empty version', { targetVersion: '  ' }, ['TOO_SHORT input.targetVersion']],
    ['a version too long', { targetVersion: '1'.repeat(201) }, ['TOO_LONG input.targetVersion']],
    ['a version of nothing visible', { targetVersion: '\u2800\u115f' }, ['TOO_SHORT input.targetVersion']],
    ['a version with a control character', { targetVersion: '1\u202e0' }, ['MALFORMED input.targetVersion']],
    [
      'several things',
      { deviceId: 'x', targetVersion: '', scheduledAt: past },
      ['MALFORMED input.deviceId', 'TOO_SHORT input.targetVersion', 'NOT_IN_FUTURE input.scheduledAt'],
    ],
  ])('a firmware upgrade refuses %s', async (_, wrong, expected) => {
    const { key, device } = await fleet();
    const input = { deviceId: device.id, targetVersion: '1', scheduledAt: LATER, ...wrong };
    const answer = await schedule(key, input);
    expect([answer.status, answer.code, answer.body.data]).toEqual([
      200,
      'BAD_USER_INPUT',
      { scheduleFirmwareUpgrade: null },
    ]);
    expect(answer.problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(expected);
    expect(await upgradesOf(key, device)).toEqual([]);
  });

  it('a firmware upgrade accepts the longest version and the last second of the year 9999', async () => {
    const { key, device } = await fleet();
    const input = { deviceId: device.id, targetVersion: '1'.repeat(200), scheduledAt: '9999-12-31T23:59:59Z' };
    const answer = await schedule(key, input);
    expect(answer.at('scheduleFirmwareUpgrade.firmwareUpgrade.scheduledAt')).toBe('9999-12-31T23:59:59.000Z');
  });

  it('a firmware upgrade is cancelled, and cancelling it again gets the same answer', async () => {
    const { tenant, key, device } = await fleet();
    const id = await given.firmwareUpgrade({ tenant, device });
    const expected = { cancelFirmwareUpgrade: { firmwareUpgrade: { id, status: 'CANCELLED' } } };
    expect((await cancel(key, id)).data).toEqual(expected);
    expect((await cancel(key, id)).data).toEqual(expected);
    expect(await upgradesOf(key, device)).toMatchObject([{ id, status: 'CANCELLED' }]);
  });

  it('a firmware upgrade whose time has come cannot be cancelled, unless it was cancelled before', async () => {
    const { tenant, key, device } = await fleet();
    const id = await given.firmwareUpgrade({ tenant, device });
    const called = await given.firmwareUpgrade({ tenant, device });
    await cancel(key, called);
    await api.database.sql(`update firmware_upgrades set scheduled_at = now() where device_id = $1`, [device.id]);
    const late = await cancel(key, id);
    expect([late.status, late.code, late.reason, late.errors[0]?.extensions['status']]).toEqual([
      200,
      'CONFLICT',
      'INVALID_STATE',
      'SCHEDULED',
    ]);
    expect((await cancel(key, called)).at('cancelFirmwareUpgrade.firmwareUpgrade.status')).toBe('CANCELLED');
  });

  it('each mutation of an operation shows the firmware upgrades as that mutation left them', async () => {
    const { key, device } = await fleet();
    const input = `{ deviceId: "${device.id}", targetVersion: "1", scheduledAt: "${LATER}" }`;
    const fields = 'firmwareUpgrade { id device { firmwareUpgrades { id } } }';
    const answer = await api.query(
      `mutation { a: scheduleFirmwareUpgrade(input: ${input}) { ${fields} }
        b: scheduleFirmwareUpgrade(input: ${input}) { ${fields} } }`,
      { key },
    );
    for (const [alias, count] of [
      ['a', 1],
      ['b', 2],
    ] as const)
      expect(answer.at(`${alias}.firmwareUpgrade.device.firmwareUpgrades`)).toHaveLength(count);
  });

  it("firmware upgrades answer the same for an unknown id and another tenant's, and change neither", async () => {
    const mine = await fleet();
    const theirs = await fleet();
    const id = await given.firmwareUpgrade(theirs);
    const input = { targetVersion: '1', scheduledAt: LATER };
    const pairs = [
      [await cancel(mine.key, randomUUID()), await cancel(mine.key, id)],
      [
        await schedule(mine.key, { ...input, deviceId: randomUUID() }),
        await schedule(mine.key, { ...input, deviceId: theirs.device.id }),
      ],
    ];
    for (const [unknown, foreign] of pairs) {
      expect([foreign?.status, foreign?.code]).toEqual([200, 'NOT_FOUND']);
      expect(foreign?.text).toBe(unknown?.text);
    }
    expect(await upgradesOf(theirs.key, theirs.device)).toMatchObject([{ id, status: 'SCHEDULED' }]);
  });

  it('the mutation that cancels a firmware upgrade refuses a malformed id', async () => {
    const { key } = await fleet();
    const answer = await cancel(key, 'x');
    expect(answer.problems).toMatchObject([{ code: 'MALFORMED', path: ['id'] }]);
  });

  it('firmware:write is needed to see, schedule and cancel firmware upgrades', async () => {
    const { tenant, device } = await fleet();
    const { secret } = await api.given.apiKey({ tenant, scopes: ['devices:read', 'devices:write', 'config:write'] });
    const answers = [
      await api.query(LIST, { key: secret, variables: { id: device.id } }),
      await schedule(secret, { deviceId: device.id, targetVersion: '1', scheduledAt: LATER }),
      await cancel(secret, randomUUID()),
    ];
    expect(
      answers.map(({ status, errors }) => [status, errors[0]?.path, errors[0]?.extensions['requiredScopes']]),
    ).toEqual([
      [403, ['device', 'firmwareUpgrades'], ['firmware:write']],
      [403, ['scheduleFirmwareUpgrade'], ['firmware:write']],
      [403, ['cancelFirmwareUpgrade'], ['firmware:write']],
    ]);
  });
});
