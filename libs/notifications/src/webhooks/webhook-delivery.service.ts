import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Actor } from '#access';
import { KeyAuthority, type SystemActor } from '#api-keys';
import { jsonb, type Session, TenantDatabase } from '#database';
import { type Input, LIMITS, NotFound, type Page, type PageArguments } from '#kernel';
import { pageOfOwner } from '#graphql';
import { testPayload } from './notification.rules.js';
import { pagesOfDeliveries, type WebhookDeliveryRow } from './webhook-delivery.reader.js';
import { requireEndpoint, type WebhookEndpointRow, type WebhookTables } from './webhook-endpoints.sql.js';

export interface Replay {
  endpointId: string;
  deliveryIds?: string[] | null;
  failedSince?: Date | null;
}

/** The deliveries of the caller's tenant. */
@Injectable()
export class WebhookDeliveryService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
  ) {}

  /** Pages that one request asks for with the same arguments are read together. @throws {InvalidInput} */
  page(
    request: object,
    by: Actor | SystemActor,
    endpointId: string,
    { status = null, ...page }: PageArguments & { status?: readonly string[] | null },
  ): Promise<Page<WebhookDeliveryRow>> {
    const name = `deliveries of endpoints ${JSON.stringify(status)}`;
    return pageOfOwner(request, name, endpointId, page, (ids, asked) =>
      this.database.read(by, (session) => pagesOfDeliveries(session, ids, status, asked)),
    );
  }

  /** Adds a delivery that shows whether the endpoint works. @throws {InvalidInput} @throws {NotFound} */
  test(by: Actor | SystemActor, given: Input<string>): Promise<WebhookDeliveryRow> {
    const id = given.read((input) => input.id());
    return this.database.writeQuietly(by, async (session) => {
      const { kinds } = await this.endpoint(session, by, id);
      const [kind = 'API_KEY_UPDATED'] = kinds;
      const payload = testPayload(kind, by.tenantId, await session.now());
      return session
        .tables<WebhookTables>()
        .insertInto('webhook_deliveries')
        .values({ tenantId: by.tenantId, endpointId: id, kind, payload: jsonb(payload) })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  /**
   * Sends deliveries again that are over. Their attempts begin anew.
   * @returns how many
   * @throws {InvalidInput} @throws {NotFound} for an endpoint or a delivery of it that does not exist; nothing is sent again then
   */
  replay(by: Actor | SystemActor, given: Input<Replay>): Promise<number> {
    const { endpointId, ids, since } = given.read(readReplay);
    return this.database.writeQuietly(by, async (session) => {
      await this.endpoint(session, by, endpointId);
      if (ids) await requireDeliveries(session, endpointId, ids);
      const over = ids
        ? sql`status <> 'PENDING' and id = any(${ids}::uuid[])`
        : sql`status = 'FAILED' and created_at >= ${since?.toISOString()}::timestamptz`;
      const { numAffectedRows = 0n } = await sql`
        update webhook_deliveries set status = 'PENDING', attempts = 0, next_attempt_at = now(), claimed_until = null
        where id = any(array(
          select id from webhook_deliveries where endpoint_id = ${endpointId}::uuid and ${over}
          limit ${LIMITS.webhooks.replayed} for update))`.execute(session);
      return Number(numAffectedRows);
    });
  }

  private async endpoint(session: Session, by: Actor | SystemActor, id: string): Promise<WebhookEndpointRow> {
    await this.authority.caller(session, by);
    return requireEndpoint(session, id);
  }
}

function readReplay(input: Input<Replay>) {
  const endpointId = input.at('endpointId').id();
  const named = input.given('deliveryIds');
  const since = input.given('failedSince')?.instant();
  if (!named && !since) input.at('deliveryIds').refuse('REQUIRED', 'or failedSince is needed.');
  if (named && since) input.at('failedSince').refuse('MALFORMED', 'cannot go with deliveryIds.');
  const count = named?.value.length ?? 1;
  if (count > LIMITS.idsPerRequest) named?.refuse('TOO_MANY', `may name at most ${LIMITS.idsPerRequest} deliveries.`);
  if (count === 0) named?.refuse('TOO_SHORT', 'must name a delivery.');
  const ids = count > LIMITS.idsPerRequest ? [] : named?.items().map((id) => id.id());
  return { endpointId, ids: ids && [...new Set(ids)], since };
}

async function requireDeliveries(session: Session, endpointId: string, ids: readonly string[]): Promise<void> {
  const found = await session
    .tables<WebhookTables>()
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('endpointId', '=', endpointId)
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .execute();
  if (found.length < ids.length) throw new NotFound('WebhookDelivery');
}
