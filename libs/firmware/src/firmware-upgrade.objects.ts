import { Field, ID, ObjectType } from '@nestjs/graphql';
import { describedEnum } from '#kernel';
import type { FirmwareUpgradeRow } from './firmware-upgrade.reader.js';

export const UPGRADE_STATUS = describedEnum('UpgradeStatus', 'Is it to happen?', {
  SCHEDULED: 'It is, or its time has come.',
  CANCELLED: 'It was called off.',
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
