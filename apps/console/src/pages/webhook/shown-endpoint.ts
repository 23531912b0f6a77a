import type { WebhookQuery } from '../../generated/graphql.js';

/** An endpoint with a page of its deliveries. */
export type ShownEndpoint = NonNullable<WebhookQuery['webhookEndpoint']>;
