import type { Selectable } from 'kysely';
import { keysetPage, keysetPagesByOwner, newestFirst, type Session, showable } from '#database';
import { filterPage, filterPages, type Page, type PageRequest } from '#kernel';
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

const isShown = showable<AlertRow>('alerts', 'firedAt');

/** @throws {InvalidInput} INVALID_CURSOR */
export async function pageOfAlerts(
  session: Session,
  { status = null, deviceId = null }: AlertFilter,
  request: PageRequest,
): Promise<Page<AlertRow>> {
  let query = session.tables<AlertTables>().selectFrom('alerts').selectAll();
  if (status) query = query.where('resolvedAt', status === 'FIRING' ? 'is' : 'is not', null);
  if (deviceId) query = query.where('deviceId', '=', deviceId);
  const page = await keysetPage(query, newestFirst('fired_at', ['alerts', status, deviceId]), request);
  return filterPage(page, isShown);
}

/** Reads the pages of all devices in one statement. @throws {InvalidInput} INVALID_CURSOR */
export async function pagesOfDeviceAlerts(
  session: Session,
  deviceIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, Page<AlertRow>>> {
  const pages = await keysetPagesByOwner(
    session,
    deviceIds,
    (deviceId) => session.tables<AlertTables>().selectFrom('alerts').selectAll().where('deviceId', '=', deviceId),
    newestFirst('fired_at', ['device alerts']),
    request,
  );
  return filterPages(pages, isShown);
}
