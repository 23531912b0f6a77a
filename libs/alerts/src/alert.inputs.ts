import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import type { PageArguments } from '#kernel';
import { ALERT_STATUS } from './alert.objects.js';
import type { AlertStatus } from './alert.reader.js';

@ArgsType()
export class AlertsArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: '1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  after?: string | null;
  @Field(() => ALERT_STATUS, { nullable: true, description: 'Only these.' })
  status?: AlertStatus | null;
  @Field(() => ID, { nullable: true, description: 'Only of this device.' })
  deviceId?: string | null;
}
