import type { KeyEventFragment } from '../../generated/graphql.js';
import { actorOf } from '../../keys/event.js';

export type Format = 'csv' | 'ndjson';

const COLUMNS: readonly [string, (event: KeyEventFragment) => string | null | undefined][] = [
  ['at', ({ at }) => at],
  ['kind', ({ kind }) => kind],
  ['key', ({ apiKeyName }) => apiKeyName],
  ['key_id', ({ apiKeyId }) => apiKeyId],
  ['actor', actorOf],
  ['actor_id', ({ actor }) => actor?.id],
  ['actor_key_id', ({ actorKeyId }) => actorKeyId],
  ['ip', ({ ip }) => ip],
  ['found_at', ({ foundAt }) => foundAt],
  ['changes', ({ changes }) => JSON.stringify(changes)],
];

/** Events as a file: RFC 4180, or an object in each line. */
export function textOf(events: readonly KeyEventFragment[], format: Format): string {
  if (format === 'ndjson') return events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const head = COLUMNS.map(([name]) => name).join(',');
  return [head, ...events.map((event) => COLUMNS.map(([, read]) => cell(read(event))).join(','))].join('\r\n');
}

/** A name that begins like a formula stays text in a spreadsheet. */
function cell(value: string | null | undefined): string {
  const text = value ?? '';
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
