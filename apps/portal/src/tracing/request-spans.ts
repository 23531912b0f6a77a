import { defaultTextMapGetter, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUuid } from '#kernel';
import type { Tracing } from './tracing.js';

const propagator = new W3CTraceContextPropagator();

/**
 * A span for each HTTP request. Of the client's data it records only the method and the ids of its trace: paths and headers may
 * hold secrets.
 */
export class RequestSpans {
  private readonly spans = new WeakMap<object, Span>();

  constructor(private readonly tracing: Tracing) {}

  of(request: object): Span | undefined {
    return this.spans.get(request);
  }

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.begin(request);
      done();
    });
    // Not earlier: the code that reads the body does not keep the context.
    fastify.addHook('preValidation', (request, _reply, done) => {
      const span = this.spans.get(request);
      if (span) this.tracing.within(span, done);
      else done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      this.end(request, reply.statusCode);
      done();
    });
    fastify.addHook('onRequestAbort', (request, done) => {
      this.end(request, undefined);
      done();
    });
  }

  private begin(request: FastifyRequest): void {
    const { url: route } = request.routeOptions;
    const parent = propagator.extract(
      ROOT_CONTEXT,
      { traceparent: request.headers['traceparent'] },
      defaultTextMapGetter,
    );
    const attributes = {
      'http.request.method': request.method,
      ...(route === undefined ? {} : { 'http.route': route }),
      // An id of ours, or a client's id in the same form: any other id may hold anything.
      ...(isUuid(request.id) ? { 'latchkey.request.id': request.id } : {}),
    };
    const name = route === undefined ? request.method : `${request.method} ${route}`;
    this.spans.set(request, this.tracing.start(name, { kind: SpanKind.SERVER, attributes }, parent));
  }

  /** @param status undefined: the client left before there was one */
  private end(request: FastifyRequest, status: number | undefined): void {
    const span = this.spans.get(request);
    if (!span || !this.spans.delete(request)) return;
    if (status !== undefined) span.setAttribute('http.response.status_code', status);
    if (status === undefined || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }
}
