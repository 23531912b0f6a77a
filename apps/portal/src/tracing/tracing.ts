import { AsyncLocalStorage } from 'node:async_hooks';
import type { TracingChannel } from 'node:diagnostics_channel';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { AppError } from '#kernel';
import type { TracingSettings } from './tracing.settings.js';

/** How long a batch, or the end of the process, waits for an unavailable collector. */
const EXPORT_TIMEOUT_MS = 2_000;

/**
 * The spans of one application and their destination. Nothing here is global: the process may hold several applications. No span
 * carries an error message: the database's messages quote values.
 */
export class Tracing {
  /** The span that the running code belongs to. */
  private readonly active = new AsyncLocalStorage<Span | undefined>();
  private readonly unfollow: (() => void)[] = [];
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor({ endpoint, serviceName, sampledShare }: TracingSettings) {
    const sampler = new TraceIdRatioBasedSampler(sampledShare);
    const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      // A client may name the trace that its request belongs to, but cannot decide that the trace is kept.
      sampler: new ParentBasedSampler({ root: sampler, remoteParentSampled: sampler, remoteParentNotSampled: sampler }),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
    });
    this.tracer = this.provider.getTracer('latchkey');
  }

  /** Starts a span, which the caller ends. @param parent default: the active span */
  start(name: string, options: SpanOptions, parent: Context = contextOf(this.active.getStore())): Span {
    return this.tracer.startSpan(name, options, parent);
  }

  /** The active span as a header `traceparent`; undefined where nothing is traced. */
  get traceparent(): string | undefined {
    const context = this.active.getStore()?.spanContext();
    return context && `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, '0')}`;
  }

  /** Runs `work` as part of `span`, without ending it. */
  within<Result>(span: Span, work: () => Result): Result {
    return this.active.run(span, work);
  }

  /**
   * Makes a span of each operation that a channel publishes while a span is active here. Operations of background work and of
   * other applications in this process get no span.
   * @param describe gives name and attributes of the span
   */
  follow<Message extends object>(
    channel: TracingChannel<unknown, Message>,
    describe: (message: Message) => { name: string; options: SpanOptions },
  ): void {
    const spans = new WeakMap<Message, Span>();
    const begin = (message: Message): Span | undefined => {
      const parent = this.active.getStore();
      if (!parent) return undefined;
      const { name, options } = describe(message);
      const span = this.start(name, options);
      spans.set(message, span);
      return span;
    };
    const subscribers = {
      error: (message: Message & { error: unknown }) => fail(spans.get(message), message.error),
      asyncEnd: (message: Message) => spans.get(message)?.end(),
    };
    channel.start.bindStore(this.active, begin);
    channel.error.subscribe(subscribers.error as (message: unknown) => void);
    channel.asyncEnd.subscribe(subscribers.asyncEnd as (message: unknown) => void);
    this.unfollow.push(() => {
      channel.start.unbindStore(this.active);
      channel.error.unsubscribe(subscribers.error as (message: unknown) => void);
      channel.asyncEnd.unsubscribe(subscribers.asyncEnd as (message: unknown) => void);
    });
  }

  /** Sends the remaining spans. Never rejects. */
  async stop(): Promise<void> {
    for (const unfollow of this.unfollow) unfollow();
    await this.provider.shutdown().catch(() => undefined);
  }
}

function contextOf(span: Span | undefined): Context {
  return span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}

function fail(span: Span | undefined, error: unknown): void {
  span?.setAttribute('error.type', typeOf(error));
  // A refusal is an ordinary answer, not an error of the span.
  if (!(error instanceof AppError) || error.httpStatus === 503) span?.setStatus({ code: SpanStatusCode.ERROR });
}

/** A word of the contract, a SQLSTATE or a class name. */
function typeOf(error: unknown): string {
  if (error instanceof AppError) return String(error.details()['reason'] ?? error.code);
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
