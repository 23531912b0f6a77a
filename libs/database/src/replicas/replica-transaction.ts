import type { Pool, PoolClient, QueryResult } from 'pg';
import { WHICH_SERVER } from '../leading/leading-server.js';
import { connectionOf, limitSilence } from '../connections/pool-guard.js';
import { settingsOf } from '../transactions/transaction.js';
import type { WalPosition } from '../positions/wal-position.js';

type Settings = Readonly<Record<string, string>>;

/** A server that does not answer the first message within this time is taken for one that is away. */
const BEGIN_MS = 1_000;
/** A statement that takes longer is left to the primary, so that a request still ends within ten seconds. */
const STATEMENT_MS = 2_000;
/** Time for the server's own report of a statement that took too long. */
const REPORT_MS = 500;

/** The state of the server at the moment at which a transaction begins. */
export interface Begun {
  startedAt: string;
  isStandby: boolean;
  /** The server has replayed the position that the transaction asked for. */
  isReplayed: boolean;
}

/** The part of the first message that is the same for all transactions. */
export function replicaPrefix(settings: Settings): string {
  const columns = [
    ...settingsOf({ ...settings, statement_timeout: String(STATEMENT_MS) }),
    WHICH_SERVER,
    'pg_catalog.pg_is_in_recovery() as "isStandby"',
  ];
  // Each statement has a snapshot of its own: one of the whole transaction would be older than the answer to this message.
  return `begin isolation level read committed read only; select ${columns.join(', ')}`;
}

/** The first message of a transaction that asks whether the server has replayed `required`. */
export function replicaBegin(prefix: string, { lsn }: WalPosition, variables: Settings): string {
  const isReplayed = `coalesce(pg_catalog.pg_last_wal_replay_lsn() >= '0/0'::pg_catalog.pg_lsn + ${lsn}, false) as "isReplayed"`;
  return [prefix, isReplayed, ...settingsOf(variables)].join(', ');
}

/** Ends a transaction, and selects the last position that it can have seen. */
const COMMIT = `commit; select (case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
  else pg_catalog.pg_current_wal_insert_lsn() end - '0/0'::pg_catalog.pg_lsn)::text as lsn`;

interface ReplicaWork<Result> {
  /** Refuses a server that may not answer. */
  prove: (begun: Begun, client: PoolClient) => Promise<void>;
  work: (client: PoolClient) => Promise<Result>;
  /** True through a transaction pooler: `work` begins after the answer to the first message, and not together with it. */
  isPooled: boolean;
}

export interface ReplicaAnswer<Result> {
  result: Result;
  /** No statement of the transaction has seen a later position. Rejects where the server does not report the position. */
  lsn: Promise<bigint>;
}

/**
 * One transaction that reads on a replica.
 * @throws any error of the driver, of `prove` and of `work`. A refusal is thrown at once; `work` may still go on, and its result is
 *   dropped.
 */
export async function withinReplica<Result>(
  pool: Pool,
  begin: string,
  { prove, work, isPooled }: ReplicaWork<Result>,
): Promise<ReplicaAnswer<Result>> {
  const client = await connectionOf(pool);
  limitSilence(client, BEGIN_MS);
  const beginning = beginOn(client, begin).then((begun) => prove(begun, client));
  const reading = isPooled ? beginning.then(() => work(client)) : (async () => work(client))();
  const lsn = Promise.allSettled([beginning, reading]).then((outcomes) =>
    endOn(
      client,
      outcomes.every(({ status }) => status === 'fulfilled'),
    ),
  );
  // Nobody waits for the position of a read that failed.
  lsn.catch(() => undefined);
  await beginning;
  return { result: await reading, lsn };
}

/** @throws where the read failed, or the server does not report its position; the connection is released in any case */
async function endOn(client: PoolClient, isRead: boolean): Promise<bigint> {
  const ended = await client.query(isRead ? COMMIT : 'rollback').catch((error: Error) => {
    client.release(error);
    throw error;
  });
  client.release();
  const [, located] = isRead ? (ended as unknown as QueryResult<{ lsn: string }>[]) : [];
  if (!located?.rows[0]) throw new Error('The replica did not report its position.');
  return BigInt(located.rows[0].lsn);
}

async function beginOn(client: PoolClient, begin: string): Promise<Begun> {
  // Two statements in one message have two results, but the types declare one.
  const [, begun] = (await client.query(begin)) as unknown as QueryResult<Begun>[];
  limitSilence(client, STATEMENT_MS + REPORT_MS);
  if (!begun?.rows[0]) throw new Error('The replica did not report its state.');
  return begun.rows[0];
}
