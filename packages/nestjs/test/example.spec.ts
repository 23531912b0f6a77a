import { InstalledExample } from './installed-example.js';
import { README_WIRING } from './readme-wiring.js';

describe('an application with GraphQL that is installed from the tarball', () => {
  let example: InstalledExample;
  beforeAll(async () => {
    example = await InstalledExample.of('minimal-nest-app');
    await example.write('src/from-readme.ts', README_WIRING);
  });
  afterAll(() => example.remove());

  it('strict TypeScript compiles it and the wiring of the README, and finds no error in the declarations of the package', () => {
    expect(example.compile()).toBe('');
  });

  it('the compiled application passes its own tests', async () => {
    expect(await example.test()).toMatch(/^(?:#|ℹ) fail 0$/m);
  });

  it('one copy of each framework is installed', () => {
    const frameworks = ['@mikro-orm/core', '@nestjs/core', 'graphql', 'kysely', 'pg'];
    expect(example.copiesOf(...frameworks)).toEqual(frameworks.map((name) => `node_modules/${name}`));
  });
});
