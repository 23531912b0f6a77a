import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { JobsDatabase } from '#database';
import { type ImportedKey, readImportedKey } from './imported-key.js';

/** Rows that go to the database in one statement. */
const BATCH = 1_000;

export interface SkippedRow {
  /** As the row gave it; null where it gave none. */
  id: string | null;
  reason: string;
}

export interface ImportReport {
  read: number;
  imported: number;
  /** Here before, and revoked or used since, over there. */
  updated: number;
  unchanged: number;
  skipped: SkippedRow[];
}

/** What the statement tells of each row: why it was skipped, or what became of it. */
interface Outcome {
  id: string;
  reason: string | null;
  outcome: 'imported' | 'updated' | 'unchanged';
}

/**
 * Brings rows of the replaced system over as they are. Repeatable: what is here already is carried forward only
 * (a revocation, a later use) and never back.
 */
@Injectable()
export class KeyImportService {
  constructor(private readonly jobs: JobsDatabase) {}

  /** @param progress called after each batch with what was read so far */
  async import(
    rows: AsyncIterable<unknown>,
    progress: (read: number) => void = () => undefined,
  ): Promise<ImportReport> {
    const report: ImportReport = { read: 0, imported: 0, updated: 0, unchanged: 0, skipped: [] };
    let batch: ImportedKey[] = [];
    const flush = async () => {
      if (batch.length > 0) await this.importBatch(batch, report);
      batch = [];
      progress(report.read);
    };
    for await (const row of rows) {
      report.read += 1;
      const read = readImportedKey(row);
      if ('key' in read) batch.push(read.key);
      else report.skipped.push({ id: idOf(row), reason: read.fault });
      if (batch.length === BATCH) await flush();
    }
    await flush();
    return report;
  }

  private async importBatch(batch: readonly ImportedKey[], report: ImportReport): Promise<void> {
    const outcomes = await this.jobs.run(async (em) => {
      const { rows } = await importStatement(batch).execute(em.getKysely());
      return rows;
    });
    for (const { id, reason, outcome } of outcomes) {
      if (reason !== null) report.skipped.push({ id, reason });
      else report[outcome] += 1;
    }
  }
}

function idOf(row: unknown): string | null {
  const id: unknown = (row as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
}

/** What the audit trail has to say of a batch: the system did it. */
const TELL = sql.raw(`
  insert into api_key_events (tenant_id, kind, api_key_id, api_key_name)
  select tenant_id, 'IMPORTED', id, name from inserted
  union all
  select tenant_id, 'REVOKED', id, name from carried where is_revocation`);

/** One statement a batch: judge, insert, carry forward, and tell of each row. */
function importStatement(batch: readonly ImportedKey[]) {
  return sql<Outcome>`
    with given as (
      select distinct on (id) * from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as row (
        id uuid, tenant_id uuid, user_id uuid, name text, key_prefix text, key_hash text, scopes jsonb,
        expires_at timestamptz, last_used_at timestamptz, created_at timestamptz, revoked_at timestamptz)
    ),
    judged as (
      select given.*, here.id is not null as is_here,
        here.revoked_at is null and given.revoked_at is not null as is_revocation,
        case
          when tenants.id is null then 'tenant_id: there is no such tenant here'
          when users.id is null then 'user_id: there is no such user here'
          when users.tenant_id is distinct from given.tenant_id then 'user_id: is a user of another tenant'
          when taken.id is not null then 'key_hash: is that of another key'
          when here.key_hash <> given.key_hash then 'id: is that of another key'
          when here.id is null and row_number() over (partition by given.key_hash order by given.id) > 1
            then 'key_hash: stands twice in the source'
        end as reason
      from given
      left join tenants on tenants.id = given.tenant_id
      left join users on users.id = given.user_id
      left join api_keys here on here.id = given.id
      left join api_keys taken on taken.key_hash = given.key_hash and taken.id <> given.id
    ),
    inserted as (
      insert into api_keys (id, tenant_id, user_id, name, key_prefix, key_hash, scopes, expires_at, last_used_at,
        created_at, revoked_at)
      select id, tenant_id, user_id, name, key_prefix, key_hash, scopes, expires_at, last_used_at, created_at, revoked_at
      from judged where reason is null and not is_here
      on conflict do nothing
      returning id, tenant_id, name
    ),
    carried as (
      update api_keys set
        revoked_at = coalesce(api_keys.revoked_at, judged.revoked_at),
        last_used_at = greatest(api_keys.last_used_at, judged.last_used_at),
        version = api_keys.version + (api_keys.revoked_at is null and judged.revoked_at is not null)::int
      from judged
      where api_keys.id = judged.id and judged.reason is null and judged.is_here
        and (api_keys.revoked_at is null and judged.revoked_at is not null
          or judged.last_used_at > coalesce(api_keys.last_used_at, '-infinity'))
      returning api_keys.id, api_keys.tenant_id, api_keys.name, judged.is_revocation
    ),
    told as (${TELL})
    select judged.id, judged.reason,
      case when inserted.id is not null then 'imported' when carried.id is not null then 'updated' else 'unchanged' end
        as outcome
    from judged left join inserted using (id) left join carried using (id)`;
}
