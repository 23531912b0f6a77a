import { Aftermath } from '../support/aftermath.js';
import { problemsShown } from '../support/argument-rows.js';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

/** Every list that is paged; the last three hang on a device. */
const LISTS: Record<string, { arguments: readonly string[]; document: (given: string) => string }> = {
  apiKeys: {
    arguments: ['first', 'last'],
    document: (given) => `{ apiKeys${given} { nodes { id } pageInfo { endCursor } } }`,
  },
  devices: {
    arguments: ['first', 'last'],
    document: (given) => `{ devices${given} { nodes { id } pageInfo { endCursor } } }`,
  },
  apiKeyEvents: { arguments: ['first'], document: (given) => `{ apiKeyEvents${given} { nodes { id } } }` },
  users: { arguments: ['first'], document: (given) => `{ users${given} { nodes { id } } }` },
  alerts: { arguments: ['first'], document: (given) => `{ alerts${given} { nodes { id } } }` },
  configBackups: { arguments: ['first'], document: (given) => `{ configBackups${given} { nodes { id } } }` },
  'alerts of a device': {
    arguments: ['first'],
    document: (given) => `{ devices { nodes { alerts${given} { nodes { id } } } } }`,
  },
  'backups of a device': {
    arguments: ['first'],
    document: (given) => `{ devices { nodes { configBackups${given} { nodes { id } } } } }`,
  },
};
const PAGE = `query ($after: String, $filter: ApiKeyFilter) { apiKeys(after: $after, filter: $filter) { nodes { id } } }`;

let api: TestPortal;
let key: GivenKey;
let foreign: GivenKey;
let aftermath: Aftermath;

