import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import { holdsText, keysetPage, type Session, showable } from '#database';
import { filterPage, type Page, type PageRequest } from '#kernel';
import type { DeviceTable } from './device.entity.js';

export interface DeviceTables {
  devices: DeviceTable;
}
export type DeviceRow = Selectable<DeviceTable>;

export interface DeviceFilter {
  status?: readonly DeviceRow['status'][] | null;
  search?: string | null;
}

function filtered<Row>(
  query: SelectQueryBuilder<DeviceTables, 'devices', Row>,
  { status, search }: DeviceFilter,
): SelectQueryBuilder<DeviceTables, 'devices', Row> {
  let filtered = query;
  if (status) filtered = filtered.where(sql<boolean>`status = any(${[...status]}::text[])`);
  // The members are joined by a character that no search may contain, so that no search matches across two members.
  if (search)
    filtered = filtered.where(holdsText(sql`concat_ws(chr(1), hostname, ip_address, model, serial_number)`, search));
  return filtered;
}

const isShown = showable<DeviceRow>('devices', 'createdAt', 'updatedAt');

/** Ordered by hostname. @throws {InvalidInput} INVALID_CURSOR */
export async function pageOfDevices(
  session: Session,
  filter: DeviceFilter,
  request: PageRequest,
): Promise<Page<DeviceRow>> {
  const columns = [
    { expression: sql`hostname_sort collate "C"`, type: 'text' },
    { expression: sql`id`, type: 'uuid' },
  ] as const;
  const query = filtered(session.tables<DeviceTables>().selectFrom('devices').selectAll(), filter);
  const page = await keysetPage(query, { columns, direction: 'asc', list: ['devices', filter] }, request);
  return filterPage(page, isShown);
}

export async function countDevices(session: Session, filter: DeviceFilter): Promise<number> {
  const query = session
    .tables<DeviceTables>()
    .selectFrom('devices')
    .select(sql<string>`count(*)`.as('count'));
  return Number((await filtered(query, filter).executeTakeFirst())?.count ?? 0);
}

export async function devicesByIds(session: Session, ids: readonly string[]): Promise<Map<string, DeviceRow>> {
  const rows = await session
    .tables<DeviceTables>()
    .selectFrom('devices')
    .selectAll()
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
