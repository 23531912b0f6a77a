import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './notifications.options.js';
import { TenancyModule } from '#tenancy';
import { MailDispatcher } from './mail/mail-dispatcher.js';
import { MailPreferencesResolver } from './mail/mail-preferences.resolver.js';
import { MailPreferencesService } from './mail/mail-preferences.service.js';
import { ExpiryNotices } from './notices/expiry-notices.js';
import { LiveEvents } from './live/live-events.js';
import { LiveEventsResolver } from './live/live-events.resolver.js';
import { WebhookAdministration } from './webhooks/webhook-administration.js';
import { WebhookDispatcher } from './webhooks/webhook-dispatcher.js';
import { WebhookDeliveryService } from './webhooks/webhook-delivery.service.js';
import { WebhookEndpointResolver } from './webhooks/webhook-endpoint.resolver.js';
import { WebhookEndpointService } from './webhooks/webhook-endpoint.service.js';

/** Needs the module of the room `api-keys` among its imports: `forRootAsync({ imports: [apiKeys], … })`. */
@Module({
  imports: [TenancyModule],
  providers: [
    WebhookEndpointService,
    WebhookDeliveryService,
    WebhookEndpointResolver,
    WebhookDispatcher,
    WebhookAdministration,
    ExpiryNotices,
    LiveEvents,
    LiveEventsResolver,
    MailDispatcher,
    MailPreferencesService,
    MailPreferencesResolver,
  ],
  exports: [WebhookDispatcher, MailDispatcher, WebhookAdministration],
})
export class NotificationsModule extends ConfigurableModuleClass {}
