import { Field, ID, ObjectType } from '@nestjs/graphql';
import { describedEnum } from '#graphql';
import type { FirmwareUpgradeRow } from './firmware-upgrade.reader.js';

const UPGRADE_STATUS = describedEnum('UpgradeStatus', 'Whether an upgrade is to happen.', {
  SCHEDULED: 'It is to happen, or its time has come.',
  CANCELLED: 'It was called off in time.',
});

@ObjectType('FirmwareUpgrade', { description: 'New firmware that a device is to get at a certain time.' })
export class FirmwareUpgradeObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field({ description: 'The version that the device is to get; 1 to 200 characters.' })
  targetVersion!: string;
  @Field({ description: 'When the device is to get it.' })
  scheduledAt!: Date;
  @Field(() => UPGRADE_STATUS, { description: 'Whether it is to happen.' })
  status!: FirmwareUpgradeRow['status'];
  @Field({ description: 'When it was planned.' })
  createdAt!: Date;
  /** Has a resolver of its own, since devices belong to another room. */
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

@ObjectType({ description: 'The answer of `scheduleFirmwareUpgrade`.' })
export class ScheduleFirmwareUpgradePayload {
  @Field(() => FirmwareUpgradeObject, { description: 'The upgrade as it was planned.' })
  firmwareUpgrade!: FirmwareUpgradeObject;
}

@ObjectType({ description: 'The answer of `cancelFirmwareUpgrade`.' })
export class CancelFirmwareUpgradePayload {
  @Field(() => FirmwareUpgradeObject, { description: 'The upgrade that was called off.' })
  firmwareUpgrade!: FirmwareUpgradeObject;
}
