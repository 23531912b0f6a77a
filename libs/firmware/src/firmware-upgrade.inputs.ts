import { Field, ID, InputType } from '@nestjs/graphql';

@InputType({ description: 'New firmware for a device, and when it is to get it.' })
export class ScheduleFirmwareUpgradeInput {
  @Field(() => ID, { description: 'Which device is to get it; NOT_FOUND for an unknown one.' })
  deviceId!: string;
  @Field({ description: '1 to 200 characters once trimmed; no control characters.' })
  targetVersion!: string;
  @Field({ description: 'In the future, and no later than the year 9999.' })
  scheduledAt!: Date;
}
