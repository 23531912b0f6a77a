import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { principalOf } from '#access';
import type { CredentialWatch } from '#api-keys';
import {
  acceptsEventStream,
  answerTypeFor,
  COMPLETE,
  EVENT_STREAM_TYPE,
  EventStream,
  type GraphQLContext,
  markStreamRequest,
  nextEvent,
  type OpenStreams,
  type StreamPlace,
  Subscription,
  toGraphQLError,
} from '#graphql';
import type { HttpRequest } from '#http';
import { AppError } from '#kernel';
import type { Execution } from './compiled-operations.js';

export interface EventStreamParts {
  open: OpenStreams;
  credentials: CredentialWatch;
  hidesSchema: boolean;
  /** How long a client may leave its stream unread. Omitted: as `EventStream` decides. */
  stallMs?: number | undefined;
}

type Context = (request: FastifyRequest, reply: FastifyReply) => Promise<GraphQLContext>;
interface Begun {
  subscription: Subscription;
  place: StreamPlace;
}

/** The subscription that a request has begun; its stream follows once every plugin has seen the request. */
const BEGUN = Symbol('begun');
interface BegunRequest {
  [BEGUN]?: Begun;
}

/**
 * Runs a subscription's resolver, as the executor of an admitted operation. The handler of the request then answers with the
 * stream. Returns an empty result, or the errors that are answered instead.
 */
export async function beginSubscription(
  { schema, document, operationName, variables, contextValue }: Execution,
  { open, hidesSchema }: EventStreamParts,
): Promise<ExecutionResult> {
  const context = contextValue as GraphQLContext;
  const { req: request } = context;
  let place: StreamPlace | undefined;
  try {
    place = open.reserve(holderOf(request));
    const asked = { schema, document, operationName, variables, contextValue: context, hidesSchema };
    const begun = await Subscription.begin(asked);
    if (begun instanceof Subscription) {
      (request as BegunRequest)[BEGUN] = { subscription: begun, place };
      return { data: null };
    }
    place.release();
    // Errors of the resolver belong to the field, which is null; errors of the variables come before any field.
    return begun.errors?.[0]?.path ? { data: null, ...begun } : begun;
  } catch (error) {
    place?.release();
    if (error instanceof AppError) return { data: null, errors: [toGraphQLError(error)] };
    throw error;
  }
}

/**
 * Answers requests that accept event streams, after GraphQL over Server-Sent Events in the mode of distinct connections. The
 * operation takes the way of every other operation. Refusals keep their status; findings about the document are events.
 * @param usual the handler of all other requests
 */
export function eventStreams(
  usual: RouteHandlerMethod,
  parts: EventStreamParts,
  server: () => ApolloServer | undefined,
  context: Context,
): RouteHandlerMethod {
  return function (request, reply) {
    const apollo = isForStream(request) ? server() : undefined;
    if (!apollo) return usual.call(this, request, reply);
    markStreamRequest(request);
    return answer(apollo, parts, context, request, reply);
  };
}

/** A GET that accepts JSON too is a query for the usual way, which knows how to guard it. */
function isForStream({ method, headers: { accept } }: FastifyRequest): boolean {
  if (!acceptsEventStream(accept)) return false;
  return method === 'POST' || (method === 'GET' && answerTypeFor(accept) === undefined);
}

async function answer(
  apollo: ApolloServer,
  parts: EventStreamParts,
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const {
    headers,
    body,
    status = 200,
  } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: asPost(request),
    context: () => context(request, reply),
  });
  const begun = (request as BegunRequest)[BEGUN];
  if (begun) return stream(begun, parts, request, reply);
  const text = body.kind === 'complete' ? body.string : '';
  const isRefusal = (status !== 200 && status !== 400) || firstCodeIn(text) === 'BAD_REQUEST';
  for (const [name, value] of headers) if (name !== 'content-length') void reply.header(name, value);
  if (isRefusal || answerTypeFor(request.headers.accept)) return reply.code(status).send(text);
  return reply
    .code(200)
    .type(EVENT_STREAM_TYPE)
    .send(`${nextEvent(text.trim())}${COMPLETE}`);
}

/** The code of the first error in an answer. Of a bad request, no document was read. */
function firstCodeIn(answer: string): unknown {
  const { errors } = JSON.parse(answer) as { errors?: { extensions?: Record<string, unknown> }[] };
  return errors?.[0]?.extensions?.['code'];
}

/** Parameters of a GET are read as the body of a POST. A page of another site cannot send our credentials by either. */
function asPost(request: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  if (request.method === 'POST') return { method: 'POST', headers, search: '', body: request.body };
  headers.set('content-type', 'application/json');
  return { method: 'POST', headers, search: '', body: bodyOf(request.query) };
}

function bodyOf(parameters: unknown): Record<string, unknown> {
  const { query, operationName, variables, extensions } = parameters as Record<string, unknown>;
  const given = { query, operationName, variables: jsonOf(variables), extensions: jsonOf(extensions) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The value of a parameter; a text that is no JSON stays a text, which is refused as such. */
function jsonOf(parameter: unknown): unknown {
  if (typeof parameter !== 'string') return parameter;
  try {
    return JSON.parse(parameter) as unknown;
  } catch {
    return parameter;
  }
}

function stream(
  { subscription, place }: Begun,
  { credentials, stallMs }: EventStreamParts,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const events = new EventStream(stallMs);
  place.take(events);
  const principal = principalOf(request);
  const credential =
    principal &&
    credentials.watch(request, principal, (reason) => events.complete('credential', subscription.reasonFor(reason)));
  events.signal.addEventListener('abort', () => credential?.stop(), { once: true });
  endWithClient(events, request, reply);
  void subscription.run(events, async () => !credential || credential.confirmed());
  return reply.code(200).headers({ 'content-type': EVENT_STREAM_TYPE, 'x-accel-buffering': 'no' }).send(events.body);
}

/** Elsewhere a client that ends its side still gets its answer. Here it has gone: nothing but its own end ends a stream. */
function endWithClient(events: EventStream, { raw: { socket } }: FastifyRequest, { raw }: FastifyReply): void {
  const gone = () => events.cut('gone');
  if (raw.destroyed || socket.readableEnded) return gone();
  raw.once('close', gone);
  socket.once('end', gone);
  events.signal.addEventListener('abort', () => socket.off('end', gone), { once: true });
}

function holderOf(request: HttpRequest): string {
  const principal = principalOf(request);
  if (!principal) return `address ${request.ip}`;
  return principal.kind === 'API_KEY' ? `key ${principal.apiKeyId}` : `user ${principal.userId}`;
}
