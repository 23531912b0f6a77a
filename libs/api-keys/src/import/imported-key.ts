import { z } from 'zod';
import { hashKey } from '../keys/api-key.format.js';

/** The part of a name that fits into both indexes and cursors. */
const LONGEST_TEXT = 1_000;
/** A prefix shows which key it is. A longer text may be a key, or most of one. */
const LONGEST_PREFIX = 24;

/** A row as its source gives it. */
export interface SourceRow {
  /** Number of the line in a file; null for a row of a database. */
  readonly line: number | null;
  readonly row?: unknown;
  /** The reason why there is no row. */
  readonly fault?: string;
}

const text = z
  .string()
  .min(1)
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'holds a character that cannot be stored')
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= LONGEST_TEXT, `is longer than ${LONGEST_TEXT} bytes`);

const instant = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .transform((value) => new Date(value).toISOString())
  .refine((value) => /^(?!0000)\d{4}-/.test(value), 'is not of the years 1 to 9999')
  .nullish()
  .transform((value) => value ?? null);

/** A row of the replaced system's table. Other columns are ignored. */
const ROW = z.object({
  id: z.guid().toLowerCase(),
  tenant_id: z.guid().toLowerCase(),
  user_id: z.guid().toLowerCase(),
  name: text,
  key_prefix: text.refine(
    (value) => value.length <= LONGEST_PREFIX,
    `is longer than ${LONGEST_PREFIX} characters: a prefix is only the beginning of a key`,
  ),
  key_hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters'),
  scopes: z.array(text),
  expires_at: instant,
  last_used_at: instant,
  created_at: instant.refine((value) => value !== null, 'is missing'),
  revoked_at: instant,
});
export type ImportedKey = z.output<typeof ROW>;

/** Columns of the replaced system, in its own order. */
export const IMPORTED_COLUMNS = Object.keys(ROW.shape);

/** The row, or its problems by column. */
export function readImportedKey(row: unknown): { key: ImportedKey } | { fault: string } {
  const read = ROW.safeParse(row);
  if (!read.success)
    return { fault: read.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; ') };
  const key = read.data;
  const shown = (['name', 'key_prefix'] as const).find((column) => hashKey(key[column]) === key.key_hash);
  return shown ? { fault: `${shown}: is the whole key, which nothing may store` } : { key };
}
