import { sql } from 'kysely';
import { ownerOfKey } from '#api-keys';
import type { Session } from '#database';
import type { JsonObject } from '#kernel';
import type { TenantDirectory } from '#tenancy';
import { isWanted, type MailKind } from './mail-kinds.rules.js';

/** Longer than an attempt takes. A claim of a process that was killed ends after this time. */
const CLAIM_SECONDS = 120;
/** A mail that nobody could address for so long is not news any more. */
const FRESH_DAYS = 7;
const KEPT_DAYS = 30;
/** Mails whose addressees one transaction finds. */
const ADDRESSED_AT_ONCE = 50;

interface NewMail {
  id: string;
  tenantId: string;
  kind: MailKind;
  apiKeyId: string | null;
  data: JsonObject;
}
export interface MailClaim extends NewMail {
  userId: string;
  /** Made so far, the claimed one included. */
  attempts: number;
}
export type MailOutcome =
  | { readonly kind: 'SENT' | 'DROPPED' }
  | { readonly kind: 'FAILED'; readonly error: string }
  | { readonly kind: 'RETRY'; readonly error: string; readonly seconds: number };

/** Writes a row for each person whom a new mail concerns: the owner of the key, and the administrators. @returns how many mails were new */
export async function addressMails(session: Session, directory: TenantDirectory): Promise<number> {
  const { rows } = await sql<NewMail>`
    delete from mails where id = any(array(
      select id from mails where status = 'PENDING' and user_id is null
      order by next_attempt_at limit ${ADDRESSED_AT_ONCE} for update skip locked))
    returning id, tenant_id as "tenantId", kind, api_key_id as "apiKeyId", data,
      created_at > now() - make_interval(days => ${FRESH_DAYS}) as "isFresh"`.execute(session);
  for (const mail of rows) {
    if (!(mail as NewMail & { isFresh: boolean }).isFresh) continue;
    const owner = mail.apiKeyId === null ? null : await ownerOfKey(session, mail.apiKeyId);
    const people = await directory.reachable(session, mail.tenantId, { ids: owner ? [owner] : [], admins: true });
    const chosen = await chosenKinds(session, mail.tenantId);
    const ids = people.map(({ id }) => id).filter((id) => isWanted(mail.kind, chosen.get(id)));
    await sql`
      insert into mails (tenant_id, user_id, kind, api_key_id, data)
      select ${mail.tenantId}::uuid, unnest(${ids}::uuid[]), ${mail.kind}, ${mail.apiKeyId}::uuid,
        ${JSON.stringify(mail.data)}::jsonb`.execute(session);
  }
  return rows.length;
}

async function chosenKinds(session: Session, tenantId: string): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ userId: string; kinds: string[] }>`
    select user_id as "userId", kinds from mail_preferences where tenant_id = ${tenantId}::uuid`.execute(session);
  return new Map(rows.map(({ userId, kinds }) => [userId, kinds]));
}

/** Claims mails that are due, `most` at the most. */
export async function claimMails(session: Session, most: number): Promise<MailClaim[]> {
  const { rows } = await sql<MailClaim>`
    update mails set claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS}), attempts = attempts + 1
    where id = any(array(
      select id from mails
      where status = 'PENDING' and user_id is not null and next_attempt_at <= now()
        and (claimed_until is null or claimed_until <= now())
      order by next_attempt_at limit ${most} for update skip locked))
    returning id, tenant_id as "tenantId", user_id as "userId", kind, api_key_id as "apiKeyId", data, attempts`.execute(
    session,
  );
  return rows;
}

/** Stores the outcome of a claimed attempt. */
export async function settleMail(session: Session, { id, attempts }: MailClaim, outcome: MailOutcome): Promise<void> {
  const status = outcome.kind === 'RETRY' ? 'PENDING' : outcome.kind;
  const seconds = outcome.kind === 'RETRY' ? outcome.seconds : null;
  const error = 'error' in outcome ? outcome.error : null;
  await sql`
    update mails set status = ${status}, claimed_until = null, last_error = ${error}::text,
      next_attempt_at = now() + make_interval(secs => ${seconds}::float8)
    where id = ${id}::uuid and attempts = ${attempts} and claimed_until is not null`.execute(session);
}

/** Removes mails that are old. @returns how many */
export async function removeOldMails(session: Session): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    delete from mails where id = any(array(
      select id from mails where created_at < now() - make_interval(days => ${KEPT_DAYS})
      limit 5000 for update skip locked))`.execute(session);
  return numAffectedRows;
}
