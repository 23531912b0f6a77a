import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import type { PageArguments } from '#kernel';
import { DEVICE_STATUS, type DeviceStatus } from './device.objects.js';

@InputType('DeviceFilter', { description: 'All given members must hold.' })
export class DeviceFilterInput {
  @Field(() => [DEVICE_STATUS], { nullable: true, description: 'One of these. An empty list admits none.' })
  status?: DeviceStatus[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'In hostname, address, model or serial number; case-insensitive, taken literally.',
  })
  search?: string | null;
}

@ArgsType()
export class DevicesArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: '1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  after?: string | null;
  @Field(() => Int, { nullable: true, description: '1 to 100. Not together with `first`.' })
  last?: number | null;
  @Field(() => String, { nullable: true, description: '`startCursor` of the page after.' })
  before?: string | null;
  @Field(() => DeviceFilterInput, { nullable: true })
  filter?: DeviceFilterInput | null;
}

@InputType()
export class CreateDeviceInput {
  @Field({ description: '1 to 253 of letters, digits, `.`, `_` and `-`. Unique within the tenant, whatever the case.' })
  hostname!: string;
  @Field({ description: 'IPv4 or IPv6.' })
  ipAddress!: string;
  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  model?: string | null;
  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  serialNumber?: string | null;
  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  firmwareVersion?: string | null;
}

@InputType({ description: 'Omitted members stay as they are; null clears what may be null.' })
export class UpdateDeviceInput {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { nullable: true })
  hostname?: string | null;
  @Field(() => String, { nullable: true })
  ipAddress?: string | null;
  @Field(() => String, { nullable: true })
  model?: string | null;
  @Field(() => String, { nullable: true })
  serialNumber?: string | null;
  @Field(() => String, { nullable: true })
  firmwareVersion?: string | null;
  @Field(() => DEVICE_STATUS, { nullable: true })
  status?: DeviceStatus | null;
}
