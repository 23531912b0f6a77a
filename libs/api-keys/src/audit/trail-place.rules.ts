import { cursorBinding, encodeCursor, type Input, isUuid, LIMITS, parseInstant, readCursor } from '#kernel';
import { readShortSnapshot, shortSnapshot, type TrailSnapshot } from './trail-snapshot.rules.js';

/**
 * A place in the audit trail as it became visible: after everything that was seen at one moment, and after a part of what became
 * visible until a later moment. No event is ever before such a place and becomes visible after it, whatever the order of commits.
 */
export interface TrailPlace {
  readonly seen: TrailSnapshot;
  /** When `seen` was taken, as PostgreSQL prints it. */
  readonly takenAt: string;
  /** The events seen in `until`, but not in `seen`, are passed up to this one, in the order of the trail. */
  readonly part?: { readonly until: TrailSnapshot; readonly takenAt: string; readonly at: string; readonly id: string };
}

const INSTANT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00$/;
function isInstant(text: string): boolean {
  const [, date, time] = INSTANT.exec(text) ?? [];
  return parseInstant(`${date}T${time}Z`) !== undefined;
}
const isSnapshot = (text: string) => readShortSnapshot(text) !== undefined;
const orEmpty = (check: (text: string) => boolean) => (text: string) => text === '' || check(text);
const CHECKS = [isSnapshot, isInstant, ...[isSnapshot, isInstant, isInstant, isUuid].map(orEmpty)];

/** What cursors of a tenant's trail are bound to. @param system the database's cluster: a copy restored elsewhere counts anew */
export function trailBinding(tenantId: string | null, system: string): string {
  return cursorBinding(['api_key_events as they come', tenantId, system]);
}

/** Undefined where the cursor would be too long, because many transactions were running: an earlier cursor has to do. */
export function cursorOf({ seen, takenAt, part }: TrailPlace, binding: string): string | undefined {
  const rest = part ? [shortSnapshot(part.until), part.takenAt, part.at, part.id] : ['', '', '', ''];
  const cursor = encodeCursor(binding, [shortSnapshot(seen), takenAt, ...rest]);
  return cursor.length > LIMITS.cursor ? undefined : cursor;
}

/** @throws {InvalidInput} INVALID_CURSOR */
export function placeOf(cursor: Input<string>, binding: string): TrailPlace {
  const [seen = '', takenAt = '', until = '', untilAt = '', at = '', id = ''] = cursor.read((input) =>
    readCursor(input, binding, CHECKS),
  );
  const last = readShortSnapshot(until);
  const part = last && untilAt && at && id ? { until: last, takenAt: untilAt, at, id } : undefined;
  return { seen: readShortSnapshot(seen) ?? NOTHING, takenAt, ...(part && { part }) };
}

const NOTHING: TrailSnapshot = { xmin: 1n, xmax: 1n, running: [] };
