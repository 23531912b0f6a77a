import { Controller, Get, Module, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Field, GraphQLSchemaHost, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import { AccessNotDeclared, AccessRegistry, Authenticated, Public, RequireScopes, SessionOnly } from '#access';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

@ObjectType()
class Forgotten {
  @Field()
  name!: string;
}

@Resolver()
class ForgottenQuery {
  @Query(() => String)
  forgottenQuery(): string {
    return 'open to all';
  }
}

@Resolver(() => Forgotten)
class ForgottenField {
  @Query(() => Forgotten)
  @Public()
  forgottenParent(): Forgotten {
    return { name: 'parent' };
  }

  @ResolveField(() => String)
  forgottenChild(): string {
    return 'open to all';
  }
}

@Controller('forgotten')
class ForgottenHandler {
  @Get()
  forgottenHandler(): string {
    return 'open to all';
  }
}

@Resolver()
class MisspeltScope {
  @Query(() => String)
  @RequireScopes('devices:reed')
  misspelt(): string {
    return 'open to nobody';
  }
}

function moduleOf(provider: Type, controller?: Type): Type {
  @Module({ providers: controller ? [] : [provider], controllers: controller ? [controller] : [] })
  class FixtureModule {}
  return FixtureModule;
}

describe('undeclared access', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  it.each([
    ['a query', moduleOf(ForgottenQuery), 'ForgottenQuery.forgottenQuery (Query.forgottenQuery)'],
    ['a field resolver', moduleOf(ForgottenField), 'ForgottenField.forgottenChild (Forgotten.forgottenChild)'],
    ['an HTTP handler', moduleOf(ForgottenHandler, ForgottenHandler), 'ForgottenHandler.forgottenHandler'],
    [
      'the scope',
      moduleOf(MisspeltScope),
      'MisspeltScope.misspelt names the unknown scope devices:reed (is devices:read meant?). Correct the name',
    ],
  ])(
    'the application does not start where %s is not declared, and the error names the place',
    async (_, FixtureModule, named) => {
      const start = TestPortal.start({ database, imports: [FixtureModule] });
      await expect(start).rejects.toThrow(AccessNotDeclared);
      await expect(start).rejects.toThrow(named);
    },
  );

  it('the application does not start where a provider made elsewhere has a field without declared access', async () => {
    @Module({ providers: [{ provide: 'forgotten', useValue: new ForgottenField() }] })
    class FixtureModule {}
    const start = TestPortal.start({ database, imports: [FixtureModule] });
    await expect(start).rejects.toThrow('ForgottenField.forgottenChild (Forgotten.forgottenChild)');
  });

  it('the error at the start names every undeclared place at once', async () => {
    const imports = [moduleOf(ForgottenQuery), moduleOf(MisspeltScope)];
    await expect(TestPortal.start({ database, imports })).rejects.toThrow(
      /ForgottenQuery\.forgottenQuery.*MisspeltScope/,
    );
  });
});

describe('access that is declared wrongly', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'twice on a method',
      () => {
        class Twice {
          @Public()
          @RequireScopes('devices:read')
          devices(): void {}
        }
        return Twice;
      },
      /^Twice\.devices declares its access twice, and only one of them would count: keep one\.$/,
    ],
    [
      'twice on a class',
      () => {
        @SessionOnly('TENANT_ADMIN')
        @Public()
        class Twice {}
        return Twice;
      },
      /^Twice declares its access twice/,
    ],
    [
      'on a plain field',
      () => {
        class Plain {
          serial!: string;
        }
        // The compiler refuses the decorator itself.
        (RequireScopes('devices:read') as PropertyDecorator)(Plain.prototype, 'serial');
        return Plain;
      },
      /^Plain\.serial is no method, so its access has no effect: give the field a resolver of its own/,
    ],
  ])('a class does not load with access declared %s, and the error says what to do', (_, load, advice) =>
    expect(load).toThrow(advice),
  );

  it('a declaration of a method stands beside another of its class, and of the class it inherits from', () => {
    @Public()
    class Base {
      @RequireScopes('devices:read')
      devices(): void {}
    }
    @Authenticated()
    class Derived extends Base {
      @Public()
      override devices(): void {}
    }
    expect(Reflect.getMetadata('latchkey:access', Derived)).toMatchObject({ kind: 'authenticated' });
  });
});

describe('declared access', () => {
  let api: TestPortal;
  let schema: GraphQLSchema;
  let registry: AccessRegistry;
  usePortal(async (started) => {
    api = started;
    schema = api.app.get(GraphQLSchemaHost, { strict: false }).schema;
    registry = api.app.get(AccessRegistry, { strict: false });
  });

  it('every query, mutation and subscription declares its access', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}).map((name) => `${type?.name}.${name}`));
    expect(fields).not.toHaveLength(0);
    expect(fields.filter((coordinate) => !registry.accessOf(coordinate))).toEqual([]);
  });

  it('every field of an object that has a resolver of its own declares its access', () => {
    const providers = api.app.get(DiscoveryService, { strict: false }).getProviders();
    const resolvers = providers.flatMap(({ instance, metatype }) => {
      if (typeof instance !== 'object' || instance === null || typeof metatype !== 'function') return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, object> | null;
      const methods = Object.values(Object.getOwnPropertyDescriptors(prototype ?? {})).map(
        ({ value }) => value as unknown,
      );
      return methods
        .filter((method) => typeof method === 'function')
        .filter((method) => Reflect.getMetadata('graphql:resolve_property', method) === true)
        .map((method) => ({
          name: `${metatype.name}.${method.name}`,
          access: registry.accessOfHandler(method, metatype),
        }));
    });
    expect(resolvers.length).toBeGreaterThan(5);
    expect(resolvers.filter(({ access }) => !access)).toEqual([]);
  });
});
