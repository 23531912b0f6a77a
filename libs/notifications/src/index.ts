export { NotificationsModule } from './notifications.module.js';
export { WebhookAdministration } from './webhooks/webhook-administration.js';
export type { NotificationKind } from './words.js';
export type { WebhookEndpointRow } from './webhooks/webhook-endpoints.sql.js';
export { type AttemptMessage, webhookAttemptChannel } from './webhooks/attempt-channel.js';
export { MailDispatcher } from './mail/mail-dispatcher.js';
export { WebhookDispatcher } from './webhooks/webhook-dispatcher.js';
