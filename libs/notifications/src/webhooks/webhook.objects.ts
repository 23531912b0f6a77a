import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '#kernel';
import { Connection, describedEnum, JSONObject } from '#graphql';
import type { NotificationKind } from '../words.js';
import type { WebhookDeliveryRow } from './webhook-delivery.reader.js';
import type { WebhookEndpointRow } from './webhook-endpoints.sql.js';

export type DeliveryStatus = WebhookDeliveryRow['status'];

export const NOTIFICATION_KIND = describedEnum(
  'NotificationKind',
  'What a delivery reports. On the wire a kind is `api_key.rotated`: lower case, the first two words joined by an underscore, ' +
    'then a dot.',
  {
    API_KEY_CREATED: 'A key was made.',
    API_KEY_UPDATED: 'What a key is or may do was changed.',
    API_KEY_ROTATED: 'A key got a new secret.',
    API_KEY_ROTATION_ADOPTED: 'The new secret of a rotated key was used for the first time.',
    API_KEY_ROTATION_COMPLETED: 'The overlap with the old secret was ended.',
    API_KEY_SUSPENDED: 'A key was stopped for a while.',
    API_KEY_RESUMED: 'The suspension of a key was ended.',
    API_KEY_REVOKED: 'A key was ended for good.',
    API_KEY_TRANSFERRED: 'A key got another owner.',
    API_KEY_EXPIRING: 'A key will stop working in 30 days, in 7 days or in a day, if nothing changes.',
    API_KEY_EXPIRED: 'A key has stopped working, because its time is over.',
    API_KEY_LEAK_REPORTED: 'A key was found in the open, and was ended for good.',
    API_KEY_USED_AFTER_REVOCATION: 'Somebody tried to use a key that was ended for good: at most one an hour and key.',
    API_KEY_POLICY_CHANGED: "The tenant's rules for keys were changed.",
    API_KEY_APPROVAL_REQUESTED: 'A member made a key that waits for an approval. It is reported as made, too.',
    API_KEY_APPROVED: 'An admin approved the key of a member.',
    API_KEY_REJECTED: 'An admin refused the key of a member, and it was ended for good.',
  },
);

const DISABLED_REASON = describedEnum('WebhookDisabledReason', 'Why the server disabled an endpoint.', {
  GONE: 'It answered 410.',
  FAILING: 'Every attempt of a delivery failed.',
});

export const DELIVERY_STATUS = describedEnum('DeliveryStatus', 'How far a delivery is.', {
  PENDING: 'An attempt is due, is under way or will follow.',
  DELIVERED: 'The endpoint answered 2xx.',
  FAILED: 'No further attempt will follow, unless it is replayed.',
});

@ObjectType('WebhookEndpoint', {
  description: "An address that is sent what happens to the tenant's keys, after Standard Webhooks 1.0.0.",
})
export class WebhookEndpointObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field({ description: 'Where deliveries are sent, by POST.' })
  url!: string;
  @Field(() => String, { nullable: true, description: 'What it is for; at most 2,000 characters.' })
  description!: string | null;
  @Field(() => [NOTIFICATION_KIND], { description: 'What it is sent. Empty: every kind.' })
  kinds!: NotificationKind[];
  @Field({ description: 'False: nothing is sent to it, and events are not kept for it.' })
  isEnabled!: boolean;
  @Field(() => DISABLED_REASON, {
    nullable: true,
    description: 'Why the server disabled it; null while enabled, or where an admin disabled it.',
  })
  disabledReason!: WebhookEndpointRow['disabledReason'];
  @Field({ description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => Date, {
    nullable: true,
    description: 'Until then two secrets sign each delivery, after a rotation. Null: one signs.',
  })
  previousSecretExpiresAt!: Date | null;

  static from(row: WebhookEndpointRow): WebhookEndpointObject {
    const { id, url, description, kinds, isEnabled, disabledReason, createdAt, previousSecretExpiresAt } = row;
    const shown = { id, url, description, kinds, isEnabled, disabledReason, createdAt, previousSecretExpiresAt };
    return Object.assign(new WebhookEndpointObject(), shown);
  }
}

