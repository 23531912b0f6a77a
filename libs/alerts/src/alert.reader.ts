import { type Kysely, type Selectable, sql } from 'kysely';
import { keysetPage, keysetPagesByOwner, type KeysetOrder } from '#database';
import type { Page, PageRequest } from '#kernel';
import type { AlertTable } from './alert.entity.js';

export interface AlertTables {
  alerts: AlertTable;
}
export type AlertRow = Selectable<AlertTable>;
export type AlertStatus = 'FIRING' | 'RESOLVED';

export interface AlertFilter {
  status?: AlertStatus | null;
  /** A UUID in lower case. */
  deviceId?: string | null;
}

const newestFirst = (list: unknown): KeysetOrder => ({
  columns: [
    { expression: sql.ref('fired_at'), type: 'timestamptz' },
    { expression: sql.ref('id'), type: 'uuid' },
  ],
  direction: 'desc',
  list,
});

/** @throws {InvalidInput} INVALID_CURSOR */
export function pageOfAlerts(
  db: Kysely<AlertTables>,
  { status = null, deviceId = null }: AlertFilter,
  request: PageRequest,
): Promise<Page<AlertRow>> {
  let query = db.selectFrom('alerts').selectAll();
  if (status) query = query.where('resolvedAt', status === 'FIRING' ? 'is' : 'is not', null);
  if (deviceId) query = query.where('deviceId', '=', deviceId);
  return keysetPage(query, newestFirst(['alerts', status, deviceId]), request);
}

/** One statement for all devices. @throws {InvalidInput} INVALID_CURSOR */
export function pagesOfDeviceAlerts(
  db: Kysely<AlertTables>,
  deviceIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, Page<AlertRow>>> {
  return keysetPagesByOwner(
    db,
    deviceIds,
    (deviceId) => db.selectFrom('alerts').selectAll().where('deviceId', '=', deviceId),
    newestFirst(['device alerts']),
    request,
  );
}
