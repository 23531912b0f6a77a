import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { DeviceDirectory } from '#devices';
import { Conflict, Input, loaderOf, NotFound } from '#kernel';
import {
  type FirmwareTables,
  type FirmwareUpgradeRow,
  newestUpgradesOf,
  upgradeById,
} from './firmware-upgrade.reader.js';
import { checkSchedule, readUpgradeRequest, type UpgradeRequest } from './upgrade-request.js';

/** The firmware upgrades of the caller's tenant. The database's clock decides which upgrades lie in the future. */
@Injectable()
export class FirmwareUpgradeService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly devices: DeviceDirectory,
  ) {}

  /** Newest first, at most 50. All devices that one request asks about are read together. */
  async ofDevice(request: object, by: TenantPrincipal, deviceId: string): Promise<FirmwareUpgradeRow[]> {
    const loader = loaderOf(request, 'firmware upgrades of devices', (deviceIds) =>
      this.database.readForDisplay(by, (session) => newestUpgradesOf(session, deviceIds)),
    );
    return (await loader.load(deviceId)) ?? [];
  }

  /**
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} no such device in this tenant
   */
  schedule(by: TenantPrincipal, given: Input<UpgradeRequest>): Promise<FirmwareUpgradeRow> {
    const request = readUpgradeRequest(given);
    return this.database.writeQuietly(by, async (session) => {
      const input = given.copy();
      checkSchedule(input.at('scheduledAt'), await session.now());
      input.throwIfRefused();
      await this.devices.requireDevice(session, request.deviceId);
      return session
        .tables<FirmwareTables>()
        .insertInto('firmware_upgrades')
        .values({ tenantId: by.tenantId, ...request })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  /**
   * Calls off an upgrade. A repeated call changes nothing.
   * @throws {InvalidInput} for an id that is no UUID
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE: the scheduled time has come, so the upgrade can no longer be called off
   */
  cancel(by: TenantPrincipal, id: string): Promise<FirmwareUpgradeRow> {
    const upgradeId = Input.argument('id', id).read((input) => input.id());
    return this.database.writeQuietly(by, async (session) => {
      const cancelled = await session
        .tables<FirmwareTables>()
        .updateTable('firmware_upgrades')
        .set({ status: 'CANCELLED' })
        .where('id', '=', upgradeId)
        .where('status', '=', 'SCHEDULED')
        .where('scheduledAt', '>', sql<Date>`now()`)
        .returningAll()
        .executeTakeFirst();
      const upgrade = cancelled ?? (await upgradeById(session, upgradeId));
      if (!upgrade) throw new NotFound('FirmwareUpgrade');
      if (upgrade.status === 'SCHEDULED')
        throw new Conflict('INVALID_STATE', 'The time of this upgrade has come: it cannot be cancelled.', {
          status: upgrade.status,
        });
      return upgrade;
    });
  }
}
