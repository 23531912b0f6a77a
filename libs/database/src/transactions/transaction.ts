import { escapeLiteral, type Pool, type PoolClient, type QueryResult } from 'pg';
import { acknowledged } from '../connections/acknowledged.js';
import { connectionOf, sendTogether } from '../connections/pool-guard.js';
import { POSITION_COLUMNS, positionOf, type PositionRow, type WalPosition } from '../positions/wal-position.js';

type Settings = Readonly<Record<string, string>>;

/**
 * The message that begins a transaction for reads, with settings that hold until its end. Built once, not each time.
 * @param columns the data about the connection that `work` gets, after the settings
 */
export function beginReading(settings: Settings, ...columns: string[]): string {
  return `begin read only; select ${[...settingsOf(settings), ...columns].join(', ')}`;
}

/** The message that begins a transaction that may write. */
export function beginWriting(settings: Settings): string {
  return `begin; select ${settingsOf(settings).join(', ')}`;
}

export interface Commit {
  /** The connection is given up when the commit takes longer. Left out: as for every statement. */
  withinMs?: number | undefined;
  /** Gets the position of the log after the commit, which is asked in the same message. Left out: the position is not asked. */
  note?: ((position: WalPosition) => void) | undefined;
}

/** For a SELECT list. */
export function settingsOf(settings: Settings): string[] {
  return Object.entries(settings).map(
    ([name, value]) => `pg_catalog.set_config('${name}', ${escapeLiteral(value)}, true)`,
  );
}

/**
 * One transaction, on a connection of `pool`.
 * @param begin a message of `beginReading` or `beginWriting`, to which more settings may be appended
 * @throws any error of the driver; the transaction is over, and no connection is lost
 */
export async function withinTransaction<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient, begun: unknown) => Promise<Result>,
  { withinMs, note }: Commit = {},
): Promise<Result> {
  const client = await connectionOf(pool);
  try {
    // Two statements in one message have two results, but the types declare one.
    const [, begun] = (await client.query(begin)) as unknown as QueryResult[];
    const result = await work(client, begun?.rows[0]);
    const position = await acknowledged(client, () => commitOn(client, note !== undefined), withinMs);
    if (position) note?.(position);
    client.release();
    return result;
  } catch (error) {
    const isUsable = await client.query('rollback').then(
      () => true,
      () => false,
    );
    client.release(isUsable ? undefined : (error as Error));
    throw error;
  }
}

/** @returns the position after the commit, if it is asked */
async function commitOn(client: PoolClient, isAsked: boolean): Promise<WalPosition | undefined> {
  if (!isAsked) return void (await client.query('commit'));
  const [, located] = (await client.query(
    `commit; select ${POSITION_COLUMNS}`,
  )) as unknown as QueryResult<PositionRow>[];
  return located?.rows[0] && positionOf(located.rows[0]);
}

/**
 * One transaction that reads. The first statement of `work` is sent in one write with `begin`, on a connection that need not wait
 * for an answer; and the result waits for no answer to `commit`, which can take back nothing of what was read.
 * @param pool its connections send at once what they are given (`pipeline`)
 * @param begin a message of `beginReading`, to which more settings may be appended
 * @param work may call `end` as soon as it has sent its last statement: `commit` leaves in the same write then. A failed transaction
 *   is rolled back by `commit`, too.
 * @throws any error of the driver; the transaction is over, and no connection is lost
 */
export async function withinReading<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient, end: () => void) => Promise<Result>,
): Promise<Result> {
  const client = await connectionOf(pool);
  sendTogether(client);
  let ended: Promise<unknown> | undefined;
  const end = (how: 'commit' | 'rollback') => {
    ended ??= client.query(how);
    // Whoever waits for the end hears of its failure.
    ended.catch(() => undefined);
    return ended;
  };
  const [begun, read] = await Promise.allSettled([
    client.query(begin),
    (async () => work(client, () => void end('commit')))(),
  ]);
  const isRead = begun.status === 'fulfilled' && read.status === 'fulfilled';
  void end(isRead ? 'commit' : 'rollback').then(
    () => client.release(),
    (error: Error) => client.release(error),
  );
  // Without its transaction a statement was bound to no tenant, and its outcome says nothing.
  if (begun.status === 'rejected') throw begun.reason;
  if (read.status === 'rejected') throw read.reason;
  return read.value;
}
