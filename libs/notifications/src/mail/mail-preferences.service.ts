import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Actor } from '#access';
import { TenantDatabase } from '#database';
import type { Input } from '#kernel';
import type { NotificationKind } from '../words.js';
import { OPTIONAL_KINDS } from './mail-kinds.rules.js';

/** The kinds of mails that the caller wants. */
@Injectable()
export class MailPreferencesService {
  constructor(private readonly database: TenantDatabase) {}

  /** @param given null: as by default @throws {InvalidInput} for a kind that is not mailed */
  async set(by: Actor, given: Input<NotificationKind[] | null | undefined>): Promise<void> {
    const kinds = given.read(readKinds);
    await this.database.writeQuietly(by, async (session) => {
      await (kinds === null
        ? sql`delete from mail_preferences where user_id = ${by.userId}::uuid`.execute(session)
        : sql`
            insert into mail_preferences (tenant_id, user_id, kinds)
            values (${by.tenantId}::uuid, ${by.userId}::uuid, ${JSON.stringify(kinds)}::jsonb)
            on conflict (tenant_id, user_id) do update set kinds = excluded.kinds`.execute(session));
    });
  }
}

function readKinds(input: Input<NotificationKind[] | null | undefined>): NotificationKind[] | null {
  if (input.value == null) return null;
  for (const kind of (input as Input<NotificationKind[]>).items())
    if (!OPTIONAL_KINDS.some((optional) => optional === kind.value))
      kind.refuse('MALFORMED', `is not mailed. These kinds are: ${OPTIONAL_KINDS.join(', ')}.`);
  return [...new Set(input.value)];
}
