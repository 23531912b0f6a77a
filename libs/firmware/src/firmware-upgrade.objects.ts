import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { FirmwareUpgradeRow } from './firmware-upgrade.reader.js';

export const UPGRADE_STATUS = { SCHEDULED: 'SCHEDULED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(UPGRADE_STATUS, {
  name: 'UpgradeStatus',
  description: 'Is it to happen?',
  valuesMap: {
    SCHEDULED: { description: 'It is, or its time has come.' },
    CANCELLED: { description: 'It was called off.' },
  },
});

@ObjectType('FirmwareUpgrade', { description: 'New firmware that a device is to get at a certain time.' })
export class FirmwareUpgradeObject {
  @Field(() => ID)
  id!: string;
  @Field()
  targetVersion!: string;
  @Field()
  scheduledAt!: Date;
  @Field(() => UPGRADE_STATUS)
  status!: FirmwareUpgradeRow['status'];
  @Field()
  createdAt!: Date;
  /** Behind a resolver of its own, since devices are another room's. */
  deviceId!: string;

  static from(row: FirmwareUpgradeRow): FirmwareUpgradeObject {
    return Object.assign(new FirmwareUpgradeObject(), {
      id: row.id,
      targetVersion: row.targetVersion,
      scheduledAt: row.scheduledAt,
      status: row.status,
      createdAt: row.createdAt,
      deviceId: row.deviceId,
    });
  }
}

@ObjectType()
export class ScheduleFirmwareUpgradePayload {
  @Field(() => FirmwareUpgradeObject)
  firmwareUpgrade!: FirmwareUpgradeObject;
}

@ObjectType()
export class CancelFirmwareUpgradePayload {
  @Field(() => FirmwareUpgradeObject)
  firmwareUpgrade!: FirmwareUpgradeObject;
}
