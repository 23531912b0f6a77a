import { InstalledExample } from './installed-example.js';

const GRAPHQL = ['graphql', '@nestjs/graphql', '@nestjs/apollo', '@apollo/server', 'fastify'];

describe('an application beside TypeORM that is installed from the tarball', () => {
  let example: InstalledExample;
  beforeAll(async () => {
    example = await InstalledExample.of('beside-typeorm');
  });
  afterAll(() => example.remove());

  it('neither GraphQL nor Fastify is installed, and one copy of each framework', () => {
    expect(example.copiesOf(...GRAPHQL)).toEqual([]);
    const frameworks = ['@mikro-orm/core', '@nestjs/core', 'kysely', 'pg', 'typeorm'];
    expect(example.copiesOf(...frameworks)).toEqual(frameworks.map((name) => `node_modules/${name}`));
  });

  it('strict TypeScript compiles it, and finds no error in the declarations of the package', () => {
    expect(example.compile()).toBe('');
  });

  it('the compiled application passes its own tests', async () => {
    expect(await example.test()).toMatch(/^(?:#|ℹ) fail 0$/m);
  });
});
