import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/** Headers that a client of this API sends, and that a browser asks about first. */
const SENT = [
  'authorization',
  'content-type',
  'x-api-key',
  'x-tenant-id',
  'x-request-id',
  'x-consistency-token',
  'last-event-id',
  'apollo-require-preflight',
  'traceparent',
];
/** Headers of an answer that a page of another origin may read. */
const READABLE = [
  'retry-after',
  'www-authenticate',
  'x-request-id',
  'x-consistency-token',
  'ratelimit',
  'ratelimit-policy',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
];
/** How long a browser may keep the answer to a preflight request. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of these origins call the API from a browser. Without any, no CORS header is sent and browsers refuse.
 * Cookies are never a credential here, so none are asked for.
 * @param origins exact ones, such as `https://portal.example.com`
 */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const options = {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: SENT,
    exposedHeaders: READABLE,
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  };
  // Another OPTIONS request is refused like every unknown method. The plugin would answer it in a form of its own.
  app.enableCors({
    delegator: ({ headers }: FastifyRequest, done) =>
      done(null, { ...options, preflight: 'origin' in headers && 'access-control-request-method' in headers }),
  });
}

/** The origins in a list separated by commas; undefined where one of them is no origin. */
export function readOrigins(text: string): string[] | undefined {
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.every(isOrigin) ? origins : undefined;
}

function isOrigin(text: string): boolean {
  if (!/^https?:\/\/[^*]+$/.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text;
}
