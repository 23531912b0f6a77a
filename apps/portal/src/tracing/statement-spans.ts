import { type SpanOptions, SpanKind } from '@opentelemetry/api';
import type { StatementMessage } from '#database';

const LONGEST_TEXT = 2_000;

/** The span of a SQL statement. */
export function spanOfStatement({ name, text }: StatementMessage): { name: string; options: SpanOptions } {
  const operation = /\w+/.exec(text)?.[0].toUpperCase() ?? 'SQL';
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': withoutValues(text) };
  return {
    name: name === undefined ? operation : `${operation} ${name}`,
    options: { kind: SpanKind.CLIENT, attributes },
  };
}

/** Values are sent separately from the text; a value written into the text is removed. */
function withoutValues(text: string): string {
  return text.replace(/'(?:[^']|'')*'/g, `'?'`).slice(0, LONGEST_TEXT);
}
