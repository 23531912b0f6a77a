import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { type AbstractHttpAdapter, APP_GUARD, NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { ExpressAdapter } from '@nestjs/platform-express';
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
    ['Fastify, with GraphQL', () => new FastifyAdapter(), true],
    ['Fastify, with HTTP handlers only', () => new FastifyAdapter(), false],
    ['Express, with GraphQL', () => new ExpressAdapter(), true],
    ['Express, with HTTP handlers only', () => new ExpressAdapter(), false],
  ])('a guarded application starts and answers on %s', async (_, adapter, hasGraphQL) => {
    expect(await start(adapter() as AbstractHttpAdapter, hasGraphQL)).toBe('hello');
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

  it('a guarded application starts without any HTTP, as a command line does', async () => {
    const options = { logger: false, abortOnError: false } as const;
    const context = await NestFactory.createApplicationContext(AnyApp.on(database.url, false), options);
    expect(context.get(ApiKeyGuard, { strict: false })).toBeInstanceOf(ApiKeyGuard);
    await context.close();
  });
});
