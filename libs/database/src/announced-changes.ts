import type { TriggerDef } from '@mikro-orm/core';

export interface AnnouncedChanges {
  /** What changed, as `ChangeChannel` tells it. */
  kind: 'key' | 'user' | 'tenant';
  /** Columns that name what changed; null names nothing. */
  names: readonly string[];
  /** Columns whose change is told. Never one that mere use changes. */
  watched: readonly string[];
  /** Is a new row told too? Default false: nothing can have been remembered of it. */
  insert?: boolean;
}

/**
 * The triggers by which a table announces changes of what verdicts rest on, for an entity's `triggers`. A migration
 * makes them; the schema comparison knows them by name only. It sees no TRUNCATE triggers: those are left to SQL.
 */
export function announcedChanges(table: string, { kind, names, watched, insert }: AnnouncedChanges): TriggerDef[] {
  const rows = { insert: 'new table as new_rows', delete: 'old table as old_rows' };
  const referencing = { ...rows, update: `${rows.delete} ${rows.insert}` };
  const told = `'${kind}', '${names.join(', ')}', '${watched.join(', ')}'`;
  const events: (keyof typeof referencing)[] = insert ? ['insert', 'update', 'delete'] : ['update', 'delete'];
  return events.map((event) => ({
    name: `${table}_announce_${event}`,
    timing: 'after',
    events: [event],
    forEach: 'statement',
    expression: `create trigger "${table}_announce_${event}" after ${event} on "${table}" referencing ${referencing[event]} for each statement execute function announce_change(${told})`,
  }));
}
