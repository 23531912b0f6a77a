import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, type DynamicModule, Get, type INestApplication, Injectable, Module } from '@nestjs/common';
import { type AbstractHttpAdapter, APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccessModule, Public } from '#access';
import { ApiKeyGuard, ApiKeysModule } from '#api-keys';
import { ApiKeysGraphQLModule, GuardedGraphQL } from '#api-keys/graphql';
import { DatabaseModule } from '#database';
import { HttpErrorFilter } from '#http';
import { LIMITS } from '#kernel';
import { SCHEMA } from '../../mikro-orm.config.js';
import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import { TestDatabase } from '../support/test-database.js';

@Resolver()
class HelloResolver {
  @Query(() => String)
  @Public()
  hello(): string {
    return 'hello';
  }
}

@Controller('hello')
class HelloController {
  @Get()
  @Public()
  hello(): string {
    return 'hello';
  }
}

@Module({})
class AnyApp {
  static on(
    url: string,
    hasGraphQL: boolean,
    rooms: DynamicModule['imports'] = roomsOf(url),
    own: Partial<ApolloDriverConfig> = {},
  ): DynamicModule {
    const guard = hasGraphQL ? ApiKeysGraphQLModule : ApiKeysModule;
    const apiKeys = guard.forRoot({ prefix: 'mktp', cacheSize: 10 });
    const useFactory = (guarded: GuardedGraphQL) => ({ ...guarded.options(), ...own });
    const graphql = { driver: ApolloDriver, imports: [apiKeys], inject: [GuardedGraphQL], useFactory };
    return {
      module: AnyApp,
      imports: [
        ...(rooms ?? []),
        apiKeys,
        ...(hasGraphQL ? [GraphQLModule.forRootAsync<ApolloDriverConfig>(graphql)] : []),
      ],
      controllers: [HelloController],
      providers: [
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
        ...(hasGraphQL ? [HelloResolver] : []),
      ],
    };
  }
}

const roomsOf = (url: string) => [DatabaseModule.forRoot({ url, ...SCHEMA }), AccessModule.forRoot(PORTAL_ACCESS)];

/** The ways in which Nest lets options come from elsewhere, such as the configuration of an application. */
function waysTo<Options extends object>(options: Options) {
  @Injectable()
  class Configuration {
    create(): Options {
      return options;
    }
  }
  @Module({ providers: [Configuration], exports: [Configuration] })
  class ConfigurationModule {}
  return {
    useFactory: { useFactory: () => options },
    useClass: { useClass: Configuration },
    useExisting: { imports: [ConfigurationModule], useExisting: Configuration },
  };
}

