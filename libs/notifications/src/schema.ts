import type { Schema } from '#database/schema';
import { Migration20261128220000_webhooks } from './migrations/20261128220000-webhooks.js';
import { WebhookDelivery } from './webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhooks/webhook-endpoint.entity.js';
import { WebhookSecret } from './webhooks/webhook-secret.entity.js';

export const NOTIFICATIONS_SCHEMA: Schema = {
  entities: [WebhookEndpoint, WebhookSecret, WebhookDelivery],
  migrations: [Migration20261128220000_webhooks],
};
