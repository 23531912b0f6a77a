import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { OperatorError } from '#kernel';

const SUPPORTED = 'fastify';

/** The guard reads requests of Fastify; a request of another adapter has another form, and each one would be a 500. */
class HttpAdapterNotSupported extends OperatorError {
  constructor(found: string) {
    super(
      `ApiKeysModule guards applications on Fastify, and this one runs on ${found}: create it with ` +
        'NestFactory.create(AppModule, new FastifyAdapter()), from the package @nestjs/platform-fastify.',
    );
  }
}

/**
 * An application on another HTTP adapter does not start. A command line has no adapter. The check comes with the construction, since
 * the driver of GraphQL ends the process in its own `onModuleInit` where a package for Express is missing.
 */
@Injectable()
export class HttpAdapterCheck {
  /** @throws {HttpAdapterNotSupported} */
  constructor({ httpAdapter }: HttpAdapterHost) {
    // Typed as always there, but absent in an application context.
    const found = (httpAdapter as typeof httpAdapter | undefined)?.getType() ?? SUPPORTED;
    if (found !== SUPPORTED) throw new HttpAdapterNotSupported(found);
  }
}
