import { Injectable } from '@nestjs/common';
import { type TenantBound, TenantDatabase } from '#database';
import { Input } from '#kernel';
import type { ApiKeyEventRow } from './api-key-event.reader.js';
import { presentMoment, readTrail, type TrailMoment, type TrailRow } from './trail.sql.js';
import { cursorOf, placeOf, trailBinding, type TrailPlace } from './trail-place.rules.js';
import { isOlder, isSeen, readSnapshot } from './trail-snapshot.rules.js';

/** An event that was read after a place, with the place behind it. */
export interface LiveEvent {
  readonly event: ApiKeyEventRow;
  /** Undefined where the place cannot be written down: an earlier cursor has to do. */
  readonly cursor: string | undefined;
}

/** The events of one reading as one reader sees them, and where the next reading begins. */
export interface LiveBatch {
  readonly events: readonly LiveEvent[];
  readonly next: TrailPlace;
  /** False where the reading was full: more events lie behind `next`. */
  readonly isComplete: boolean;
}

/** Events of one reading, for any number of readers with places of their own. */
export interface TrailReading {
  /** The part of the reading that lies after `place`, one of the places that were read for. */
  after(place: TrailPlace): LiveBatch;
}

/** Largest number of events in one reading. */
const MOST = 200;

/** Reads the audit trail of a tenant as it grows. */
@Injectable()
export class LiveTrail {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * The place to begin at: after `cursor`, else the present.
   * @throws {InvalidInput} INVALID_CURSOR
   */
  async begin(by: TenantBound, cursor: string | undefined): Promise<{ place: TrailPlace; cursor: string | undefined }> {
    const moment = await this.database.read(by, presentMoment);
    const binding = trailBinding(by.tenantId, moment.system);
    const place = cursor === undefined ? placeAt(moment) : placeOf(Input.argument('lastEventId', cursor), binding);
    return { place, cursor: cursorOf(place, binding) };
  }

  /**
   * One reading for all of these places, of which either one is given or none has a part passed.
   * @throws {ServiceUnavailable}
   */
  async read(by: TenantBound, places: readonly TrailPlace[]): Promise<TrailReading> {
    const [first, ...others] = places;
    if (!first) throw new Error('A reading of the trail begins at a place.');
    const oldest = others.reduce((one, other) => (isOlder(other.seen, one.seen) ? other : one), first);
    const { moment, rows } = await this.database.read(by, (session) =>
      readTrail(session, oldest, MOST, by.memberId ?? null),
    );
    return { after: (place) => batchOf(place, rows, moment, trailBinding(by.tenantId, moment.system)) };
  }
}

function placeAt({ snapshot, takenAt }: TrailMoment): TrailPlace {
  return { seen: readSnapshot(snapshot), takenAt };
}

function batchOf(place: TrailPlace, rows: readonly TrailRow[], moment: TrailMoment, binding: string): LiveBatch {
  const { seen, takenAt, part } = place;
  const end = placeAt(moment);
  const isComplete = rows.length < MOST;
  const placeBehind = ({ at, xact }: { at: TrailRow; xact: bigint }): TrailPlace => {
    // The rest of an earlier part comes first. Behind its last event, the part is what became visible until then.
    if (part && isSeen(xact, part.until)) return { seen, takenAt, part: { ...part, at: at.atText, id: at.id } };
    const from = part ? { seen: part.until, takenAt: part.takenAt } : { seen, takenAt };
    return { ...from, part: { until: end.seen, takenAt: end.takenAt, at: at.atText, id: at.id } };
  };
  const mine = rows.map((at) => ({ at, xact: BigInt(at.xact) })).filter(({ xact }) => !isSeen(xact, seen));
  const places = mine.map(placeBehind);
  const next = isComplete ? end : (places.at(-1) ?? place);
  const events = mine.map(({ at }, index) => {
    const behind = index === mine.length - 1 ? next : (places[index] ?? next);
    return { event: at, cursor: cursorOf(behind, binding) };
  });
  return { events, next, isComplete };
}
