import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { exactNumber } from '#kernel';

/** The second type is not registered, but many clients send it. */
const UTF_8 = ['utf-8', 'utf8'];
const JSON_TYPE = 'application/json';
/** A page of any origin may send these types without a preflight request, so we refuse them as possible forgery. */
const SIMPLE_TYPES = ['text/plain', 'multipart/form-data'];
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Matches a number that `JSON.parse` could change. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;

/**
 * Bodies must be JSON in UTF-8, whether or not the header says so. A byte that is not UTF-8 is refused, where Node would replace
 * it by U+FFFD and the text would be stored so. A number that cannot be kept exactly becomes NaN, which no field accepts. Names
 * that lead to a prototype are left to the code that reads the value.
 *
 * A route with `@RouteConfig({ rawBodyBytes })` gets the bytes as they were sent, up to this number of them. A route with
 * `@RouteConfig({ formBytes })` takes a form too, of this size at most: it has to demand a credential in a header, which no page of
 * another origin sends. So the portal's `SessionVerifier` has no `tokenOf`: a browser would add a cookie to such a form.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('ignore', 'ignore');
  fastify.addHook('onRoute', (route) => {
    const bytes = bytesOf(route.config, 'rawBodyBytes') ?? bytesOf(route.config, 'formBytes');
    if (bytes !== undefined) route.bodyLimit = bytes;
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    if (bytesOf(request.routeOptions.config, 'rawBodyBytes') !== undefined) done(null, body);
    else if (!isInUtf8(request.headers['content-type'])) done(new UnsupportedMediaTypeException('JSON must be UTF-8.'));
    else if (!isUtf8(body)) done(new BadRequestException('The body is not UTF-8.'));
    else {
      const text = body.toString();
      void parse(request, text, (error, parsed) => {
        if (error) done(error);
        else if (isPoisonous(parsed)) done(new BadRequestException('The body holds a member __proto__.'));
        else withExactNumbers(text, parsed, done);
      });
    }
  });
  fastify.addContentTypeParser(SIMPLE_TYPES, (request, _body, done) => done(new BadRequestException(mustBe(request))));
  fastify.addContentTypeParser('*', (request, _body, done) =>
    // An unknown path is unknown whatever the body is.
    done(request.is404 ? null : new UnsupportedMediaTypeException(mustBe(request))),
  );
  fastify.addContentTypeParser<Buffer>(FORM_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    if (!takesForm(request)) done(new BadRequestException(mustBe(request)));
    else if (!isUtf8(body)) done(new BadRequestException('The body is not UTF-8.'));
    else readForm(body.toString(), done);
  });
}

const takesForm = ({ routeOptions }: FastifyRequest) => bytesOf(routeOptions.config, 'formBytes') !== undefined;
const mustBe = (request: FastifyRequest) =>
  `The body must be ${JSON_TYPE}${takesForm(request) ? ` or ${FORM_TYPE}` : ''}.`;

function readForm(text: string, done: (error: Error | null, form?: unknown) => void): void {
  const members = [...new URLSearchParams(text)];
  const form = Object.fromEntries(members);
  if (Object.keys(form).length === members.length) done(null, form);
  else done(new BadRequestException('The form has a member twice.'));
}

function bytesOf(config: object | undefined, name: 'rawBodyBytes' | 'formBytes'): number | undefined {
  const bytes = (config as Record<string, unknown> | undefined)?.[name];
  return typeof bytes === 'number' ? bytes : undefined;
}

/** True if a copy of the request, of its variables or its extensions would get another prototype. */
function isPoisonous(body: unknown): boolean {
  const { variables, extensions } = (body ?? {}) as Record<string, unknown>;
  return [body, variables, extensions].some((object) => object != null && Object.hasOwn(object, '__proto__'));
}

function withExactNumbers(text: string, parsed: unknown, done: (error: Error | null, body?: unknown) => void): void {
  if (!LONG_NUMBER.test(text)) return done(null, parsed);
  let exact: unknown;
  try {
    exact = JSON.parse(text, revived as Parameters<typeof JSON.parse>[1]);
  } catch (cause) {
    return done(new BadRequestException('The body is nested too deeply to be read.', { cause }));
  }
  done(null, exact);
}

const revived = (_name: string, value: unknown, { source }: { source: string }) =>
  typeof value === 'number' ? exactNumber(source) : value;

function isInUtf8(contentType = JSON_TYPE): boolean {
  if (contentType === JSON_TYPE) return true;
  try {
    return UTF_8.includes((new MIMEType(contentType).params.get('charset') ?? 'utf-8').toLowerCase());
  } catch {
    return false;
  }
}
