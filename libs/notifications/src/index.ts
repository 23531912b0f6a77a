export { NotificationsModule } from './notifications.module.js';
export { WebhookAdministration } from './webhooks/webhook-administration.js';
export type { NotificationKind } from './words.js';
export type { WebhookEndpointRow } from './webhooks/webhook-endpoints.sql.js';
export { WebhookDispatcher } from './webhooks/webhook-dispatcher.js';
