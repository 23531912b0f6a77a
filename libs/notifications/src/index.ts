export { NotificationsModule } from './notifications.module.js';
export { WebhookDispatcher } from './webhooks/webhook-dispatcher.js';
