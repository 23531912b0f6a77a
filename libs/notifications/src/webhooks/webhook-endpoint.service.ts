import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '#access';
import { KeyAuthority, type SystemActor } from '#api-keys';
import { jsonb, type Session, TenantDatabase } from '#database';
import { type Input, LIMITS, NotFound } from '#kernel';
import { NOTIFICATIONS_OPTIONS, type NotificationsOptions } from '../notifications.options.js';
import type { NotificationKind } from '../words.js';
import { readWebhookUrl } from './webhook-address.rules.js';
import {
  allEndpoints,
  endpointById,
  lockEndpoints,
  requireEndpoint,
  type WebhookEndpointRow,
  type WebhookTables,
} from './webhook-endpoints.sql.js';
import { addSecret, retireSecrets } from './webhook-secrets.js';

export interface NewEndpoint {
  url: string;
  description?: string | null;
  kinds?: NotificationKind[] | null;
}
/** Members as a client sent them: undefined leaves the value as it is, null clears the value. */
export interface EndpointChanges {
  id: string;
  url?: string | null;
  description?: string | null;
  kinds?: NotificationKind[] | null;
  isEnabled?: boolean | null;
}
export interface MadeSecret {
  endpoint: WebhookEndpointRow;
  /** Shown once. */
  secret: string;
}
/** Runs before the commit; a failure undoes the change. The answer that shows the secret must be certain by then. */
export type BeforeCommit = (made: MadeSecret) => Promise<void>;

/** The webhook endpoints of the caller's tenant. */
@Injectable()
export class WebhookEndpointService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    @Inject(NOTIFICATIONS_OPTIONS) private readonly options: NotificationsOptions,
  ) {}

  /** Oldest first. */
  all(by: Actor | SystemActor): Promise<WebhookEndpointRow[]> {
    return this.database.read(by, allEndpoints);
  }

  /** @param id a UUID */
  one(by: Actor | SystemActor, id: string): Promise<WebhookEndpointRow | null> {
    return this.database.read(by, (session) => endpointById(session, id));
  }

  /** @throws {InvalidInput} all problems at once; LIMIT_REACHED where the tenant has 50 endpoints */
  create(by: Actor | SystemActor, given: Input<NewEndpoint>, check?: BeforeCommit): Promise<MadeSecret> {
    const read = given.read((input) => ({
      url: readWebhookUrl(input.at('url'), this.options),
      description: input.given('description')?.description() ?? null,
      kinds: jsonb(readKinds(input.given('kinds'))),
    }));
    return this.database.writeQuietly(by, async (session) => {
      await lockEndpoints(session, by.tenantId);
      await this.authority.caller(session, by);
      const input = given.copy();
      if ((await allEndpoints(session)).length >= LIMITS.webhooks.endpoints)
        input.refuse('LIMIT_REACHED', `A tenant has at most ${LIMITS.webhooks.endpoints} endpoints.`);
      input.throwIfRefused();
      const { id } = await session
        .tables<WebhookTables>()
        .insertInto('webhook_endpoints')
        .values({ tenantId: by.tenantId, ...read })
        .returning('id')
        .executeTakeFirstOrThrow();
      return this.makeSecret(session, by, id, check);
    });
  }

  /** @throws {InvalidInput} all problems at once @throws {NotFound} */
  update(by: Actor | SystemActor, given: Input<EndpointChanges>): Promise<WebhookEndpointRow> {
    const { id, changes } = given.read((input) => ({ id: input.at('id').id(), changes: this.readChanges(input) }));
    return this.database.writeQuietly(by, async (session) => {
      await this.lock(session, by, id);
      if (Object.keys(changes).length > 0)
        await session
          .tables<WebhookTables>()
          .updateTable('webhook_endpoints')
          .set(changes)
          .where('id', '=', id)
          .execute();
      return requireEndpoint(session, id);
    });
  }

  /** Deletes the endpoint with its secrets and deliveries. @throws {InvalidInput} @throws {NotFound} */
  async delete(by: Actor | SystemActor, given: Input<string>): Promise<string> {
    const id = given.read((input) => input.id());
    await this.database.writeQuietly(by, async (session) => {
      await this.lock(session, by, id);
      await session.tables<WebhookTables>().deleteFrom('webhook_endpoints').where('id', '=', id).execute();
    });
    return id;
  }

  /**
   * Gives an endpoint a new secret. The present secret signs beside it for `overlapSeconds`.
   * @throws {InvalidInput} @throws {NotFound}
   */
  rotateSecret(
    by: Actor | SystemActor,
    given: Input<{ id: string; overlapSeconds: number }>,
    check?: BeforeCommit,
  ): Promise<MadeSecret> {
    const { id, seconds } = given.read((input) => ({
      id: input.at('id').id(),
      seconds: input.at('overlapSeconds').wholeNumber(LIMITS.webhooks.overlapSeconds),
    }));
    return this.database.writeQuietly(by, async (session) => {
      await this.lock(session, by, id);
      await retireSecrets(session, id, seconds);
      return this.makeSecret(session, by, id, check);
    });
  }

  private async makeSecret(
    session: Session,
    by: Actor | SystemActor,
    id: string,
    check?: BeforeCommit,
  ): Promise<MadeSecret> {
    const secret = await addSecret(session, { tenantId: by.tenantId, endpointId: id });
    const made = { endpoint: await requireEndpoint(session, id), secret };
    if (check) await this.database.joining(session, by, () => check(made));
    return made;
  }

  /** Lets one transaction at a time change an endpoint, on the authority that the caller has by then. */
  private async lock(session: Session, by: Actor | SystemActor, id: string): Promise<void> {
    const endpoints = session.tables<WebhookTables>().selectFrom('webhook_endpoints').select('id').where('id', '=', id);
    const found = await endpoints.forNoKeyUpdate().executeTakeFirst();
    await this.authority.caller(session, by);
    if (!found) throw new NotFound('WebhookEndpoint');
  }

  private readChanges(input: Input<EndpointChanges>) {
    const { description, isEnabled } = input.value;
    for (const name of ['url', 'kinds', 'isEnabled'] as const)
      if (input.value[name] === null) input.at(name).refuse('REQUIRED', 'cannot be cleared.');
    const url = input.given('url');
    const kinds = input.given('kinds');
    return {
      ...(url ? { url: readWebhookUrl(url, this.options) } : {}),
      ...(description === undefined ? {} : { description: input.given('description')?.description() ?? null }),
      ...(kinds ? { kinds: jsonb(readKinds(kinds)) } : {}),
      ...(isEnabled == null ? {} : { isEnabled, disabledReason: null }),
    };
  }
}

function readKinds(kinds: Input<NotificationKind[]> | undefined): NotificationKind[] {
  const read: NotificationKind[] = [];
  for (const kind of kinds?.items() ?? []) {
    if (read.includes(kind.value)) kind.refuse('DUPLICATE', 'is named twice.');
    read.push(kind.value);
  }
  return read;
}
