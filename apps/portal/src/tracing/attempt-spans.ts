import { defaultTextMapGetter, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type AttemptMessage, webhookAttemptChannel } from '#notifications';
import type { Tracing } from './tracing.js';

const propagator = new W3CTraceContextPropagator();

/**
 * Makes a span of each attempt of a webhook delivery whose change was traced, in the trace of the change. The span names nothing of the
 * endpoint.
 * @returns ends this
 */
export function followAttempts(tracing: Tracing): () => void {
  const spans = new WeakMap<AttemptMessage, Span>();
  const begin = (published: unknown): void => {
    const message = published as AttemptMessage;
    const { traceparent, kind, attempts } = message;
    if (traceparent === null) return;
    const attributes = { 'latchkey.webhook.kind': kind, 'latchkey.webhook.attempt': attempts };
    const parent = propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
    spans.set(message, tracing.start('webhook attempt', { kind: SpanKind.CLIENT, attributes }, parent));
  };
  const end = (published: unknown): void => {
    const { result } = published as AttemptMessage;
    const span = spans.get(published as AttemptMessage);
    const status = result?.status ?? undefined;
    if (status !== undefined) span?.setAttribute('http.response.status_code', status);
    if (status === undefined || status >= 300) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  webhookAttemptChannel.start.subscribe(begin);
  webhookAttemptChannel.asyncEnd.subscribe(end);
  return () => {
    webhookAttemptChannel.start.unsubscribe(begin);
    webhookAttemptChannel.asyncEnd.unsubscribe(end);
  };
}
