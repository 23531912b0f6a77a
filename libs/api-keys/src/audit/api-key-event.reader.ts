import { type Selectable, sql } from 'kysely';
import { keysetPage, newestFirst, type Session } from '#database';
import type { Input, Page, PageRequest } from '#kernel';
import type { ApiKeyEventTable } from './api-key-event.entity.js';
import type { ApiKeyEventKind } from '../words.js';

export interface ApiKeyEventTables {
  api_key_events: ApiKeyEventTable;
}
export type ApiKeyEventRow = Selectable<ApiKeyEventTable>;

export interface ApiKeyEventFilter {
  apiKeyId?: string | null;
  kind?: readonly ApiKeyEventKind[] | null;
  actorId?: string | null;
  /** Later than this. */
  after?: Date | null;
  /** Earlier than this. */
  before?: Date | null;
}

/** A filter in the form that the database needs. */
interface WantedEvents extends ApiKeyEventFilter {
  /** Events of the keys of this user. Row security admits no others to a member; this condition finds them by an index. */
  memberId?: string | null;
}

export function readEventFilter(filter: Input<ApiKeyEventFilter>): ApiKeyEventFilter {
  return {
    apiKeyId: filter.given('apiKeyId')?.id(),
    kind: filter.value.kind,
    actorId: filter.given('actorId')?.id(),
    after: filter.given('after')?.instant(),
    before: filter.given('before')?.instant(),
  };
}

/** True for an event that the filter admits: the conditions of `pageOfEvents`, for an event that was read already. */
export function admits({ apiKeyId, kind, actorId, after, before }: ApiKeyEventFilter, event: ApiKeyEventRow): boolean {
  const at = event.at.getTime();
  return (
    (apiKeyId == null || event.apiKeyId === apiKeyId) &&
    (!kind || kind.includes(event.kind)) &&
    (actorId == null || event.actorId === actorId) &&
    (!after || at > after.getTime()) &&
    (!before || at < before.getTime())
  );
}

/** Newest first. @throws {InvalidInput} INVALID_CURSOR */
export function pageOfEvents(
  session: Session,
  filter: WantedEvents,
  request: PageRequest,
): Promise<Page<ApiKeyEventRow>> {
  const { apiKeyId, kind, actorId, after, before, memberId } = filter;
  let query = session.tables<ApiKeyEventTables>().selectFrom('api_key_events').selectAll();
  if (apiKeyId != null) query = query.where('apiKeyId', '=', apiKeyId);
  if (kind) query = query.where(sql<boolean>`kind = any(${[...kind]}::text[])`);
  if (memberId != null)
    query = query.where(
      sql<boolean>`api_key_id = any(array(select id from api_keys where user_id = ${memberId}::uuid))`,
    );
  if (actorId != null) query = query.where('actorId', '=', actorId);
  // Instants are printed to the millisecond but stored to the microsecond. So an event counts as later only if its printed
  // instant is later.
  if (after) query = query.where(sql<boolean>`at >= ${after.toISOString()}::timestamptz + interval '1 millisecond'`);
  if (before) query = query.where(sql<boolean>`at < ${before.toISOString()}::timestamptz`);
  return keysetPage(query, newestFirst('at', ['api_key_events', filter]), request);
}
