import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { TenantPrincipal } from '#access';
import { brokenUniqueConstraint, TenantDatabase, type Session } from '#database';
import { Conflict, Input, LIMITS, NotFound, type Page, type PageArguments, readPage } from '#kernel';
import { type DeviceChanges, type ReadDeviceChanges, readDeviceChanges } from './device-changes.js';
import {
  countDevices,
  type DeviceFilter,
  type DeviceRow,
  devicesByIds,
  type DeviceTables,
  pageOfDevices,
} from './device.reader.js';

/** The devices of the caller's tenant. */
@Injectable()
export class DeviceService {
  constructor(private readonly database: TenantDatabase) {}

  /** Null for an unknown id and for a device of another tenant. @throws {InvalidInput} for an id that is no UUID */
  find(by: TenantPrincipal, id: string): Promise<DeviceRow | null> {
    const deviceId = Input.argument('id', id).read((input) => input.id());
    return this.database.readForDisplay(by, async (session) => {
      return (await devicesByIds(session, [deviceId])).get(deviceId) ?? null;
    });
  }

  /**
   * Ordered by hostname.
   * @throws {InvalidInput} for a search that is too long, page arguments out of range and cursors of another list
   */
  page(by: TenantPrincipal, filter: DeviceFilter, page: PageArguments): Promise<Page<DeviceRow>> {
    const { wanted, request } = new Input({ filter, ...page }).read((input) => ({
      wanted: readFilter(input.at('filter')),
      request: readPage(input),
    }));
    return this.database.readForDisplay(by, (session) => pageOfDevices(session, wanted, request));
  }

  /** @throws {InvalidInput} for a search that is too long */
  count(by: TenantPrincipal, filter: DeviceFilter): Promise<number> {
    const wanted = Input.argument('filter', filter).read(readFilter);
    return this.database.readForDisplay(by, (session) => countDevices(session, wanted));
  }

  /**
   * @throws {InvalidInput} all problems at once
   * @throws {Conflict} ALREADY_EXISTS: another device has the hostname
   */
  create(
    by: TenantPrincipal,
    input: Input<DeviceChanges & { hostname: string; ipAddress: string }>,
  ): Promise<DeviceRow> {
    const { hostname = '', ipAddress = '', ...members } = readDeviceChanges(input);
    return this.write(by, (session) =>
      session
        .tables<DeviceTables>()
        .insertInto('devices')
        .values({ tenantId: by.tenantId, hostname, ipAddress, ...members })
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  }

  /**
   * Changes the members that were sent; where all of them are so already, nothing.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound}
   * @throws {Conflict} ALREADY_EXISTS: another device has the hostname
   */
  update(by: TenantPrincipal, input: Input<DeviceChanges & { id: string }>): Promise<DeviceRow> {
    const id = input.at('id').id();
    const changes = readDeviceChanges(input);
    return this.write(by, async (session) => {
      const device = await session
        .tables<DeviceTables>()
        .updateTable('devices')
        .set({ ...changes, updatedAt: sql<Date>`now()` })
        .where('id', '=', id)
        .where(differing(changes))
        .returningAll()
        .executeTakeFirst();
      const unchanged = device ?? (await devicesByIds(session, [id])).get(id);
      if (!unchanged) throw new NotFound('Device');
      return unchanged;
    });
  }

  /** Removes the device and all rows that belong to it. @throws {NotFound} */
  delete(by: TenantPrincipal, id: string): Promise<string> {
    const deviceId = Input.argument('id', id).read((input) => input.id());
    return this.write(by, async (session) => {
      const removed = await session
        .tables<DeviceTables>()
        .deleteFrom('devices')
        .where('id', '=', deviceId)
        .returning('id')
        .executeTakeFirst();
      if (!removed) throw new NotFound('Device');
      return removed.id;
    });
  }

  private async write<Result>(by: TenantPrincipal, work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      return await this.database.writeQuietly(by, work);
    } catch (error) {
      if (brokenUniqueConstraint(error) === 'devices_tenant_id_hostname_unique')
        throw new Conflict('ALREADY_EXISTS', 'A device with this hostname already exists.');
      throw error;
    }
  }
}

/** Does a row differ from any of `changes`? */
function differing(changes: ReadDeviceChanges): RawBuilder<boolean> {
  const names = Object.entries(changes).map(([name, value]) => sql`${sql.ref(name)} is distinct from ${value}`);
  return names.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(names, sql` or `)})`;
}

function readFilter(filter: Input<DeviceFilter>): DeviceFilter {
  return { ...filter.value, search: filter.given('search')?.text({ max: LIMITS.name, min: 0, blank: true }) };
}
