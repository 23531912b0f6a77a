import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { type CustomTypesConfig, type Pool, type PoolClient, types } from 'pg';
import { isUuid } from '#kernel';
import { transactionSettings } from './pool-settings.js';
import { PreparedStatements } from './prepared-statements.js';
import { beginReading, readingTransaction } from './reading-transaction.js';

const PROPERTY_NAMES = new CamelCasePlugin({ maintainNestedObjectKeys: true });

/** The ORM has the pool give instants as text. Sessions are in UTC, so the common text is one that `Date` reads itself. */
const INSTANTS_AS_DATES: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.TIMESTAMPTZ && format !== 'binary' ? instantOf : types.getTypeParser(oid, format),
};
const UTC_TEXT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

function instantOf(text: string): unknown {
  if (!UTC_TEXT.test(text)) return (types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => unknown)(text);
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}

/**
 * Transactions that only read, bound to one tenant, on connections of the ORM's own pool and without the ORM: it costs
 * three times as much for a page of rows that only go out again.
 */
export class TenantReads {
  private readonly statements: PreparedStatements;
  private readonly begin: string;
  /** One for each connection of the pool, not for each read. */
  private readonly builders = new WeakMap<PoolClient, Kysely<never>>();

  constructor(
    private readonly pool: Pool,
    isPooled: boolean,
  ) {
    this.statements = new PreparedStatements(isPooled ? 0 : undefined);
    this.begin = beginReading(transactionSettings('portal_app', isPooled));
  }

  /** @throws whatever the driver throws; the transaction is over, and no connection is lost */
  async run<Tables, Result>(tenantId: string, work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    try {
      return await this.once(tenantId, work);
    } catch (error) {
      // A migration has changed the columns of a statement that is prepared. Nothing was written: once more, anew.
      if (!this.statements.isOutdated(error)) throw error;
      this.statements.renew();
      return this.once(tenantId, work);
    }
  }

  private once<Tables, Result>(tenantId: string, work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    // One message: `isUuid` leaves nothing to be quoted.
    const begin = `${this.begin}, set_config('app.tenant_id', '${requireUuid(tenantId)}', true)`;
    return readingTransaction(this.pool, begin, (client) => work(this.queriesOn<Tables>(client)));
  }

  private queriesOn<Tables>(client: PoolClient): Kysely<Tables> {
    const builder = this.builders.get(client) ?? builderOn(client, this.statements);
    this.builders.set(client, builder);
    return builder as unknown as Kysely<Tables>;
  }
}

function requireUuid(tenantId: string): string {
  if (!isUuid(tenantId)) throw new Error('A tenant is bound by its id, which is a UUID.');
  return tenantId;
}

/** The query builder on one connection: columns by the names of the entities' properties, instants as `Date`. */
function builderOn(client: PoolClient, statements: PreparedStatements): Kysely<never> {
  const connection = new BoundConnection(client, statements);
  return new Kysely<never>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new BoundDriver(connection),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [PROPERTY_NAMES],
  });
}

/** Hands out the one connection; beginning and ending transactions is not its business. */
class BoundDriver extends DummyDriver {
  constructor(private readonly connection: DatabaseConnection) {
    super();
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }
}

class BoundConnection implements DatabaseConnection {
  constructor(
    private readonly client: PoolClient,
    private readonly statements: PreparedStatements,
  ) {}

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const query = { text: sql, values: [...parameters], types: INSTANTS_AS_DATES, ...this.statements.nameOf(sql) };
    const { rows } = await this.client.query(query);
    return { rows };
  }

  streamQuery(): never {
    throw new Error('Rows of a tenant are read page by page.');
  }
}
