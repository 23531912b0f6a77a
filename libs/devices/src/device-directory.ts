import { Injectable } from '@nestjs/common';
import { type Session, type TenantBound, TenantDatabase } from '#database';
import { NotFound } from '#kernel';
import { loaderOf } from '#graphql';
import { DeviceObject } from './device.objects.js';
import { devicesByIds, type DeviceRow, type DeviceTables } from './device.reader.js';

/** What rooms whose rows hang on a device may ask about it. */
@Injectable()
export class DeviceDirectory {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Makes sure that the tenant of `session` has this device, and that it stays until the transaction ends: what is added to
   * it cannot find it gone. A foreign key alone would not do, since it looks across tenants.
   * @param id a UUID
   * @throws {NotFound}
   */
  async requireDevice(session: Session, id: string): Promise<void> {
    const device = await session
      .tables<DeviceTables>()
      .selectFrom('devices')
      .select('id')
      .where('id', '=', id)
      .forKeyShare()
      .executeTakeFirst();
    if (!device) throw new NotFound('Device');
  }

  /**
   * The device as clients see it. Asked for many times in one request, it is one read.
   * @throws {NotFound} removed since the row that points at it was read
   */
  async deviceOf(request: object, by: TenantBound, id: string): Promise<DeviceObject> {
    const device = await loaderOf(request, 'devices', (ids) => this.devices(by, ids)).load(id);
    if (!device) throw new NotFound('Device');
    return DeviceObject.from(device);
  }

  private devices(by: TenantBound, ids: readonly string[]): Promise<Map<string, DeviceRow>> {
    return this.database.read(by, (session) => devicesByIds(session, ids));
  }
}
