import type { Pool, PoolClient, QueryResult } from 'pg';
import { WHICH_SERVER } from './leading-server.js';
import { connectionOf, limitSilence } from './pool-guard.js';
import { settingsOf } from './transaction.js';
import type { WalPosition } from './wal-position.js';

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

interface ReplicaWork<Result> {
  /** Refuses a server that may not answer. */
  prove: (begun: Begun, client: PoolClient) => Promise<void>;
  work: (client: PoolClient) => Promise<Result>;
  /** True through a transaction pooler: `work` begins after the answer to the first message, and not together with it. */
  isPooled: boolean;
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
): Promise<Result> {
  const client = await connectionOf(pool);
  limitSilence(client, BEGIN_MS);
  const beginning = beginOn(client, begin).then((begun) => prove(begun, client));
  const reading = isPooled ? beginning.then(() => work(client)) : (async () => work(client))();
  void Promise.allSettled([beginning, reading]).then(async (outcomes) => {
    const isRead = outcomes.every(({ status }) => status === 'fulfilled');
    await client.query(isRead ? 'commit' : 'rollback').then(
      () => client.release(),
      (error: Error) => client.release(error),
    );
  });
  await beginning;
  return reading;
}

async function beginOn(client: PoolClient, begin: string): Promise<Begun> {
  // Two statements in one message have two results, but the types declare one.
  const [, begun] = (await client.query(begin)) as unknown as QueryResult<Begun>[];
  limitSilence(client, STATEMENT_MS + REPORT_MS);
  if (!begun?.rows[0]) throw new Error('The replica did not report its state.');
  return begun.rows[0];
}
