import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  type QueryExecutor,
  type QueryExecutorProvider,
  type QueryResult,
  type RawBuilder,
  sql,
} from 'kysely';
import type { PoolClient } from 'pg';
import { INSTANTS_AS_DATES } from '../tables/instants.js';
import type { PreparedStatements } from './prepared-statements.js';
import { ColumnNamesCompiler, rowsByProperty } from '../tables/property-names.js';

/**
 * One transaction, as its code sees it: a query builder, and the database's clock. A `sql` statement is executed on the session.
 */
export class Session implements QueryExecutorProvider {
  private readonly builder: Kysely<never>;

  constructor(connection: DatabaseConnection) {
    this.builder = builderOn(connection);
  }

  /**
   * The query builder: columns by the names of the entities' properties, instants as `Date`.
   * @template Tables the tables of the calling room
   */
  tables<Tables>(): Kysely<Tables> {
    return this.builder as unknown as Kysely<Tables>;
  }

  getExecutor(): QueryExecutor {
    return this.builder.getExecutor();
  }

  /** The time at which the transaction began, to the millisecond. Changes carry this instant, and it decides on expiry. */
  now(): Promise<Date> {
    return this.instant(sql`now()`);
  }

  /**
   * The database's clock at this moment, to the millisecond. While a transaction waits for its locks, a transaction that began
   * later may change the locked rows, at an instant after `now`.
   */
  clock(): Promise<Date> {
    return this.instant(sql`clock_timestamp()`);
  }

  private async instant(instant: RawBuilder<unknown>): Promise<Date> {
    const { rows } = await sql<{ ms: string }>`select extract(epoch from ${instant}) * 1000 as ms`.execute(this);
    return new Date(Number(rows[0]?.ms));
  }
}

/** One for each connection of a pool, not for each transaction. */
export class Sessions {
  private readonly byClient = new WeakMap<PoolClient, { connection: BoundConnection; session: Session }>();

  constructor(readonly statements: PreparedStatements) {}

  /** @param sent for a transaction of one statement: is called as soon as it has been sent. Another one is refused. */
  on(client: PoolClient, sent?: () => void): Session {
    let known = this.byClient.get(client);
    if (!known) {
      const connection = new BoundConnection(client, this.statements);
      known = { connection, session: new Session(connection) };
      this.byClient.set(client, known);
    }
    known.connection.begin(sent);
    return known.session;
  }
}

/** A value for a `jsonb` column. The driver would send a list as a PostgreSQL array. */
export function jsonb<Value>(value: Value): RawBuilder<Value> {
  return sql<Value>`${JSON.stringify(value)}::jsonb`;
}

function builderOn(connection: DatabaseConnection): Kysely<never> {
  return new Kysely<never>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new BoundDriver(connection),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new ColumnNamesCompiler(),
    },
  });
}

/** Provides the one connection. Transactions begin and end elsewhere. */
class BoundDriver extends DummyDriver {
  constructor(private readonly connection: DatabaseConnection) {
    super();
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }
}

class BoundConnection implements DatabaseConnection {
  private sent: (() => void) | undefined;
  private isOver = false;

  constructor(
    private readonly client: PoolClient,
    private readonly statements: PreparedStatements,
  ) {}

  /** @param sent is called as soon as the one statement of the transaction has been sent; undefined: there may be any number */
  begin(sent: (() => void) | undefined): void {
    this.sent = sent;
    this.isOver = false;
  }

  async executeQuery<Row>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    // The transaction may have ended, and with it the binding to a tenant.
    if (this.isOver) throw new Error('A read of one statement has made another one.');
    const answer = this.client.query<unknown[]>({
      text,
      values: parameters.map(bound),
      types: INSTANTS_AS_DATES,
      rowMode: 'array',
      ...this.statements.nameOf(text),
    });
    this.isOver = this.sent !== undefined;
    this.sent?.();
    const result = await answer;
    return { rows: rowsByProperty(result) as Row[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }

  streamQuery(): never {
    throw new Error('Rows of a tenant are read page by page.');
  }
}

/** The driver would write an instant in this process's time zone, whose offset in some years is no whole number of minutes. */
const bound = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
