import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { PortalConfig } from '../portal.config.js';

/** Members that hold secrets, wherever they appear in a logged object. */
const SECRET_MEMBERS = ['req.headers.authorization', 'req.headers["x-api-key"]', 'req.headers.cookie'];

/** JSON lines in production, pretty in development; one line per request, under its id. */
@Module({})
export class LoggingModule {
  static forRoot(config: Pick<PortalConfig, 'isProduction' | 'logLevel'>): DynamicModule {
    return {
      module: LoggingModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: {
            level: config.logLevel,
            redact: SECRET_MEMBERS,
            serializers: { req: ({ id, method, url }) => ({ id, method, url: withoutQuery(url) }) },
            ...(config.isProduction ? {} : { transport: { target: 'pino-pretty', options: { singleLine: true } } }),
          },
        }),
      ],
    };
  }
}

/** A query string may hold a credential that someone put there by mistake. */
function withoutQuery(url: unknown): string {
  return String(url).split('?', 1)[0] ?? '';
}
