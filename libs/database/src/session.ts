import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryExecutor,
  type QueryExecutorProvider,
  type QueryResult,
  type RawBuilder,
  sql,
} from 'kysely';
import { type CustomTypesConfig, type PoolClient, types } from 'pg';
import type { PreparedStatements } from './prepared-statements.js';

const PROPERTY_NAMES = new CamelCasePlugin({ maintainNestedObjectKeys: true });

/** The ORM has the pool give instants as text. Sessions are in UTC, so the common text is one that `Date` reads itself. */
const INSTANTS_AS_DATES: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.TIMESTAMPTZ && format !== 'binary' ? dateOf : types.getTypeParser(oid, format),
};
const UTC_TEXT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

function dateOf(text: string): unknown {
  if (!UTC_TEXT.test(text)) return (types.getTypeParser(types.builtins.TIMESTAMPTZ) as (text: string) => unknown)(text);
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}

/** One transaction, for whoever works in it: a query builder, and the database's clock. A statement of `sql` is executed on it. */
export class Session implements QueryExecutorProvider {
  private readonly builder: Kysely<never>;

  constructor(client: PoolClient, statements: PreparedStatements) {
    this.builder = builderOn(new BoundConnection(client, statements));
  }

  /**
   * The query builder: columns by the names of the entities' properties, instants as `Date`.
   * @template Tables those of the room that asks
   */
  tables<Tables>(): Kysely<Tables> {
    return this.builder as unknown as Kysely<Tables>;
  }

  getExecutor(): QueryExecutor {
    return this.builder.getExecutor();
  }

  /** When the transaction began, to the millisecond: the instant that its changes bear, and that decides on expiry. */
  now(): Promise<Date> {
    return this.instant(sql`now()`);
  }

  /**
   * The database's clock as it stands, to the millisecond. While a transaction waits for its locks, one that began later
   * may change what it waits for, at an instant after `now`.
   */
  clock(): Promise<Date> {
    return this.instant(sql`clock_timestamp()`);
  }

  private async instant(instant: RawBuilder<unknown>): Promise<Date> {
    const { rows } = await sql<{ ms: string }>`select extract(epoch from ${instant}) * 1000 as ms`.execute(this);
    return new Date(Number(rows[0]?.ms));
  }
}

/** A value of a `jsonb` column: the driver would send a list as an array of PostgreSQL. */
export function jsonb<Value>(value: Value): RawBuilder<Value> {
  return sql<Value>`${JSON.stringify(value)}::jsonb`;
}

function builderOn(connection: DatabaseConnection): Kysely<never> {
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

  async executeQuery<Row>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const query = { text, values: parameters.map(bound), types: INSTANTS_AS_DATES, ...this.statements.nameOf(text) };
    const { rows, rowCount } = await this.client.query(query);
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  streamQuery(): never {
    throw new Error('Rows of a tenant are read page by page.');
  }
}

/** The driver would write an instant in the zone of this process, which in some years is no whole number of minutes. */
const bound = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
