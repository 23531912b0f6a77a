import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { type AbstractHttpAdapter, APP_GUARD, NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccessModule, Public } from '#access';
import { ApiKeyGuard, ApiKeysModule } from '#api-keys';
import { ApiKeysGraphQLModule, GuardedGraphQL } from '#api-keys/graphql';
import { DatabaseModule } from '#database';
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
  static on(url: string, hasGraphQL: boolean): DynamicModule {
    const guard = hasGraphQL ? ApiKeysGraphQLModule : ApiKeysModule;
    const apiKeys = guard.forRoot({ prefix: 'mktp', cacheSize: 10 });
    const graphql = { driver: ApolloDriver, imports: [apiKeys], useExisting: GuardedGraphQL };
    return {
      module: AnyApp,
      imports: [
        DatabaseModule.forRoot({ url, ...SCHEMA }),
        AccessModule.forRoot(PORTAL_ACCESS),
        apiKeys,
        ...(hasGraphQL ? [GraphQLModule.forRootAsync<ApolloDriverConfig>(graphql)] : []),
      ],
      controllers: [HelloController],
      providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }, ...(hasGraphQL ? [HelloResolver] : [])],
    };
  }
}

/** By a name that no type is looked for: only this test needs Express. */
async function expressAdapter(): Promise<AbstractHttpAdapter> {
  const name: string = '@nestjs/platform-express';
  const { ExpressAdapter } = (await import(name)) as { ExpressAdapter: new () => AbstractHttpAdapter };
  return new ExpressAdapter();
}

describe('an application with ApiKeysModule', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  const start = async (adapter: AbstractHttpAdapter, hasGraphQL: boolean) => {
    const app = await NestFactory.create(AnyApp.on(database.url, hasGraphQL), adapter, {
      logger: false,
      abortOnError: false,
    });
    try {
      await app.listen(0, '127.0.0.1');
      return await (await fetch(`${await app.getUrl()}/hello`)).text();
    } finally {
      await app.close();
    }
  };

  it.each([
    ['with GraphQL', true],
    ['with HTTP handlers only', false],
  ])('a guarded application does not start on Express, and one sentence says what to do: %s', async (_, hasGraphQL) => {
    await expect(start(await expressAdapter(), hasGraphQL)).rejects.toThrow(
      /^ApiKeysModule guards applications on Fastify, and this one runs on express: create it with NestFactory\.create\(AppModule, new FastifyAdapter\(\)\), from the package @nestjs\/platform-fastify\.$/,
    );
  });

  it.each([true, false])('a guarded application starts on Fastify and answers (GraphQL: %s)', async (hasGraphQL) => {
    expect(await start(new FastifyAdapter() as AbstractHttpAdapter, hasGraphQL)).toBe('hello');
  });

  it('a guarded application starts without any HTTP, as a command line does', async () => {
    const options = { logger: false, abortOnError: false } as const;
    const context = await NestFactory.createApplicationContext(AnyApp.on(database.url, false), options);
    expect(context.get(ApiKeyGuard, { strict: false })).toBeInstanceOf(ApiKeyGuard);
    await context.close();
  });
});