describe('an application with ApiKeysModule', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  const started = async <Result>(
    module: DynamicModule,
    adapter: AbstractHttpAdapter,
    use: (url: string, app: INestApplication) => Promise<Result>,
    prepare: (app: INestApplication) => unknown = () => undefined,
  ): Promise<Result> => {
    const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
    try {
      prepare(app);
      await app.listen(0, '127.0.0.1');
      return await use(await app.getUrl(), app);
    } finally {
      await app.close();
    }
  };
  const start = async (adapter: AbstractHttpAdapter, hasGraphQL: boolean, rooms = roomsOf(database.url)) =>
    started(AnyApp.on(database.url, hasGraphQL, rooms), adapter, async (url) => (await fetch(`${url}/hello`)).text());

  it.each([
    ['Fastify, with GraphQL', () => new FastifyAdapter(), true],
    ['Fastify, with HTTP handlers only', () => new FastifyAdapter(), false],
    ['Express, with GraphQL', () => new ExpressAdapter(), true],
    ['Express, with HTTP handlers only', () => new ExpressAdapter(), false],
  ])('a guarded application starts and answers on %s', async (_, adapter, hasGraphQL) => {
    expect(await start(adapter() as AbstractHttpAdapter, hasGraphQL)).toBe('hello');
  });

  const refusalOf = async (url: string, body?: string): Promise<[number, 'problem' | 'GraphQL' | undefined]> => {
    const method = body === undefined ? 'GET' : 'POST';
    const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, ...(body && { body }) });
    const { errors, detail } = (await answer.json()) as { errors?: unknown[]; detail?: string };
    return [answer.status, errors ? 'GraphQL' : detail ? 'problem' : undefined];
  };
  const large = `{"query":"{ hello }"}`.padEnd(LIMITS.bodyBytes + 1);

  it.each([
    ['Fastify', () => new FastifyAdapter()],
    ['Express', () => new ExpressAdapter()],
  ])(
    'operations on %s may have another path, with a global prefix, and are refused as on the usual one',
    async (_, make) => {
      const own = { path: 'api/', useGlobalPrefix: true };
      const module = AnyApp.on(database.url, true, roomsOf(database.url), own);
      const refusals = await started(
        module,
        make() as AbstractHttpAdapter,
        async (url) => [await refusalOf(`${url}/v1/api`, '{'), await refusalOf(`${url}/v1/api`, large)],
        (app) => app.setGlobalPrefix('v1'),
      );
      expect(refusals).toEqual([
        [400, 'GraphQL'],
        [413, 'GraphQL'],
      ]);
    },
  );

  it.each([
    ['Fastify', () => new FastifyAdapter()],
    ['Express', () => new ExpressAdapter()],
  ])('an unknown path of an application without GraphQL on %s is a problem document', async (_, make) => {
    const module = AnyApp.on(database.url, false);
    const ask = (url: string) => Promise.all(['/nowhere?token=x', '/graphql'].map((path) => refusalOf(url + path)));
    expect(await started(module, make() as AbstractHttpAdapter, ask)).toEqual([
      [404, 'problem'],
      [404, 'problem'],
    ]);
  });

  it('a guarded application does not start on another adapter, and one sentence says what to do', async () => {
    class OtherAdapter extends ExpressAdapter {
      override getType(): string {
        return 'koa';
      }
    }
    await expect(start(new OtherAdapter() as AbstractHttpAdapter, false)).rejects.toThrow(
      /^ApiKeysModule guards applications on Fastify or Express, and this one runs on koa: create it with NestFactory\.create\(AppModule, new FastifyAdapter\(\)\), or without an adapter for Express\.$/,
    );
  });

  it.each([
    ['Fastify', () => new FastifyAdapter({ trustProxy: true }), 'trustProxy'],
    [
      'Express',
      () => {
        const adapter = new ExpressAdapter();
        adapter.set('trust proxy', true);
        return adapter;
      },
      '"trust proxy"',
    ],
  ])('an application on %s does not start if it trusts every proxy', async (_, adapter, option) => {
    await expect(start(adapter() as AbstractHttpAdapter, false)).rejects.toThrow(
      `The application trusts every proxy, so a client could choose its own address: set ${option} to the addresses of the proxies.`,
    );
  });

  it.each(['useFactory', 'useClass', 'useExisting'] as const)(
    'the options of the rooms may come by %s',
    async (way) => {
      const rooms = [
        DatabaseModule.forRootAsync(waysTo({ url: database.url, ...SCHEMA })[way]),
        AccessModule.forRootAsync(waysTo(PORTAL_ACCESS)[way]),
      ];
      expect(await start(new FastifyAdapter() as AbstractHttpAdapter, false, rooms)).toBe('hello');
    },
  );

  it('a guarded application does not start while migrations are missing, and one sentence says what to do', async () => {
    const other = await TestDatabase.create();
    const refusal = () => start(new FastifyAdapter() as AbstractHttpAdapter, false, roomsOf(other.url));
    await other.sql('delete from migrations where id = 1');
    await expect(refusal()).rejects.toThrow(
      /^The database lacks Migration\w+: run "npx latchkey migrate", or call migrate\(\), before the application starts\.$/,
    );
    await other.sql('drop table migrations');
    await expect(refusal()).rejects.toThrow(/^The database lacks Migration\w+ and \d+ more migrations: run /);
    await other.drop();
  });

  it.each(['', 'mysql://app:secret@db/app'])(
    'a URL of no PostgreSQL database stops the start, and is not shown: %s',
    async (url) => {
      await expect(start(new FastifyAdapter() as AbstractHttpAdapter, false, roomsOf(url))).rejects.toThrow(
        /^DatabaseModule: url has to be a postgresql:\/\/ URL of the database\.$/,
      );
    },
  );

  it('a wrong option of ApiKeysModule stops the start, by name', async () => {
    const wrong = ApiKeysModule.forRoot({ prefix: 'mktp', cacheSize: Number(undefined) });
    await expect(
      start(new FastifyAdapter() as AbstractHttpAdapter, false, [...roomsOf(database.url), wrong]),
    ).rejects.toThrow(/^ApiKeysModule: cacheSize has to be a whole number from 0 to 10000000\.$/);
  });

  it('an option on which the guard depends stops the start, by name', async () => {
    const context = await NestFactory.createApplicationContext(AnyApp.on(database.url, true), { logger: false });
    const options = { subscriptions: { 'graphql-ws': true }, context: {} };
    expect(() => context.get(GuardedGraphQL, { strict: false }).options(options as object)).toThrow(
      'GuardedGraphQL.options() was given context, subscriptions, on which the guard depends: leave out each of them.',
    );
    await context.close();
  });

  it('a guarded application starts without any HTTP, as a command line does', async () => {
    const options = { logger: false, abortOnError: false } as const;
    const context = await NestFactory.createApplicationContext(AnyApp.on(database.url, false), options);
    expect(context.get(ApiKeyGuard, { strict: false })).toBeInstanceOf(ApiKeyGuard);
    await context.close();
  });
});
