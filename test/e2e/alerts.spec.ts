import { randomUUID } from 'node:crypto';
import { AlertIntake } from '#alerts';
import type { TestPortal } from '../support/test-portal.js';
import { type ResourcePortal, useResourcePortal } from '../support/hooks.js';

const ALERTS = `query ($first: Int, $after: String, $status: AlertStatus, $deviceId: ID) {
  alerts(first: $first, after: $after, status: $status, deviceId: $deviceId) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
interface Alerts {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

describe('alerts', () => {
  let api: TestPortal;
  let given: ResourcePortal['given'];
  let fleet: ResourcePortal['fleet'];
  useResourcePortal(['alerts:read'], (portal) => ({ api, given, fleet } = portal));

  const ask = async (key: string, variables: Record<string, unknown> = {}): Promise<Alerts> =>
    (await api.query(ALERTS, { key, variables })).at<Alerts>('alerts');
  const ids = ({ nodes }: Alerts) => nodes.map(({ id }) => id);

  it('an alert shows everything that monitoring reported', async () => {
    const { tenant, device, key } = await fleet();
    const observed = { tenant, device, severity: 'CRITICAL', message: 'PSU 2 failed' } as const;
    const firing = await given.alert({ ...observed, firedAt: at(2) });
    const resolved = await given.alert({ ...observed, firedAt: at(1), resolvedAt: at(3) });
    const answer = await api.query(`{ alerts { nodes { id severity status message firedAt resolvedAt } } }`, { key });
    const reported = { severity: 'CRITICAL', message: 'PSU 2 failed' };
    expect(answer.at('alerts.nodes')).toEqual([
      { id: firing, ...reported, status: 'FIRING', firedAt: at(2).toISOString(), resolvedAt: null },
      { id: resolved, ...reported, status: 'RESOLVED', firedAt: at(1).toISOString(), resolvedAt: at(3).toISOString() },
    ]);
  });

  it('alerts come newest first and page by page, each once, even where many fired at the same instant', async () => {
    const { tenant, device, key } = await fleet();
    const raised: string[] = [];
    for (const minute of [1, 2, 2, 2, 2, 3]) raised.push(await given.alert({ tenant, device, firedAt: at(minute) }));
    const seen: string[] = [];
    let after: string | null = null;
    for (const [size, more] of [
      [2, true],
      [2, true],
      [2, false],
    ] as const) {
      const page: Alerts = await ask(key, { first: size, after });
      expect(page.pageInfo).toMatchObject({ hasNextPage: more, hasPreviousPage: after !== null });
      seen.push(...ids(page));
      after = page.pageInfo.endCursor;
    }
    expect([seen[0], seen.at(-1)]).toEqual([raised.at(-1), raised[0]]);
    expect([...seen].sort()).toEqual([...raised].sort());
  });

  it('alerts are filtered by state, by device, or by both', async () => {
    const { tenant, device, key } = await fleet();
    const other = await api.given.device({ tenant });
    const firing = await given.alert({ tenant, device, firedAt: at(1) });
    const resolved = await given.alert({ tenant, device, firedAt: at(2), resolvedAt: at(9) });
    const elsewhere = await given.alert({ tenant, device: other, firedAt: at(3) });
    for (const [filter, expected] of [
      [{}, [elsewhere, resolved, firing]],
      [{ status: 'FIRING' }, [elsewhere, firing]],
      [{ status: 'RESOLVED' }, [resolved]],
      [{ deviceId: device.id }, [resolved, firing]],
      [{ deviceId: device.id.toUpperCase(), status: 'FIRING' }, [firing]],
      [{ deviceId: other.id, status: 'RESOLVED' }, []],
      [{ deviceId: randomUUID() }, []],
    ] as const)
      expect([filter, ids(await ask(key, filter))]).toEqual([filter, expected]);
  });

  it.each([
    [{ first: 0 }, [['OUT_OF_RANGE', 'first']]],
    [{ first: 101 }, [['OUT_OF_RANGE', 'first']]],
    [{ deviceId: 'core-sw-01' }, [['MALFORMED', 'deviceId']]],
    [
      { deviceId: '', first: -1 },
      [
        ['MALFORMED', 'deviceId'],
        ['OUT_OF_RANGE', 'first'],
      ],
    ],
    [{ after: 'bm9uc2Vuc2U' }, [['INVALID_CURSOR', 'after']]],
  ])('the list of alerts refuses %j and names each problem', async (variables, expected) => {
    const { key } = await fleet();
    const answer = await api.query(ALERTS, { key, variables });
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(answer.problems.map(({ code, path }) => [code, ...path])).toEqual(expected);
  });

  it('the list of alerts refuses the cursor of another filter', async () => {
    const { tenant, device, key } = await fleet();
    await given.alert({ tenant, device });
    const after = (await ask(key)).pageInfo.endCursor;
    const answer = await api.query(ALERTS, { key, variables: { after, status: 'FIRING' } });
    expect(answer.problems).toMatchObject([{ code: 'INVALID_CURSOR', path: ['after'] }]);
  });

  it('the list of alerts never shows an alert of another tenant, not even for the device of that tenant', async () => {
    const mine = await fleet();
    const theirs = await fleet();
    await given.alert(theirs);
    expect(ids(await ask(mine.key))).toEqual([]);
    expect(ids(await ask(mine.key, { deviceId: theirs.device.id }))).toEqual([]);
  });

  it('an alert cannot be raised on a device of another tenant, or resolved for another tenant', async () => {
    const mine = await fleet();
    const theirs = await fleet();
    const id = await given.alert(theirs);
    const intake = api.app.get(AlertIntake, { strict: false });
    const by = { tenantId: mine.tenant.id };
    const observation = { deviceId: theirs.device.id, severity: 'INFO', message: 'x' } as const;
    await expect(intake.raise(by, observation)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(intake.resolve(by, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(ids(await ask(theirs.key, { status: 'FIRING' }))).toEqual([id]);
  });

  it('an alert keeps the instant of its first resolution', async () => {
    const { tenant, device, key } = await fleet();
    const id = await given.alert({ tenant, device, firedAt: at(1), resolvedAt: at(2) });
    await api.app.get(AlertIntake, { strict: false }).resolve({ tenantId: tenant.id }, id, at(5));
    const answer = await api.query(`{ alerts { nodes { resolvedAt } } }`, { key });
    expect(answer.at('alerts.nodes')).toEqual([{ resolvedAt: at(2).toISOString() }]);
  });

  it('alerts need alerts:read, and the device of an alert needs devices:read', async () => {
    const { tenant } = await fleet();
    const refused = async (scopes: string[]) => {
      const { secret } = await api.given.apiKey({ tenant, scopes });
      const { status, errors } = await api.query(`{ alerts { nodes { device { id } } } }`, { key: secret });
      return [status, errors.map(({ path, extensions }) => [path, extensions.reason, extensions['requiredScopes']])];
    };
    const list = [['alerts'], 'MISSING_SCOPE', ['alerts:read']];
    const device = [['alerts', 'nodes', 'device'], 'MISSING_SCOPE', ['devices:read']];
    expect(await refused(['config:read', 'firmware:write'])).toEqual([403, [list, device]]);
    expect(await refused(['devices:read'])).toEqual([403, [list]]);
    expect(await refused(['alerts:read'])).toEqual([403, [device]]);
    expect(await refused(['alerts:read', 'devices:read'])).toEqual([200, []]);
  });
});
