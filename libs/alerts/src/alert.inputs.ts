import { ArgsType, Field, ID } from '@nestjs/graphql';
import { ForwardPageArguments } from '#graphql';
import { ALERT_STATUS } from './alert.objects.js';
import type { AlertStatus } from './alert.reader.js';

@ArgsType()
export class AlertsArguments extends ForwardPageArguments {
  @Field(() => ALERT_STATUS, { nullable: true, description: 'Only alerts that fire, or only those that are over.' })
  status?: AlertStatus | null;
  @Field(() => ID, { nullable: true, description: 'Only of this device; an unknown one has none.' })
  deviceId?: string | null;
}
