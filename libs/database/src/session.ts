import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver, SqlEntityManager } from '@mikro-orm/postgresql';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { asAppError } from './database-errors.js';

export type Session = SqlEntityManager<PostgreSqlDriver>;

/** The query builder of a session: columns by the names of the entities' properties, instants as `Date`. */
export function kyselyOf<Tables>(em: Session): Kysely<Tables> {
  return em.getKysely({ columnNamingStrategy: 'property', convertValues: true }) as unknown as Kysely<Tables>;
}

/** An instant as the database tells it, to the millisecond. @param instant such as now(), at which the transaction began */
export async function instantOf(em: Session, instant: RawBuilder<unknown>): Promise<Date> {
  const { rows } = await sql<{ ms: string }>`select extract(epoch from ${instant}) * 1000 as ms`.execute(kyselyOf(em));
  return new Date(Number(rows[0]?.ms));
}

/**
 * One transaction, all or nothing.
 * @param variables settings that hold until its end: role, tenant, limits
 * @throws {ServiceUnavailable} when the database is away or too slow; nothing was changed
 */
export async function inSession<Result>(
  orm: MikroORM<PostgreSqlDriver>,
  variables: Record<string, string>,
  work: (em: Session) => Promise<Result>,
): Promise<Result> {
  const em = orm.em.fork();
  em.setSessionContext({ variables });
  try {
    return await em.transactional((bound) => work(bound as Session));
  } catch (error) {
    throw asAppError(error);
  }
}
