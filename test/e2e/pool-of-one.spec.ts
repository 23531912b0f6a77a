import { Module } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { sql } from 'kysely';
import { Authenticated, CurrentPrincipal, type TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import type { GivenKey } from '../support/given.js';
import { operation, RawConnection, rawRequest } from '../support/raw-http.js';
import { seededRandom } from '../support/seeded-random.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const REQUESTS = Number(process.env['ISOLATION_REQUESTS'] ?? 100);
const SEED = Number(process.env['ISOLATION_SEED'] ?? Date.now() % 2 ** 31);
const TENANTS = 5;
const DEVICES = '{ devices { nodes { hostname } totalCount } }';
const IN_FLIGHT = 4;
/** Where each fate begins, and what the first requests draw, so that each is met in every run. */
const WRONG = 0;
const SLOW = 0.1;
const GIVEN_UP = 0.15;
const DONE = 0.2;

@Resolver()
@Authenticated()
class TroubledResolver {
  constructor(private readonly database: TenantDatabase) {}

  @Query(() => String, { nullable: true })
  async slow(@CurrentPrincipal() by: TenantPrincipal): Promise<string> {
    await this.database.read(by, async (db) => {
      await sql.raw('set local statement_timeout = 5').execute(db);
      await sql.raw('select pg_sleep(1)').execute(db);
    });
    return 'never';
  }

  @Query(() => String, { nullable: true })
  async wrong(@CurrentPrincipal() by: TenantPrincipal): Promise<string> {
    await this.database.read(by, (db) => sql.raw('select from no_such_table').execute(db));
    return 'never';
  }
}
@Module({ providers: [TroubledResolver] })
class TroubledModule {}

describe(`a pool of one connection (ISOLATION_SEED=${SEED})`, () => {
  let api: TestPortal;
  const keys: GivenKey[] = [];
  usePortal(
    async (started) => {
      api = started;
      for (let n = 0; n < TENANTS; n++) {
        const key = await api.given.apiKey();
        await api.given.device({ tenant: key.tenant, hostname: `of-${n}` });
        keys.push(key);
      }
    },
    { imports: [TroubledModule], config: { databaseConnections: 1 } },
  );

  it(`(T37) tenants that share one connection see only their own data in ${REQUESTS} requests, some failing, too slow or given up`, async () => {
    const random = seededRandom(SEED);
    const outcomes = new Map<string, number>();
    const note = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const fates = [WRONG, SLOW, GIVEN_UP, DONE, ...Array.from({ length: REQUESTS - 4 }, random)];
    const worker = async (): Promise<void> => {
      for (let fate = fates.shift(); fate !== undefined; fate = fates.shift()) {
        const n = Math.floor(random() * TENANTS);
        const key = keys[n]?.secret;
        if (fate < SLOW) note(String((await api.query('{ wrong }', { key })).code));
        else if (fate < GIVEN_UP) note(String((await api.query('{ slow }', { key })).code));
        else if (fate < DONE) note(await givenUp(key));
        else {
          const answer = await api.query(DEVICES, { key });
          // On a busy machine the one connection may not be free within two seconds.
          if (answer.code === 'SERVICE_UNAVAILABLE') continue;
          expect(answer.data).toEqual(devicesOf(n));
          note('done');
        }
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    expect([...outcomes.keys()].sort()).toEqual(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'done', 'given up']);
    for (const [n, { secret }] of keys.entries())
      expect((await api.query(DEVICES, { key: secret })).data).toEqual(devicesOf(n));
  });

  const devicesOf = (n: number) => ({ devices: { nodes: [{ hostname: `of-${n}` }], totalCount: 1 } });

  /** Asks and is gone before the answer. */
  async function givenUp(key: string | undefined): Promise<string> {
    const body = operation('{ devices { nodes { hostname } } }');
    const connection = await RawConnection.open(api.url);
    await connection.sent(rawRequest({ headers: [`authorization: Bearer ${key}`], body }));
    connection.reset();
    return 'given up';
  }
});
