import { sql } from 'kysely';
import type { Session } from '#database';
import type { ApiKeyEventRow } from './api-key-event.reader.js';
import type { TrailPlace } from './trail-place.rules.js';
import { printSnapshot } from './trail-snapshot.rules.js';

/** An event with its place in the trail. */
export interface TrailRow extends ApiKeyEventRow {
  /** `at` to the microsecond, as PostgreSQL prints it. */
  atText: string;
}

/** The moment of a reading. */
export interface TrailMoment {
  snapshot: string;
  takenAt: string;
  /** The database's cluster. */
  system: string;
}

const MOMENT = sql`present.snapshot::text as snapshot, now()::text as taken_at,
  (select system_identifier::text from pg_catalog.pg_control_system()) as system`;
const isSeenIn = (snapshot: string) => sql`pg_catalog.pg_visible_in_snapshot(xact, ${snapshot}::pg_snapshot)`;
const PRESENT = sql`with present as materialized (select pg_catalog.pg_current_snapshot() as snapshot)`;

/** The present moment: a reading of nothing. */
export async function presentMoment(session: Session): Promise<TrailMoment> {
  const { rows } = await sql<TrailMoment>`${PRESENT} select ${MOMENT} from present`.execute(session);
  return momentIn(rows);
}

/**
 * The events that became visible after `place`, at most `size`, in the order of the trail. One statement, so that its snapshot
 * decides both what is read and where the next reading begins.
 *
 * Numbers of transactions belong to a cluster. In rows that were restored from another one they mean nothing, so an event counts
 * only if it was written at most an hour before the place: no transaction of this application runs for longer.
 * @param memberId a user whose keys' events alone are read; row security admits no others to a member
 */
export async function readTrail(
  session: Session,
  { seen, takenAt, part }: TrailPlace,
  size: number,
  memberId: string | null,
): Promise<{ moment: TrailMoment; rows: TrailRow[] }> {
  const isLate = part ? sql`not ${isSeenIn(printSnapshot(part.until))}` : sql`true`;
  const isPassed = part && sql`not (${isLate}) and (at, id) <= (${part.at}::timestamptz, ${part.id}::uuid)`;
  const ofMember =
    memberId !== null && sql`and api_key_id = any(array(select id from api_keys where user_id = ${memberId}::uuid))`;
  const { rows } = await sql<TrailMoment & { [Member in keyof TrailRow]: TrailRow[Member] | null }>`
    ${PRESENT}
    select ${MOMENT}, event.*, event.at::text as at_text
    from present left join lateral (
      select *, ${isLate} as is_late from api_key_events
      where xact >= ${String(seen.xmin)}::xid8 and xact < pg_catalog.pg_snapshot_xmax(present.snapshot)
        and not ${isSeenIn(printSnapshot(seen))} and at > ${takenAt}::timestamptz - interval '1 hour'
        and not (${isPassed ?? sql`false`}) ${ofMember || sql``}
      order by is_late, at, id limit ${size}
    ) as event on true
    order by event.is_late, event.at, event.id`.execute(session);
  return { moment: momentIn(rows), rows: rows.filter((row): row is TrailMoment & TrailRow => row.id !== null) };
}

function momentIn([row]: readonly TrailMoment[]): TrailMoment {
  if (!row) throw new Error('The database did not report its snapshot.');
  return { snapshot: row.snapshot, takenAt: row.takenAt, system: row.system };
}