describe('pages and cursors as arguments', () => {
  beforeAll(async () => {
    api = await TestPortal.start();
    [key, foreign] = [await api.given.apiKey(), await api.given.apiKey()];
    await api.given.device({ tenant: key.tenant });
    aftermath = await Aftermath.begin(api, key);
  });
  afterEach(() => aftermath.ofRow());
  afterAll(async () => {
    aftermath.end();
    await api.stop();
  });

  const ask = (query: string, variables: Record<string, unknown> = {}) =>
    aftermath.of(() => api.query(query, { session: key.admin.session, variables }));
  const ENDS = '{ apiKeys(first: 1) { pageInfo { endCursor } } }';
  const cursorOf = async (given: GivenKey) =>
    (await api.query(ENDS, { session: given.admin.session })).at<string>('apiKeys.pageInfo.endCursor');

  describe.each(Object.entries(LISTS))('page of %s', (_, list) => {
    const sizes = list.arguments.flatMap((name) => [0, -1, 101, 2_147_483_647].map((size) => [name, size] as const));

    it.each(sizes)('D38 the page size %s %i is out of range', async (name, size) => {
      const answer = await ask(list.document(`(${name}: ${size})`));
      expect([answer.status, problemsShown(answer)]).toEqual([200, [`${name}:OUT_OF_RANGE`]]);
    });

    it.each(['', '(first: null)'])('D39 a page with %j for a size has the default size', async (given) => {
      expect((await ask(list.document(given))).errors).toEqual([]);
    });

    it.each(['', '!!!', 'x'.repeat(10_240), Buffer.from('["x"]').toString('base64url')])(
      'D41 the cursor %.20j is refused',
      async (after) =>
        expect(problemsShown(await ask(list.document(`(after: "${after}")`)))).toEqual(['after:INVALID_CURSOR']),
    );
  });

  it.each([
    ['first: 1, last: 1', 'last:MALFORMED'],
    ['last: 1, after: "x"', 'after:MALFORMED'],
    ['before: "x"', 'before:MALFORMED'],
    ['first: 1, after: "x", before: "y"', 'before:MALFORMED'],
  ])('D40 the contradictory page (%s) is refused with the problem', async (given, problem) => {
    for (const list of ['apiKeys', 'devices'])
      expect(problemsShown(await ask(`{ ${list}(${given}) { nodes { id } } }`))).toEqual([problem]);
  });

  it.each<[string, string]>([
    ['D41', Buffer.from('nonsense').toString('base64url')],
    ['D41', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['D44', Buffer.from('{"createdAt":{"$gt":"1970"},"id":{"$ne":null}}').toString('base64url')],
  ])('%s the cursor %.60j is refused', async (_, after) => {
    expect(problemsShown(await ask(PAGE, { after }))).toEqual(['after:INVALID_CURSOR']);
  });

  describe('D46 well-formed cursors', () => {
    const forged = async (at: unknown, id: unknown) => {
      const [binding] = JSON.parse(Buffer.from(await cursorOf(key), 'base64url').toString()) as unknown[];
      return Buffer.from(JSON.stringify([binding, at, id])).toString('base64url');
    };
    const NOW = '2026-01-01 00:00:00+00';

    it.each([
      ['no instant', 'x', 'ID'],
      ['a year that there is not', '999999-01-01 00:00:00+00', 'ID'],
      ['a day that there is not', '2026-02-30 00:00:00+00', 'ID'],
      ['an id that is none', NOW, 'not-a-uuid'],
      ['NUL', `${NOW}\u0000`, 'ID'],
      ['half a surrogate pair', `\ud800`, 'ID'],
      ['an object', { $gt: NOW }, 'ID'],
      ['a number', 1, 'ID'],
    ])('D46 a well-formed cursor with %s is refused, and is no bug', async (_, at, id) => {
      const after = await forged(at, id === 'ID' ? key.id : id);
      const answer = await ask(PAGE, { after });
      expect([answer.status, problemsShown(answer)]).toEqual([200, ['after:INVALID_CURSOR']]);
    });

    it.each(['infinity', '-infinity', NOW, null])('D46 a well-formed cursor at %j shows own rows only', async (at) => {
      const answer = await ask(PAGE, { after: await forged(at, key.id) });
      if (answer.code) return expect(problemsShown(answer)).toEqual(['after:INVALID_CURSOR']);
      expect(answer.at<{ id: string }[]>('apiKeys.nodes').every(({ id }) => id === key.id)).toBe(true);
    });
  });

  it('D42, D43 a cursor with a flipped bit, or of another tenant, shows own rows only or is refused', async () => {
    const cursor = await cursorOf(key);
    const flipped = Array.from({ length: cursor.length }, (_, at) => {
      const bytes = Buffer.from(cursor);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString('latin1');
    });
    for (const after of [await cursorOf(foreign), ...flipped]) {
      const answer = await ask(PAGE, { after });
      expect([undefined, 'BAD_USER_INPUT']).toContain(answer.code);
      if (answer.code) continue;
      expect(answer.at<{ id: string }[]>('apiKeys.nodes').filter(({ id }) => id !== key.id)).toEqual([]);
    }
  });

  it.each(['%', '_', '\\', "'", '"', '?', '$1', ':x', '(a+)+$', 'x'.repeat(200)])(
    'D47, D48 the search %.20j is taken literally',
    async (search) => {
      const tenant = await api.given.tenant();
      const { session } = await api.given.admin(tenant);
      await api.given.apiKey({ tenant, name: `has ${search} in it`.slice(0, 200) });
      await api.given.apiKey({ tenant, name: 'plain' });
      const sought = `has ${search} in it`.slice(0, 200);
      const answer = await api.query(PAGE, { session, variables: { filter: { search: sought.slice(2) } } });
      expect(answer.at('apiKeys.nodes')).toHaveLength(1);
    },
  );

  it('D48 a search of 10 kB is too long', async () => {
    const search = '(a+)+$'.repeat(1_700);
    expect(problemsShown(await ask(PAGE, { filter: { search } }))).toEqual(['filter.search:TOO_LONG']);
  });
});
