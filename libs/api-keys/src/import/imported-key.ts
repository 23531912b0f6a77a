import { z } from 'zod';

const instant = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .transform((value) => new Date(value).toISOString())
  .nullish()
  .transform((value) => value ?? null);

/** A row of the replaced system's table. Anything else that it may hold is left where it is. */
const ROW = z.object({
  id: z.guid(),
  tenant_id: z.guid(),
  user_id: z.guid(),
  name: z.string().min(1),
  key_prefix: z.string().min(1),
  key_hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters'),
  scopes: z.array(z.string()),
  expires_at: instant,
  last_used_at: instant,
  created_at: instant.refine((value) => value !== null, 'is missing'),
  revoked_at: instant,
});
export type ImportedKey = z.output<typeof ROW>;

/** Columns of the replaced system, in its own order. */
export const IMPORTED_COLUMNS = Object.keys(ROW.shape);

/** The row, or what is wrong with it, naming each column. */
export function readImportedKey(row: unknown): { key: ImportedKey } | { fault: string } {
  const read = ROW.safeParse(row);
  if (read.success) return { key: read.data };
  return { fault: read.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; ') };
}
