import { Injectable } from '@nestjs/common';
import type { SystemActor } from '#api-keys';
import { JobsDatabase } from '#database';
import { Input, NotFound } from '#kernel';
import { TenancyAdministration } from '#tenancy';
import type { WebhookDeliveryRow } from './webhook-delivery.reader.js';
import { type Replay, WebhookDeliveryService } from './webhook-delivery.service.js';
import { type MadeSecret, type NewEndpoint, WebhookEndpointService } from './webhook-endpoint.service.js';
import type { WebhookEndpointRow, WebhookTables } from './webhook-endpoints.sql.js';

/** What an operator does to webhook endpoints from the command line. The rules for an administrator apply, except for its authority. */
@Injectable()
export class WebhookAdministration {
  constructor(
    private readonly jobs: JobsDatabase,
    private readonly tenants: TenancyAdministration,
    private readonly endpoints: WebhookEndpointService,
    private readonly deliveries: WebhookDeliveryService,
  ) {}

  /** @throws {InvalidInput} for a tenant id that is no UUID @throws {NotFound} no such tenant */
  async list(tenantId: string): Promise<WebhookEndpointRow[]> {
    return this.endpoints.all(systemOf(await this.tenants.tenant(tenantId)));
  }

  /** @throws {InvalidInput} @throws {NotFound} no such tenant */
  async add(tenantId: string, input: NewEndpoint): Promise<MadeSecret> {
    return this.endpoints.create(systemOf(await this.tenants.tenant(tenantId)), new Input(input));
  }

  /** @throws {InvalidInput} @throws {NotFound} */
  async test(id: string): Promise<WebhookDeliveryRow> {
    return this.deliveries.test(await this.ownerOf(id), Input.argument('id', id));
  }

  /** @returns how many deliveries are sent again @throws {InvalidInput} @throws {NotFound} */
  async replay(id: string, which: Omit<Replay, 'endpointId'>): Promise<number> {
    return this.deliveries.replay(await this.ownerOf(id), new Input({ endpointId: id, ...which }));
  }

  /** @throws {InvalidInput} @throws {NotFound} */
  async disable(id: string): Promise<WebhookEndpointRow> {
    return this.endpoints.update(await this.ownerOf(id), new Input({ id, isEnabled: false }));
  }

  /** The tenant of an endpoint. */
  private async ownerOf(endpointId: string): Promise<SystemActor> {
    const id = Input.argument('id', endpointId).read((input) => input.id());
    const endpoint = await this.jobs.read((session) =>
      session
        .tables<WebhookTables>()
        .selectFrom('webhook_endpoints')
        .select('tenantId')
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    if (!endpoint) throw new NotFound('WebhookEndpoint');
    return systemOf({ id: endpoint.tenantId });
  }
}

const systemOf = ({ id }: { id: string }): SystemActor => ({ kind: 'SYSTEM', tenantId: id });
