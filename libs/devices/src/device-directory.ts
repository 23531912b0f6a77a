import { Injectable } from '@nestjs/common';
import { type Session, type TenantBound, TenantDatabase } from '#database';
import { loaderOf, NotFound } from '#kernel';
import { DeviceObject } from './device.objects.js';
import { devicesByIds, type DeviceRow, type DeviceTables } from './device.reader.js';

/** What rooms whose rows belong to a device may ask about the device. */
@Injectable()
export class DeviceDirectory {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Makes sure that the tenant of `session` has this device, and keeps the device until the transaction ends, so that a row added
   * to the device always finds it. A foreign key alone is not enough, since it looks across tenants.
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
   * The device as clients see it. All devices that one request asks for are read together.
   * @throws {NotFound} the device was removed after the row that points at it was read
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
