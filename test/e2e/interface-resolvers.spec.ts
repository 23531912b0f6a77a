import { Module } from '@nestjs/common';
import { Field, InterfaceType, Mutation, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RequireScopes } from '#access';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

@InterfaceType({ resolveType: () => 'Lamp' })
abstract class Fixture {
  @Field()
  name!: string;
}

@ObjectType({ implements: () => [Fixture] })
class Lamp extends Fixture {}

@ObjectType({ implements: () => [Fixture] })
class Rack extends Fixture {}

/** Its fields are those of every fixture that has none of its own by that name. */
@Resolver(() => Fixture)
class FixtureResolver {
  @ResolveField(() => String)
  @RequireScopes('config:read')
  wiring(): string {
    return 'as drawn';
  }
}

const moved: string[] = [];

@Resolver(() => Lamp)
class LampResolver {
  @Query(() => Fixture)
  @RequireScopes('devices:read')
  fixture(): Fixture {
    return { name: 'lamp' };
  }

  @Mutation(() => Lamp)
  @RequireScopes('devices:read')
  moveLamp(): Lamp {
    moved.push('lamp');
    return { name: 'lamp' };
  }
}

@Resolver(() => Rack)
class RackResolver {
  @Query(() => Rack)
  @RequireScopes('devices:read')
  rack(): Rack {
    return { name: 'rack' };
  }

  @ResolveField(() => String)
  @RequireScopes('alerts:read')
  wiring(): string {
    return 'its own';
  }
}

@Module({ providers: [FixtureResolver, LampResolver, RackResolver] })
class FixturesModule {}

const NEEDS = `query ($document: String!) { requiredScopes(document: $document) { scopes } }`;

describe('fields that an interface resolves', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { imports: [FixturesModule] });

  const refusals = async (document: string, scopes: string[]) => {
    const { secret } = await api.given.apiKey({ scopes });
    const { errors } = await api.query(document, { key: secret });
    return errors.map(({ path, extensions }) => [path, extensions['requiredScopes']]);
  };

  it('a field that an interface resolves is refused before the operation runs, so no mutation is half done', async () => {
    const document = 'mutation { moveLamp { name wiring } }';
    expect(await refusals(document, ['devices:read'])).toEqual([[['moveLamp', 'wiring'], ['config:read']]]);
    expect(moved).toEqual([]);
    expect(await refusals(document, ['devices:read', 'config:read'])).toEqual([]);
    expect(moved).toEqual(['lamp']);
  });

  it('a field that an interface resolves needs the declaration of the interface, or of the object that resolves it itself', async () => {
    const scopes = ['devices:read', 'alerts:read'];
    expect(await refusals('{ rack { wiring } }', scopes)).toEqual([]);
    expect(await refusals('{ fixture { wiring } }', scopes)).toEqual([[['fixture', 'wiring'], ['config:read']]]);
  });

  it.each([
    ['mutation { moveLamp { wiring } }', ['config:read', 'devices:read']],
    ['{ rack { wiring } }', ['alerts:read', 'devices:read']],
    ['{ fixture { wiring } }', ['alerts:read', 'config:read', 'devices:read']],
    ['{ fixture { ... on Lamp { wiring } } }', ['config:read', 'devices:read']],
  ])(
    'a field that an interface resolves is among the fields that requiredScopes lists for %s',
    async (document, expected) => {
      const { secret } = await api.given.apiKey();
      const answer = await api.query(NEEDS, { key: secret, variables: { document } });
      expect(answer.at('requiredScopes.scopes')).toEqual(expected);
    },
  );

  it.each(['Fixture', 'Lamp'])(
    'a field that an interface resolves names its access in the description of %s',
    async (type) => {
      const answer = await api.query(`{ __type(name: "${type}") { fields { name description } } }`);
      expect(answer.at('__type.fields')).toContainEqual({
        name: 'wiring',
        description: 'Access: needs `config:read`.',
      });
    },
  );
});
