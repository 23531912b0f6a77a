import { type RawBuilder, sql } from 'kysely';

/** Does `text` hold `search`, whatever the case of both? By full case folding: "Straße" holds "STRASSE", "ΟΔΟΣ" holds "οδος". */
export function holdsText(text: RawBuilder<unknown>, search: string): RawBuilder<boolean> {
  return sql<boolean>`strpos(${folded(text)}, ${folded(sql`${search}::text`)}) > 0`;
}

/** The collation is PostgreSQL's own and the same on every machine; the database's may fold ASCII alone. */
const folded = (text: RawBuilder<unknown>) => sql<string>`casefold((${text}) collate "pg_unicode_fast")`;
