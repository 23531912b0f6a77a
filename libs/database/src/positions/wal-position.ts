import { Injectable } from '@nestjs/common';

/** A place in PostgreSQL's log of changes (WAL). Places of one timeline are in the order of their commits. */
export interface WalPosition {
  readonly timeline: number;
  readonly lsn: bigint;
}

const LSN = 'pg_catalog.pg_current_wal_insert_lsn()';
/** Selects the end of the log as `lsn`: whatever was committed before the statement lies before it. Fails on a standby. */
export const LSN_COLUMN = `(${LSN} - '0/0'::pg_catalog.pg_lsn)::text as lsn`;
/** Selects the members of `WalPosition` as columns. */
export const POSITION_COLUMNS = `${LSN_COLUMN}, ('x' || left(pg_catalog.pg_walfile_name(${LSN}), 8))::bit(32)::int as timeline`;

/** A row of `POSITION_COLUMNS`. */
export interface PositionRow {
  lsn: string;
  timeline: number;
}

export const positionOf = ({ lsn, timeline }: PositionRow): WalPosition => ({ timeline, lsn: BigInt(lsn) });

/** The later one of two. A position on a newer timeline is later. */
export function laterOf(one: WalPosition | undefined, other: WalPosition): WalPosition {
  if (!one || one.timeline < other.timeline) return other;
  return one.timeline === other.timeline && one.lsn < other.lsn ? other : one;
}

/** How old a list from a replica may be. */
export const STALENESS_MS = 1_500;
/** Heartbeats that follow sooner are not kept. */
const APART_MS = 100;

/** The primary's positions of the last 1.5 s, as the heartbeats of the invalidation channel bring them. */
@Injectable()
export class RecentPositions {
  private known: { position: WalPosition; askedAt: number }[] = [];

  /** @param askedAt the instant of `performance.now()` at which the primary was asked for the position */
  note(position: WalPosition, askedAt: number): void {
    if (askedAt < (this.known.at(-1)?.askedAt ?? -Infinity) + APART_MS) return;
    this.known = this.known.filter((one) => one.askedAt >= askedAt - STALENESS_MS);
    this.known.push({ position, askedAt });
  }

  /**
   * A server that has replayed this position shows every change of the timeline that was committed 1.5 s before `now` or earlier.
   * It is the earliest one of that kind. Undefined where the primary was not heard of for so long.
   */
  boundAt(now: number, timeline: number): WalPosition | undefined {
    return this.known.find(({ position, askedAt }) => position.timeline === timeline && askedAt >= now - STALENESS_MS)
      ?.position;
  }
}
