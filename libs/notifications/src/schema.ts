import type { Schema } from '#database/schema';
import { Migration20261128220000_webhooks } from './migrations/20261128220000-webhooks.js';
import { Migration20261128220100_webhook_events } from './migrations/20261128220100-webhook-events.js';
import { Migration20261129010000_key_notices } from './migrations/20261129010000-key-notices.js';
import { MailPreference } from './mail/mail-preference.entity.js';
import { Mail } from './mail/mail.entity.js';
import { Migration20261129020000_mails } from './migrations/20261129020000-mails.js';
import { Migration20261129030000_delivery_traces } from './migrations/20261129030000-delivery-traces.js';
import { Migration20261129040000_delivery_turns } from './migrations/20261129040000-delivery-turns.js';
import { ApiKeyNotice } from './notices/api-key-notice.entity.js';
import { NoticeSweep } from './notices/notice-sweep.entity.js';
import { Migration20261129010100_event_announcements } from './migrations/20261129010100-event-announcements.js';
import { EVENT_TRIGGERS } from './webhooks/event-triggers.js';
import { WebhookDelivery } from './webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhooks/webhook-endpoint.entity.js';
import { WebhookSecret } from './webhooks/webhook-secret.entity.js';

export const NOTIFICATIONS_SCHEMA: Schema = {
  entities: [WebhookEndpoint, WebhookSecret, WebhookDelivery, ApiKeyNotice, NoticeSweep, Mail, MailPreference],
  migrations: [
    Migration20261128220000_webhooks,
    Migration20261128220100_webhook_events,
    Migration20261129010000_key_notices,
    Migration20261129010100_event_announcements,
    Migration20261129020000_mails,
    Migration20261129030000_delivery_traces,
    Migration20261129040000_delivery_turns,
  ],
  triggers: EVENT_TRIGGERS,
};