@ObjectType('WebhookDelivery', { description: 'One event that is to reach one endpoint.' })
export class WebhookDeliveryObject {
  @Field(() => ID, { description: 'The header `webhook-id`: the same for every attempt and replay.' })
  id!: string;
  @Field(() => NOTIFICATION_KIND, { description: 'What it reports.' })
  kind!: NotificationKind;
  @Field(() => ID, { nullable: true, description: 'The key that it is about; null where it is about no single key.' })
  apiKeyId!: string | null;
  @Field(() => DELIVERY_STATUS, { description: 'Whether it is over, and how it ended.' })
  status!: DeliveryStatus;
  @Field(() => Int, { description: 'How often it was tried, since it was made or replayed.' })
  attempts!: number;
  @Field(() => Date, { nullable: true, description: 'When it was last tried; null: not yet.' })
  lastAttemptAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it is tried next, at the earliest; null: it is over.' })
  nextAttemptAt!: Date | null;
  @Field(() => Int, { nullable: true, description: 'HTTP status of the last attempt; null where there was no answer.' })
  lastStatus!: number | null;
  @Field(() => String, {
    nullable: true,
    description: "What went wrong at the last attempt, in a few words; never the answer's body. Null: nothing.",
  })
  lastError!: string | null;
  @Field({ description: 'When the event happened.' })
  createdAt!: Date;
  @Field(() => JSONObject, { description: 'The body, as it is sent.' })
  payload!: JsonObject;

  static from(row: WebhookDeliveryRow): WebhookDeliveryObject {
    const { id, kind, apiKeyId, status, attempts, lastAttemptAt, nextAttemptAt } = row;
    const { lastStatus, lastError, createdAt, payload } = row;
    const shown = { id, kind, apiKeyId, status, attempts, lastAttemptAt, nextAttemptAt };
    return Object.assign(new WebhookDeliveryObject(), { ...shown, lastStatus, lastError, createdAt, payload });
  }
}

@ObjectType({ description: 'A page of deliveries, newest first.' })
export class WebhookDeliveryConnection extends Connection(WebhookDeliveryObject, 'WebhookDelivery') {}

@ObjectType({ description: 'The answer of `createWebhookEndpoint`.' })
export class CreateWebhookEndpointPayload {
  @Field(() => WebhookEndpointObject, { description: 'The endpoint, without its secret.' })
  webhookEndpoint!: WebhookEndpointObject;
  @Field({ description: 'Signs the deliveries: `whsec_…`. It exists in this answer and nowhere else.' })
  secret!: string;
}

@ObjectType({ description: 'The answer of `updateWebhookEndpoint`.' })
export class UpdateWebhookEndpointPayload {
  @Field(() => WebhookEndpointObject, { description: 'The endpoint after the change.' })
  webhookEndpoint!: WebhookEndpointObject;
}

@ObjectType({ description: 'The answer of `rotateWebhookSecret`.' })
export class RotateWebhookSecretPayload {
  @Field(() => WebhookEndpointObject, { description: 'The endpoint; two secrets may sign for a while.' })
  webhookEndpoint!: WebhookEndpointObject;
  @Field({ description: 'The new secret: `whsec_…`. It exists in this answer and nowhere else.' })
  secret!: string;
}

@ObjectType({ description: 'The answer of `deleteWebhookEndpoint`.' })
export class DeleteWebhookEndpointPayload {
  @Field(() => ID, { description: 'The endpoint that is gone, with its deliveries.' })
  id!: string;
}

@ObjectType({ description: 'The answer of `testWebhookEndpoint`.' })
export class TestWebhookEndpointPayload {
  @Field(() => WebhookDeliveryObject, { description: 'The delivery, which is sent next.' })
  delivery!: WebhookDeliveryObject;
}

@ObjectType({ description: 'The answer of `replayWebhookDeliveries`.' })
export class ReplayWebhookDeliveriesPayload {
  @Field(() => Int, { description: 'How many are sent again.' })
  count!: number;
}
