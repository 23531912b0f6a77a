import { type Selectable, sql } from 'kysely';
import { keysetPage, keysetPagesByOwner, newestFirst, type Session, showable } from '#database';
import { filterPage, filterPages, type Page, type PageRequest } from '#kernel';
import type { ConfigBackupTable } from './config-backup.entity.js';

export interface ConfigBackupTables {
  config_backups: ConfigBackupTable;
}
/** A backup without its content, which is read only for answers that show it. */
export type ConfigBackupRow = Omit<Selectable<ConfigBackupTable>, 'content' | 'tenantId'>;

export const COLUMNS = ['id', 'deviceId', 'trigger', 'sha256', 'sizeBytes', 'createdAt'] as const;

const isShown = showable<ConfigBackupRow>('config_backups', 'createdAt');

/** @param deviceId a UUID in lower case; null for all devices. @throws {InvalidInput} INVALID_CURSOR */
export async function pageOfBackups(
  session: Session,
  deviceId: string | null,
  request: PageRequest,
): Promise<Page<ConfigBackupRow>> {
  let query = session.tables<ConfigBackupTables>().selectFrom('config_backups').select(COLUMNS);
  if (deviceId) query = query.where('deviceId', '=', deviceId);
  const page = await keysetPage(query, newestFirst('created_at', ['config backups', deviceId]), request);
  return filterPage(page, isShown);
}

/** Reads the pages of all devices in one statement. @throws {InvalidInput} INVALID_CURSOR */
export async function pagesOfDeviceBackups(
  session: Session,
  deviceIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, Page<ConfigBackupRow>>> {
  const pages = await keysetPagesByOwner(
    session,
    deviceIds,
    (deviceId) =>
      session
        .tables<ConfigBackupTables>()
        .selectFrom('config_backups')
        .select(COLUMNS)
        .where('deviceId', '=', deviceId),
    newestFirst('created_at', ['device config backups']),
    request,
  );
  return filterPages(pages, isShown);
}

export async function contentsOf(session: Session, ids: readonly string[]): Promise<Map<string, string>> {
  const asked = session
    .tables<ConfigBackupTables>()
    .selectFrom('config_backups')
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`);
  const rows = await asked.select(['id', 'content']).execute();
  return new Map(rows.map(({ id, content }) => [id, content]));
}
