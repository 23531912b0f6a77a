import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import type { PageArguments } from '#kernel';
import { ALERT_STATUS } from './alert.objects.js';
import type { AlertStatus } from './alert.reader.js';

@ArgsType()
export class AlertsArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: 'How many from the start, or after `after`: 1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'After this place: the `endCursor` of the page before.' })
  after?: string | null;
  @Field(() => ALERT_STATUS, { nullable: true, description: 'Only alerts that fire, or only those that are over.' })
  status?: AlertStatus | null;
  @Field(() => ID, { nullable: true, description: 'Only of this device; an unknown one has none.' })
  deviceId?: string | null;
}
