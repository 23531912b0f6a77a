/** Gives the `traceparent` of the running code; undefined where nothing is traced. */
export type TraceParentSource = () => string | undefined;

const sources = new Set<TraceParentSource>();

/** Adds a source of trace contexts. The process may hold several traced applications. @returns removes the source */
export function addTraceParentSource(source: TraceParentSource): () => void {
  sources.add(source);
  return () => void sources.delete(source);
}

/**
 * The settings that name the trace to a transaction that writes, so that rows for later work can keep the trace. Nothing where nothing
 * is traced.
 */
export function traceSettings(): Record<string, string> {
  for (const source of sources) {
    const traceparent = source();
    if (traceparent !== undefined) return { 'app.traceparent': traceparent };
  }
  return {};
}
