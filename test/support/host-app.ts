import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, type DynamicModule, Get, type INestApplication, Module, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { AccessModule, Public, type SessionVerifier, type UserPrincipal } from '#access';
import { ApiKeyGuard, GuardReadings, KeyIntrospectionModule } from '#api-keys';
import { ApiKeysGraphQLModule, GuardedGraphQL } from '#api-keys/graphql';
import { DatabaseModule, type Health, Readiness } from '#database';
import { HttpErrorFilter } from '#http';
import { DevelopmentIssuer, PortalSessionVerifier, SessionsModule } from '#sessions';
import { SCHEMA } from '../../mikro-orm.config.js';
import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import type { Answer } from './answer.js';
import { Given } from './given.js';
import { type Credential, post } from './post.js';
import { TestDatabase } from './test-database.js';

const OPAQUE = 'sid_';

/** An opaque token for the session of a JWT. */
export const opaqueToken = (token: string): string => `${OPAQUE}${Buffer.from(token).toString('base64url')}`;

/** Sessions by JWTs and by opaque tokens, behind `Bearer` or in a cookie. */
class HostSessions implements SessionVerifier {
  readonly tokenShape = /^(?:[\w-]+\.[\w-]+\.[\w-]*|sid_[\w-]+)$/;

  constructor(private readonly verifier: PortalSessionVerifier) {}

  verify(token: string, namedTenant: string | undefined): Promise<UserPrincipal> {
    const isOpaque = token.startsWith(OPAQUE);
    const jwt = isOpaque ? Buffer.from(token.slice(OPAQUE.length), 'base64url').toString() : token;
    return this.verifier.verify(jwt, namedTenant);
  }

  tokenOf({ headers }: IncomingMessage): string | undefined {
    return /(?:^|; )session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  }
}

@Controller('operations')
@Public()
class OperationsController {
  constructor(
    private readonly readiness: Readiness,
    private readonly readings: GuardReadings,
  ) {}

  @Get('ready')
  ready(): Promise<Health> {
    return this.readiness.check();
  }

  @Get('metrics')
  metrics(): object {
    return Object.fromEntries(this.readings.all.map(({ name, read }) => [name, read()]));
  }
}

@Module({})
class HostModule {
  static on(url: string, directory: string, imports: Type[]): DynamicModule {
    const sessions = SessionsModule.forRoot({ kind: 'development', directory });
    const apiKeys = ApiKeysGraphQLModule.forRootAsync({
      imports: [sessions],
      inject: [PortalSessionVerifier],
      useFactory: (verifier: PortalSessionVerifier) => ({
        prefix: 'mktp',
        cacheSize: 1_000,
        sessions: new HostSessions(verifier),
      }),
    });
    const graphql = { driver: ApolloDriver, imports: [apiKeys], useExisting: GuardedGraphQL };
    return {
      module: HostModule,
      imports: [
        DatabaseModule.forRoot({ url, ...SCHEMA }),
        AccessModule.forRoot(PORTAL_ACCESS),
        apiKeys,
        GraphQLModule.forRootAsync<ApolloDriverConfig>(graphql),
        KeyIntrospectionModule.forRoot(apiKeys),
        ...imports,
      ],
      controllers: [OperationsController],
      providers: [
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
      ],
    };
  }
}

/** An application as the users of the package write it, on any HTTP adapter and without anything of the portal. */
export class HostApp {
  readonly given: Given;

  private constructor(
    readonly app: INestApplication,
    readonly url: string,
    readonly database: TestDatabase,
    readonly issuer: DevelopmentIssuer,
    /** What Nest's logger got as errors. */
    readonly errors: readonly string[],
    private readonly directory: string,
  ) {
    this.given = new Given(this, app);
  }

  /** @param modules with resolvers and handlers */
  static async start(adapter: AbstractHttpAdapter, modules: Type[]): Promise<HostApp> {
    const [database, directory] = [await TestDatabase.create(), await mkdtemp(join(tmpdir(), 'latchkey-host-'))];
    const errors: string[] = [];
    const quiet = () => undefined;
    const logger = { log: quiet, warn: quiet, error: (...parts: unknown[]) => void errors.push(parts.join(' ')) };
    const module = HostModule.on(database.url, directory, modules);
    const app = await NestFactory.create(module, adapter, { logger, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    return new HostApp(app, await app.getUrl(), database, await DevelopmentIssuer.open(directory), errors, directory);
  }

  /** Sends one operation. */
  query(query: string, { variables, ...credential }: Credential & { variables?: object } = {}): Promise<Answer> {
    return post(`${this.url}/graphql`, JSON.stringify({ query, variables }), credential);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
