import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type TenantBound, TenantDatabase } from '#database';
import { DeviceDirectory } from '#devices';
import { Input, LIMITS, NotFound } from '#kernel';
import type { AlertRow, AlertTables } from './alert.reader.js';

export interface Observation {
  deviceId: string;
  severity: AlertRow['severity'];
  /** 1 to 2,000 characters. */
  message: string;
  /** Default: the current time. */
  firedAt?: Date;
}

/** The tenant whose device was observed. */
type MonitoredTenant = TenantBound & { readonly tenantId: string };

/**
 * Where monitoring reports what it observes. Not part of the public API: people and keys can read alerts but cannot raise them.
 */
@Injectable()
export class AlertIntake {
  constructor(
    private readonly database: TenantDatabase,
    private readonly devices: DeviceDirectory,
  ) {}

  /**
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} no such device in this tenant
   */
  raise(by: MonitoredTenant, { severity, firedAt, ...observed }: Observation): Promise<AlertRow> {
    const { deviceId, message } = new Input(observed).read((input) => ({
      deviceId: input.at('deviceId').id(),
      message: input.at('message').text({ max: LIMITS.description, lines: true }),
    }));
    return this.database.writeQuietly(by, async (session) => {
      await this.devices.requireDevice(session, deviceId);
      return session
        .tables<AlertTables>()
        .insertInto('alerts')
        .values({ tenantId: by.tenantId, deviceId, severity, message, ...(firedAt ? { firedAt } : {}) })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  /**
   * Marks an alert as resolved. A repeated call changes nothing.
   * @param resolvedAt default: the current time. A time before the alert fired counts as the instant of firing.
   * @throws {InvalidInput} for an id that is no UUID
   * @throws {NotFound}
   */
  resolve(by: MonitoredTenant, id: string, resolvedAt?: Date): Promise<AlertRow> {
    const alertId = Input.argument('id', id).read((input) => input.id());
    const instant = resolvedAt ? sql`${resolvedAt.toISOString()}::timestamptz` : sql`now()`;
    return this.database.writeQuietly(by, async (session) => {
      const alert = await session
        .tables<AlertTables>()
        .updateTable('alerts')
        .set({ resolvedAt: sql`coalesce(resolved_at, greatest(fired_at, ${instant}))` })
        .where('id', '=', alertId)
        .returningAll()
        .executeTakeFirst();
      if (!alert) throw new NotFound('Alert');
      return alert;
    });
  }
}
