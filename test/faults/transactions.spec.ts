import { sql } from 'kysely';
import { type Session, TenantDatabase, TransactionRetries } from '#database';
import { AppError } from '#kernel';
import type { GivenTenant } from '../support/given.js';
import { askKeys, EVIDENCE, type KeyOperation } from '../support/key-operations.js';
import { TestPortal } from '../support/test-portal.js';

let api: TestPortal;
let tenant: GivenTenant;
beforeAll(async () => {
  api = await TestPortal.start();
  tenant = await api.given.tenant();
});
afterAll(() => api.stop());

const write = <Result>(work: (session: Session) => Promise<Result>) =>
  api.app.get(TenantDatabase, { strict: false }).write({ tenantId: tenant.id }, work);
const run = (session: Session, statement: string) => sql.raw(statement).execute(session);
const fail = (session: Session, sqlstate: string) => run(session, `do $$ begin raise sqlstate '${sqlstate}'; end $$`);
const addDevice = (session: Session, hostname: string) =>
  sql`insert into devices (tenant_id, hostname, ip_address) values (${tenant.id}, ${hostname}, '::1')`.execute(session);
const devices = (hostname: string) =>
  api.database.sql('select hostname from devices where tenant_id = $1 and hostname = $2', [tenant.id, hostname]);

describe('transactions (F19)', () => {
  it('a transaction that deadlocks with another is run again, and both are done', async () => {
    const retries = api.app.get(TransactionRetries, { strict: false });
    const before = retries.count;
    const [one, other] = [await api.given.device({ tenant }), await api.given.device({ tenant })];
    const { promise: bothHoldOne, resolve } = Promise.withResolvers<void>();
    let holding = 0;
    const crosswise = (ids: string[], model: string) =>
      write(async (session) => {
        for (const id of ids) {
          await sql`update devices set model = coalesce(model, '') || ${model} where id = ${id}`.execute(session);
          if (++holding === 2) resolve();
          await bothHoldOne;
        }
      });
    await Promise.all([crosswise([one.id, other.id], 'a'), crosswise([other.id, one.id], 'b')]);
    const models = await api.database.sql<{ model: string }>('select model from devices where id = any($1)', [
      [one.id, other.id],
    ]);
    expect(models.map(({ model }) => [...model].sort().join(''))).toEqual(['ab', 'ab']);
    expect(retries.count - before).toBeGreaterThanOrEqual(1);
  });

  it('without replicas a change commits by the bare statement, a list asks for no position, and no answer has a token', async () => {
    const { session } = await api.given.admin(tenant);
    const input = { hostname: 'bare', ipAddress: '::1' };
    const create = `mutation ($input: CreateDeviceInput!) { createDevice(input: $input) { device { id } } }`;
    const statements = await api.sqlOf(async () => {
      for (const document of [create, '{ devices { nodes { id } } }']) {
        const answer = await api.query(document, { session, ...(document === create && { variables: { input } }) });
        expect([answer.status, answer.headers.get('x-consistency-token')]).toEqual([200, null]);
      }
    });
    // Background work may commit beside it.
    expect([...new Set(statements.filter((text) => text.startsWith('commit')))]).toEqual(['commit']);
    expect(statements.filter((text) => /as lsn|isReplayed/.test(text))).toEqual([]);
  });

  it('a transaction that is run again twice keeps what its last run did, once', async () => {
    let runs = 0;
    await write(async (session) => {
      await addDevice(session, 'third-time');
      if (++runs < 3) await fail(session, '40001');
    });
    expect([runs, await devices('third-time')]).toEqual([3, [{ hostname: 'third-time' }]]);
  });

  it.each([
    ['40001', 4],
    ['40P01', 4],
    ['57014', 1],
    ['55P03', 1],
    ['P0001', 1],
  ])('a transaction that always fails with %s is run %i times, and leaves nothing', async (sqlstate, times) => {
    let runs = 0;
    const failing = write(async (session) => {
      runs++;
      await addDevice(session, 'never');
      await fail(session, sqlstate);
    });
    await expect(failing).rejects.toThrow();
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error instanceof AppError && error.code).toBe(sqlstate === 'P0001' ? false : 'SERVICE_UNAVAILABLE');
    expect([runs, await devices('never')]).toEqual([times, []]);
  });
});

