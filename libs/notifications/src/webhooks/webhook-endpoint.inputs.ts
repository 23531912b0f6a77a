import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { NestedPageArguments } from '#graphql';
import { DELIVERY_STATUS, type DeliveryStatus, NOTIFICATION_KIND } from './webhook.objects.js';
import type { NotificationKind } from '../words.js';

const URL_RULE =
  'An https address of at most 2,000 characters, without a user, a password and a fragment. Private, local and reserved ' +
  'addresses are refused, here and at each attempt.';

@InputType({ description: 'A new endpoint. Texts are trimmed.' })
export class CreateWebhookEndpointInput {
  @Field({ description: URL_RULE })
  url!: string;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  description?: string | null;
  @Field(() => [NOTIFICATION_KIND], { nullable: true, description: 'Empty or omitted: every kind. No repeats.' })
  kinds?: NotificationKind[] | null;
}

@InputType({
  description: 'Changes of an endpoint: omitted members stay; null clears the description, and is REQUIRED elsewhere.',
})
export class UpdateWebhookEndpointInput {
  @Field(() => ID, { description: 'The endpoint to change.' })
  id!: string;
  @Field(() => String, { nullable: true, description: URL_RULE })
  url?: string | null;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  description?: string | null;
  @Field(() => [NOTIFICATION_KIND], { nullable: true, description: 'Empty: every kind. No repeats.' })
  kinds?: NotificationKind[] | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'False: nothing more is sent or kept for it. True: deliveries that were pending go on, and the reason is cleared.',
  })
  isEnabled?: boolean | null;
}

@InputType({
  description: 'The deliveries to send again: some by id, or those that failed. Give one of the two members.',
})
export class ReplayWebhookDeliveriesInput {
  @Field(() => ID, { description: 'The endpoint whose deliveries these are.' })
  endpointId!: string;
  @Field(() => [ID], {
    nullable: true,
    description: '1 to 100 deliveries, delivered or failed. Pending ones are left.',
  })
  deliveryIds?: string[] | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Every failed one created since, 10,000 at most: repeat the call while `count` is 10,000.',
  })
  failedSince?: Date | null;
}

@ArgsType()
export class WebhookDeliveriesArguments extends NestedPageArguments {
  @Field(() => [DELIVERY_STATUS], {
    nullable: true,
    description: 'Only deliveries of these. Omitted: all. An empty list admits none.',
  })
  status?: DeliveryStatus[] | null;
}
