import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './notifications.options.js';
import { WebhookDispatcher } from './webhooks/webhook-dispatcher.js';
import { WebhookDeliveryService } from './webhooks/webhook-delivery.service.js';
import { WebhookEndpointResolver } from './webhooks/webhook-endpoint.resolver.js';
import { WebhookEndpointService } from './webhooks/webhook-endpoint.service.js';

/** Needs the module of the room `api-keys` among its imports: `forRootAsync({ imports: [apiKeys], … })`. */
@Module({
  providers: [WebhookEndpointService, WebhookDeliveryService, WebhookEndpointResolver, WebhookDispatcher],
  exports: [WebhookDispatcher],
})
export class NotificationsModule extends ConfigurableModuleClass {}
