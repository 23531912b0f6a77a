import { Field, ID, InputType } from '@nestjs/graphql';

@InputType()
export class ScheduleFirmwareUpgradeInput {
  @Field(() => ID)
  deviceId!: string;
  @Field({ description: '1 to 200 characters once trimmed; no control characters.' })
  targetVersion!: string;
  @Field({ description: 'In the future.' })
  scheduledAt!: Date;
}
