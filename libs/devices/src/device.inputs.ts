import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { TwoWayPageArguments } from '#graphql';
import { DEVICE_STATUS, type DeviceStatus } from './device.objects.js';

@InputType('DeviceFilter', { description: 'Which devices to list: all given members must hold.' })
export class DeviceFilterInput {
  @Field(() => [DEVICE_STATUS], {
    nullable: true,
    description: 'Devices in one of these states. An empty list admits none.',
  })
  status?: DeviceStatus[] | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Text within hostname, address, model or serial number, at most 200 characters; case-insensitive, ' +
      'taken literally.',
  })
  search?: string | null;
}

@ArgsType()
export class DevicesArguments extends TwoWayPageArguments {
  @Field(() => DeviceFilterInput, { nullable: true, description: 'Omitted: every device of the tenant.' })
  filter?: DeviceFilterInput | null;
}

@InputType({ description: 'A new device. Texts are trimmed.' })
export class CreateDeviceInput {
  @Field({
    description:
      '1 to 253 of letters, digits, `.`, `_` and `-`, beginning and ending with a letter or digit. Unique ' +
      'within the tenant, whatever the case.',
  })
  hostname!: string;
  @Field({ description: 'Address at which it is managed: IPv6, or IPv4 with all four parts.' })
  ipAddress!: string;
  @Field(() => String, {
    nullable: true,
    description: 'What the manufacturer calls it. 1 to 200 characters, no control characters.',
  })
  model?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Given by the manufacturer. 1 to 200 characters, no control characters.',
  })
  serialNumber?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The version that runs. 1 to 200 characters, no control characters.',
  })
  firmwareVersion?: string | null;
}

@InputType({
  description:
    'Changes of a device: omitted members stay as they are; null clears model, serial number and ' +
    'firmware version, and is REQUIRED elsewhere. Texts are trimmed.',
})
export class UpdateDeviceInput {
  @Field(() => ID, { description: 'The device to change.' })
  id!: string;
  @Field(() => String, {
    nullable: true,
    description:
      '1 to 253 of letters, digits, `.`, `_` and `-`, beginning and ending with a letter or digit. Unique ' +
      'within the tenant, whatever the case.',
  })
  hostname?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Address at which it is managed: IPv6, or IPv4 with all four parts.',
  })
  ipAddress?: string | null;
  @Field(() => String, {
    nullable: true,
    description: '1 to 200 characters, no control characters. Null: not reported.',
  })
  model?: string | null;
  @Field(() => String, {
    nullable: true,
    description: '1 to 200 characters, no control characters. Null: not reported.',
  })
  serialNumber?: string | null;
  @Field(() => String, {
    nullable: true,
    description: '1 to 200 characters, no control characters. Null: not reported.',
  })
  firmwareVersion?: string | null;
  @Field(() => DEVICE_STATUS, { nullable: true, description: 'What was last heard of it.' })
  status?: DeviceStatus | null;
}