describe('failing statements', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, string | undefined, (session: Session) => Promise<unknown>]>([
    ['a NUL in a text', 'BAD_USER_INPUT', (session) => sql`select ${'a\0b'}::text`.execute(session)],
    ['a NUL in JSON', 'BAD_USER_INPUT', (session) => sql`select ${'{"a":"\\u0000"}'}::jsonb`.execute(session)],
    ['half a surrogate in JSON', 'BAD_USER_INPUT', (session) => sql`select ${'"\\ud800"'}::jsonb`.execute(session)],
    ['JSON that is too deep', 'BAD_USER_INPUT', (session) => sql`select ${deep}::jsonb`.execute(session)],
    ['a number out of range', 'BAD_USER_INPUT', (session) => sql`select ${'1e30'}::numeric::int`.execute(session)],
    ['a year that is none', 'BAD_USER_INPUT', (session) => sql`select ${'400000-01-01'}::timestamp`.execute(session)],
    ['a limit below zero', 'BAD_USER_INPUT', (session) => sql`select 1 limit ${'-1'}::int`.execute(session)],
    [
      'what is there already',
      'CONFLICT',
      async (session) => [await addDevice(session, 'twin'), await addDevice(session, 'twin')],
    ],
    [
      'what points at nothing',
      'CONFLICT',
      (session) =>
        run(
          session,
          `insert into alerts (tenant_id, device_id, severity, message)
           values ('${tenant.id}', gen_random_uuid(), 'INFO', 'm')`,
        ),
    ],
    [
      'too long a work',
      'SERVICE_UNAVAILABLE',
      (session) => run(session, 'set local statement_timeout = 20; select pg_sleep(1)'),
    ],
    ['a wrong statement', undefined, (session) => run(session, 'select nothing from nowhere')],
  ])('a statement that fails for %s is reported as %s, and costs nothing else', async (_, code, work) => {
    const error = await write(work).then(
      () => 'it did not fail',
      (thrown: unknown) => thrown,
    );
    expect(error instanceof AppError ? error.code : undefined).toBe(code);
    expect(error).toBeInstanceOf(Error);
    expect((await write((session) => run(session, 'select 1 as one'))).rows).toEqual([{ one: 1 }]);
  });
});

describe('changes without their event (F30)', () => {
  beforeAll(() =>
    api.database.sql(`create function no_event() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger no_event before insert on api_key_events for each row execute function no_event()`),
  );
  afterAll(() => api.database.sql('drop trigger no_event on api_key_events; drop function no_event()'));
  const enabled = (is: boolean) =>
    api.database.sql(`alter table api_key_events ${is ? 'enable' : 'disable'} trigger no_event`);

  it.each<[KeyOperation, (id: string) => Record<string, unknown>]>([
    ['createApiKey', () => ({ input: { name: 'unheard', scopes: ['devices:read'] } })],
    ['rotateApiKey', (id) => ({ input: { id } })],
    ['updateApiKey', (id) => ({ input: { id, name: 'unheard' } })],
    ['suspendApiKey', (id) => ({ id })],
    ['revokeApiKeys', (id) => ({ input: { ids: [id] } })],
  ])('a change whose event cannot be written is not made: %s', async (operation, variables) => {
    await enabled(false);
    const key = await api.given.apiKey({ tenant });
    await enabled(true);
    const count = () => api.database.sql('select count(*)::int as keys from api_keys');
    const before = [await api.database.sql(EVIDENCE, [key.id]), await count()];
    const answer = await askKeys(api, operation, variables(key.id), { session: key.admin.session });
    expect([answer.status, answer.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect([await api.database.sql(EVIDENCE, [key.id]), await count()]).toEqual(before);
    expect((await api.query('{ viewer { kind } }', { key: key.secret })).status).toBe(200);
  });
});
