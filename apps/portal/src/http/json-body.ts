import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** The second is no registered name, and what many clients say. */
const UTF_8 = ['utf-8', 'utf8'];
const JSON_TYPE = 'application/json';
/** A page of any origin may send these without asking first, so they are named as what they would be: forgery. */
const SIMPLE_TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

/**
 * Bodies are JSON in UTF-8, said so or not, and nothing else: a byte that is none is refused, where Node would put
 * U+FFFD in its place and the text would be stored so.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    if (!isInUtf8(request.headers['content-type'])) done(new UnsupportedMediaTypeException('JSON is UTF-8.'));
    else if (!isUtf8(body)) done(new BadRequestException('The body is not UTF-8.'));
    else void parse(request, body.toString(), done);
  });
  fastify.addContentTypeParser(SIMPLE_TYPES, (_request, _body, done) =>
    done(new BadRequestException(`The body must be ${JSON_TYPE}.`)),
  );
}

function isInUtf8(contentType = JSON_TYPE): boolean {
  if (contentType === JSON_TYPE) return true;
  try {
    return UTF_8.includes((new MIMEType(contentType).params.get('charset') ?? 'utf-8').toLowerCase());
  } catch {
    return false;
  }
}
