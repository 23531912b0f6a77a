import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Connection, describedEnum } from '#graphql';
import type { DeviceRow } from './device.reader.js';

export const DEVICE_STATUS = describedEnum('DeviceStatus', 'What was last heard of a device.', {
  UNKNOWN: 'Nothing was heard of it yet.',
  ONLINE: 'It answers, as last reported.',
  OFFLINE: 'It does not answer, as last reported.',
});
export type DeviceStatus = keyof typeof DEVICE_STATUS;

@ObjectType('Device', { description: 'A router, switch or access point of the tenant.' })
export class DeviceObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field({ description: '1 to 253 characters; unique within the tenant, whatever the case.' })
  hostname!: string;
  @Field({ description: 'IPv4 or IPv6 address at which it is managed, in its shortest form.' })
  ipAddress!: string;
  @Field(() => String, { nullable: true, description: 'What the manufacturer calls it. Null: not reported.' })
  model!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Given by the manufacturer; not unique here. Null: not reported.',
  })
  serialNumber!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The version that runs, as last reported; a planned upgrade does not change it. Null: not reported.',
  })
  firmwareVersion!: string | null;
  @Field(() => DEVICE_STATUS, { description: 'Set by `updateDevice`; UNKNOWN when made.' })
  status!: DeviceStatus;
  @Field(() => Date, { nullable: true, description: 'When monitoring last heard of it. Null: never.' })
  lastSeenAt!: Date | null;
  @Field({ description: 'When it was added to the tenant.' })
  createdAt!: Date;
  @Field({ description: 'When `updateDevice` last changed it, or when it was added.' })
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

@ObjectType({ description: 'A page of devices, by hostname.' })
export class DeviceConnection extends Connection(DeviceObject, 'Device') {
  @Field(() => Int, { description: 'How many devices the filter admits. Counted only when asked for.' })
  totalCount!: Promise<number>;
}

@ObjectType({ description: 'The answer of `createDevice`.' })
export class CreateDevicePayload {
  @Field(() => DeviceObject, { description: 'The device that was added.' })
  device!: DeviceObject;
}

@ObjectType({ description: 'The answer of `updateDevice`.' })
export class UpdateDevicePayload {
  @Field(() => DeviceObject, { description: 'The device as it is now.' })
  device!: DeviceObject;
}

@ObjectType({ description: 'The answer of `deleteDevice`.' })
export class DeleteDevicePayload {
  @Field(() => ID, { description: 'Of the device that is gone.' })
  id!: string;
}
