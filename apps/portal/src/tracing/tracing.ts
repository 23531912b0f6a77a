import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
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

/** A collector that is away keeps neither a batch nor the end of the process waiting for longer. */
const EXPORT_TIMEOUT_MS = 2_000;

/**
 * Spans of one application and where they go. Nothing of it is global: the process may hold several applications.
 * No span carries a message of an error: the database's quote values.
 */
export class Tracing {
  private readonly contexts = new AsyncLocalStorageContextManager().enable();
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor({ endpoint, serviceName, sampledShare }: TracingSettings) {
    const sampler = new TraceIdRatioBasedSampler(sampledShare);
    const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      // A client may name the trace that its request belongs to, and not decide that it is kept.
      sampler: new ParentBasedSampler({ root: sampler, remoteParentSampled: sampler, remoteParentNotSampled: sampler }),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
    });
    this.tracer = this.provider.getTracer('latchkey');
  }

  /** A span to be ended by the caller. @param parent default: whatever is under way */
  start(name: string, options: SpanOptions, parent: Context = this.contexts.active()): Span {
    return this.tracer.startSpan(name, options, parent);
  }

  /** Runs `work` as part of `span`, without ending it. */
  within<Result>(span: Span, work: () => Result): Result {
    return this.contexts.with(trace.setSpan(ROOT_CONTEXT, span), work);
  }

  /** Is anything under way that a span could be part of? */
  get isWithin(): boolean {
    return trace.getSpan(this.contexts.active()) !== undefined;
  }

  /** Runs `work` as a span of its own, which ends when its outcome is there. */
  run<Result>(name: string, options: SpanOptions, work: (span: Span) => Result): Result {
    const span = this.start(name, options);
    const failed = (error: unknown): never => {
      end(span, error);
      throw error;
    };
    const succeeded = <Value>(value: Value): Value => {
      span.end();
      return value;
    };
    try {
      const result = this.within(span, () => work(span));
      return result instanceof Promise ? (result.then(succeeded, failed) as Result) : succeeded(result);
    } catch (error) {
      return failed(error);
    }
  }

  /** Sends what is left. Never rejects. */
  async stop(): Promise<void> {
    await this.provider.shutdown().catch(() => undefined);
    this.contexts.disable();
  }
}

function end(span: Span, error: unknown): void {
  span.setAttribute('error.type', typeOf(error));
  // A refusal is an answer like any other.
  if (!(error instanceof AppError) || error.httpStatus === 503) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** A word of the contract, a SQLSTATE or the name of a class. */
function typeOf(error: unknown): string {
  if (error instanceof AppError) return String(error.details()['reason'] ?? error.code);
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
