import type { Selectable } from 'kysely';
import { keysetPagesByOwner, newestFirst, type Session, showable } from '#database';
import { LIMITS } from '#kernel';
import type { FirmwareUpgradeTable } from './firmware-upgrade.entity.js';

export interface FirmwareTables {
  firmware_upgrades: FirmwareUpgradeTable;
}
export type FirmwareUpgradeRow = Selectable<FirmwareUpgradeTable>;

const isShown = showable<FirmwareUpgradeRow>('firmware_upgrades', 'createdAt', 'scheduledAt');
const NEWEST_FIRST = newestFirst('created_at', ['device firmware upgrades']);
const NEWEST = { size: LIMITS.firmwareUpgradesListed, backwards: false, cursor: null };

/** Reads the newest upgrades of each device, in one statement. */
export async function newestUpgradesOf(
  session: Session,
  deviceIds: readonly string[],
): Promise<Map<string, FirmwareUpgradeRow[]>> {
  const pages = await keysetPagesByOwner(
    session,
    deviceIds,
    (deviceId) =>
      session.tables<FirmwareTables>().selectFrom('firmware_upgrades').selectAll().where('deviceId', '=', deviceId),
    NEWEST_FIRST,
    NEWEST,
  );
  return new Map([...pages].map(([deviceId, page]) => [deviceId, page.nodes.filter(isShown)]));
}

export async function upgradeById(session: Session, id: string): Promise<FirmwareUpgradeRow | null> {
  return (
    (await session
      .tables<FirmwareTables>()
      .selectFrom('firmware_upgrades')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()) ?? null
  );
}
