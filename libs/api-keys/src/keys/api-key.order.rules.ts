export interface ApiKeyOrder {
  field: 'CREATED_AT' | 'NAME' | 'EXPIRES_AT' | 'LAST_USED_AT';
  direction: 'ASC' | 'DESC';
}

export const DEFAULT_ORDER: ApiKeyOrder = { field: 'CREATED_AT', direction: 'DESC' };

const nullsLast = (column: string) => ({
  asc: `(case when ${column} is null then 'infinity'::timestamptz else ${column} end)`,
  desc: `(case when ${column} is null then '-infinity'::timestamptz else ${column} end)`,
});

/**
 * Instants that may be null, with nulls last in either direction, as the indexes have them. Uses `case`, since PostgreSQL does
 * not count `coalesce` as leakproof, and row level security keeps conditions that are not leakproof away from indexes.
 */
export const NULLS_LAST = { expiresAt: nullsLast('expires_at'), lastUsedAt: nullsLast('last_used_at') };
