import type { Answer } from '../support/answer.js';
import type { GivenKey } from '../support/given.js';
import { type ProxiedPortal, startProxied, stopProxied } from '../support/faults/proxied-portal.js';
import type { TestPortal } from '../support/test-portal.js';
import { HOUR_MS } from '../support/durations.js';

/** Everything beside the secret that needs the database, with arguments as literals and as variables. */
const BESIDE = `id scopes owner { name email } createdBy { id } revokedBy { id } unusedScopes(since: $since)
  usage(from: $since, to: $to, bucket: HOUR) { start allowed } attemptsAfterRevocation metadata`;
const CREATE = `mutation ($input: CreateApiKeyInput!, $since: DateTime!, $to: DateTime!, $no: Boolean = false) {
  made: createApiKey(input: $input) { ...beside secret never: secret @include(if: $no) } }
  fragment beside on CreateApiKeyPayload { apiKey { ${BESIDE} } }`;
const ROTATE = `mutation ($input: RotateApiKeyInput!, $since: DateTime!, $to: DateTime!) {
  made: rotateApiKey(input: $input) { secret apiKey { ${BESIDE} } } }`;
/** While a transaction holds the only connection, nothing of its answer may wait for another. */
const CONNECTIONS = 1;
const CLIENTS = 30;
/** Of each client, one after another: new ones keep coming while the first wait for their answers. */
const ROUNDS = 3;

describe('secrets that are shown once', () => {
  let proxied: ProxiedPortal;
  let api: TestPortal;
  let key: GivenKey;
  beforeAll(async () => {
    // A flush of uses would meet the faults that requests are to meet.
    proxied = await startProxied({
      config: { databaseConnections: CONNECTIONS, apiKeys: { flushIntervalSeconds: 3_600 } },
    });
    ({ api } = proxied);
    key = await api.given.apiKey();
  });
  afterAll(() => stopProxied(proxied));
  afterEach(() => {
    proxied.pool.pass();
    proxied.pool.meetNothing();
  });

  const range = () => ({ since: new Date(Date.now() - HOUR_MS).toISOString(), to: new Date().toISOString() });
  const create = (variables: Record<string, unknown> = {}) =>
    api.query(CREATE, {
      session: key.admin.session,
      variables: { input: { name: 'burst', scopes: ['devices:read'] }, ...range(), ...variables },
    });
  const rotate = (variables: Record<string, unknown> = {}, input: Record<string, unknown> = {}) =>
    api.query(ROTATE, {
      session: key.admin.session,
      variables: { input: { id: key.id, ...input }, ...range(), ...variables },
    });
  const secretIn = ({ body }: Answer) => (body.data as { made?: { secret?: string } } | undefined)?.made?.secret;
  /** Secrets that open a key now or did before: as many as were ever made. */
  const made = async (): Promise<number> => {
    const [row] = await api.database.sql<{ made: number }>(
      `select ((select count(*) from api_keys) + (select count(*) from api_key_former_secrets))::int as made`,
    );
    return row?.made ?? 0;
  };

  it.each([
    ['created', create, 'insert into "api_keys"'],
    ['rotated', rotate, 'insert into api_key_former_secrets'],
  ])(
    'a secret that was made is shown though the database is away from the commit on: %s',
    async (_, act, statement) => {
      const before = await made();
      const { pool } = proxied;
      pool.meet(statement, () => pool.meetAnswer('COMMIT', () => setImmediate(() => pool.blackhole())));
      const answer = await act();
      pool.pass();
      pool.reset();
      expect([answer.status, answer.errors]).toEqual([200, []]);
      expect(secretIn(answer)).toMatch(/^mktp_/);
      expect(await made()).toBe(before + 1);
    },
  );

  it('a secret that was made is shown in a burst that waits for connections', async () => {
    const before = await made();
    proxied.pool.delay(10);
    const answers: Answer[] = [];
    const client = async () => {
      for (let round = 0; round < ROUNDS; round++) answers.push(await create());
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    proxied.pool.pass();
    const shown = answers.filter(secretIn).length;
    expect(new Set(answers.map(({ status }) => status))).not.toContain(500);
    expect({ made: (await made()) - before, shown }).toEqual({ made: shown, shown });
    expect(shown).toBeGreaterThan(0);
  });

  it.each([
    ['creation', create],
    ['rotation', rotate],
  ])('a secret was not made where an argument beside it is refused: %s', async (_, act) => {
    const before = await made();
    const answer = await act({ since: '2001-01-01T00:00:00Z' });
    expect([answer.status, answer.code, answer.errors[0]?.path]).toEqual([
      200,
      'BAD_USER_INPUT',
      ['made', 'apiKey', 'usage'],
    ]);
    expect(await made()).toBe(before);
  });

  it.each([`scopes = '[null]'`, `allowed_cidrs = '[null]'`, `metadata = '[]'`, `revocation_reason = 'ODD'`])(
    'a secret is shown, or was not made, where somebody edited the row: %s',
    async (edit) => {
      const odd = await api.given.apiKey({ tenant: key.tenant });
      const isStored = await api.database.sql(`update api_keys set ${edit} where id = $1`, [odd.id]).then(
        () => true,
        () => false,
      );
      const before = await made();
      const shown = secretIn(await rotate({}, { id: odd.id })) === undefined ? 0 : 1;
      expect({ isStored, made: (await made()) - before }).toEqual({ isStored, made: shown });
    },
  );
});
