import { type RawBuilder, sql } from 'kysely';

/** True if `text` contains `search`, ignoring case by full case folding: "Straße" contains "STRASSE", "ΟΔΟΣ" contains "οδος". */
export function holdsText(text: RawBuilder<unknown>, search: string): RawBuilder<boolean> {
  return sql<boolean>`strpos(${folded(text)}, ${folded(sql`${search}::text`)}) > 0`;
}

/** PostgreSQL's own collation is the same on every machine; the database's collation may fold ASCII only. */
const folded = (text: RawBuilder<unknown>) => sql<string>`casefold((${text}) collate "pg_unicode_fast")`;
