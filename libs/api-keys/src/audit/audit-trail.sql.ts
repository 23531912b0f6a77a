import { sql } from 'kysely';
import type { Session } from '#database';
import type { Diff } from './changed-members.rules.js';

interface EventActor {
  tenantId: string;
  actorId: string | null;
  actorKeyId: string | null;
  ip: string | null;
  foundAt: string | null;
}
interface EventRow {
  kind: string;
  key_id: string | undefined;
  key_name: string | undefined;
  changes: Diff;
}

/** Writes events of one actor, whose name is read from its user or its key. */
export async function insertEvents(session: Session, actor: EventActor, rows: readonly EventRow[]): Promise<void> {
  await sql`
    insert into api_key_events
      (tenant_id, kind, api_key_id, api_key_name, actor_id, actor_name, actor_key_id, ip, found_at, changes)
    select ${actor.tenantId}::uuid, event.kind, event.key_id, event.key_name, ${actor.actorId}::uuid,
           coalesce((select name from users where id = ${actor.actorId}::uuid),
                    (select name from api_keys where id = ${actor.actorKeyId}::uuid)),
           ${actor.actorKeyId}::uuid, ${actor.ip}::text, ${actor.foundAt}::text, event.changes
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as event (kind text, key_id uuid, key_name text, changes jsonb)`.execute(session);
}
