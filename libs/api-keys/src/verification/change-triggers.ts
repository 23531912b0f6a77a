import type { TriggerDef } from '@mikro-orm/core';

interface AnnouncedChanges {
  /** The kind of change, as the payload of the notification names it. */
  kind: 'key' | 'user' | 'tenant';
  /** Columns that hold the ids of the changed objects; null names none. */
  names: readonly string[];
  /** Columns whose changes are announced. Never a column that mere use of a key changes. */
  watched: readonly string[];
  /** True if new rows are announced too. Default false: no verdict can depend on a row that did not exist. */
  insert?: boolean;
}

/** Every column that a verdict depends on, except `api_keys.last_used_at`: use of a key can only lengthen its life. */
const ANNOUNCED: Record<string, AnnouncedChanges> = {
  api_keys: {
    kind: 'key',
    names: ['id'],
    watched: [
      'key_hash',
      'tenant_id',
      'user_id',
      'scopes',
      'expires_at',
      'suspended_at',
      'revoked_at',
      'allowed_cidrs',
      'rate_limit',
      'rate_limit_window_seconds',
      'secret_number',
      'previous_secret_number',
      'previous_expires_at',
      'new_first_used_at',
      'created_at',
      'pending_until',
    ],
  },
  api_key_former_secrets: { kind: 'key', names: ['api_key_id'], watched: ['key_hash', 'secret_number', 'tenant_id'] },
  api_key_policies: {
    kind: 'tenant',
    names: ['tenant_id'],
    watched: ['require_expiry', 'max_lifetime_days', 'max_inactive_days', 'allowed_scopes', 'allowed_cidrs'],
    insert: true,
  },
  users: { kind: 'user', names: ['id'], watched: ['tenant_id', 'role', 'is_active'] },
  tenants: { kind: 'tenant', names: ['id'], watched: ['suspended_at'] },
};

/**
 * The triggers by which five tables announce changes that affect verdicts, as the migrations create them. The schema comparison
 * reads this list. It does not see TRUNCATE triggers, which only the migration names.
 */
export const CHANGE_TRIGGERS: Record<string, TriggerDef[]> = Object.fromEntries(
  Object.entries(ANNOUNCED).map(([table, announced]) => [table, triggersOf(table, announced)]),
);

function triggersOf(table: string, { kind, names, watched, insert }: AnnouncedChanges): TriggerDef[] {
  const rows = { insert: 'new table as new_rows', delete: 'old table as old_rows' };
  const referencing = { ...rows, update: `${rows.delete} ${rows.insert}` };
  const announced = `'${kind}', '${names.join(', ')}', '${watched.join(', ')}'`;
  const events: (keyof typeof referencing)[] = insert ? ['insert', 'update', 'delete'] : ['update', 'delete'];
  return events.map((event) => ({
    name: `${table}_announce_${event}`,
    timing: 'after',
    events: [event],
    forEach: 'statement',
    expression: `create trigger "${table}_announce_${event}" after ${event} on "${table}" referencing ${referencing[event]} for each statement execute function announce_change(${announced})`,
  }));
}
