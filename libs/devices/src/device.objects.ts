import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Connection, describedEnum } from '#kernel';
import type { DeviceRow } from './device.reader.js';

export const DEVICE_STATUS = describedEnum('DeviceStatus', 'What was last heard of a device.', {
  UNKNOWN: 'Nothing yet.',
  ONLINE: 'It answers.',
  OFFLINE: 'It does not answer.',
});
export type DeviceStatus = keyof typeof DEVICE_STATUS;

@ObjectType('Device', { description: 'A router, switch or access point of the tenant.' })
export class DeviceObject {
  @Field(() => ID)
  id!: string;
  @Field({ description: 'Unique within the tenant, whatever the case.' })
  hostname!: string;
  @Field({ description: 'IPv4 or IPv6.' })
  ipAddress!: string;
  @Field(() => String, { nullable: true })
  model!: string | null;
  @Field(() => String, { nullable: true })
  serialNumber!: string | null;
  @Field(() => String, { nullable: true })
  firmwareVersion!: string | null;
  @Field(() => DEVICE_STATUS)
  status!: DeviceStatus;
  @Field(() => Date, { nullable: true })
  lastSeenAt!: Date | null;
  @Field()
  createdAt!: Date;
  @Field()
  updatedAt!: Date;

  static from(row: DeviceRow): DeviceObject {
    return Object.assign(new DeviceObject(), {
      id: row.id,
      hostname: row.hostname,
      ipAddress: row.ipAddress,
      model: row.model,
      serialNumber: row.serialNumber,
      firmwareVersion: row.firmwareVersion,
      status: row.status,
      lastSeenAt: row.lastSeenAt,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    });
  }
}

@ObjectType({ description: 'A page of devices.' })
export class DeviceConnection extends Connection(DeviceObject, 'Device') {
  @Field(() => Int, { description: 'How many devices the filter admits. Counted only when asked for.' })
  totalCount!: Promise<number>;
}

@ObjectType()
export class CreateDevicePayload {
  @Field(() => DeviceObject)
  device!: DeviceObject;
}

@ObjectType()
export class UpdateDevicePayload {
  @Field(() => DeviceObject)
  device!: DeviceObject;
}

@ObjectType()
export class DeleteDevicePayload {
  @Field(() => ID, { description: 'Of the device that is gone.' })
  id!: string;
}
