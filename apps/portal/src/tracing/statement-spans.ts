import { SpanKind } from '@opentelemetry/api';
import type { PoolClient } from 'pg';
import type { VerifierDatabase } from '#database';
import type { Tracing } from './tracing.js';

const LONGEST_TEXT = 2_000;

/** Spans of the statements that a connection sends for a request; those of background work have none. */
export function traceStatements(client: PoolClient, tracing: Tracing): void {
  const query = client.query.bind(client) as (...parts: unknown[]) => unknown;
  const traced = (...parts: unknown[]) => {
    const text = textOf(parts[0]);
    // A callback gets its outcome elsewhere, and is the pool's own way alone.
    if (text === undefined || typeof parts.at(-1) === 'function' || !tracing.isWithin) return query(...parts);
    return tracing.run(operationOf(text), describe(text), () => query(...parts));
  };
  client.query = traced as typeof client.query;
}

/**
 * The same for the verifier's. Here and not at its connections: whoever waits for one of those is called back from
 * another request's context.
 */
export function traceVerifier(database: VerifierDatabase, tracing: Tracing): void {
  const select = database.select.bind(database);
  database.select = (name, text, values) =>
    tracing.isWithin
      ? tracing.run(`${operationOf(text)} ${name}`, describe(text), () => select(name, text, values))
      : select(name, text, values);
}

function textOf(query: unknown): string | undefined {
  const text = typeof query === 'string' ? query : (query as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text : undefined;
}

const operationOf = (text: string): string => /\w+/.exec(text)?.[0].toUpperCase() ?? 'SQL';

function describe(text: string) {
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': withoutValues(text) };
  return { kind: SpanKind.CLIENT, attributes };
}

/** Values travel beside the text. Were one written into it, it would not be told. */
function withoutValues(text: string): string {
  return text.replace(/'(?:[^']|'')*'/g, `'?'`).slice(0, LONGEST_TEXT);
}
