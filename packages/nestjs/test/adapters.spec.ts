import { InstalledExample } from './installed-example.js';
import { README_WIRING } from './readme-wiring.js';

const NEST_11 = {
  '@as-integrations/fastify': '3.1.0',
  '@nestjs/apollo': '13.4.5',
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/graphql': '13.4.5',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/platform-fastify': '11.2.8',
  '@nestjs/testing': '11.2.6',
};
/** What the README asks for. */
const COMPILER = { module: 'nodenext', target: 'es2024', experimentalDecorators: true, emitDecoratorMetadata: true };
const FASTIFY = ['@as-integrations/fastify', '@nestjs/platform-fastify', 'fastify'];

/** Nest 12 on Fastify is the cell of `example.spec.ts`. */
describe('an application on Nest 12 and Express that is installed from the tarball', () => {
  let host: InstalledExample;
  beforeAll(async () => {
    host = await InstalledExample.in('packages/nestjs/test/peers');
  });
  afterAll(() => host.remove());

  it('operations and handlers are guarded, and no package of Fastify is installed', async () => {
    expect(await host.test({ ADAPTERS: 'Express' })).toMatch(/^(?:#|ℹ) pass 2$/m);
    expect(host.copiesOf(...FASTIFY)).toEqual([]);
  });

  it('two copies of graphql stop the start, and one sentence says what to do', async () => {
    await host.copy('node_modules/graphql', 'node_modules/@nestjs/graphql/node_modules/graphql');
    const refused = host.test({ ADAPTERS: 'Express', NODE_ENV: 'production' });
    await expect(refused).rejects.toThrow(
      '@nestjs/graphql and @latchkey/nestjs load different copies of the package graphql: run "npm ls graphql", ' +
        'choose one version for all, and run "npm dedupe".',
    );
  });
});

describe('an application on Nest 11 that is installed from the tarball', () => {
  let host: InstalledExample;
  beforeAll(async () => {
    host = await InstalledExample.in('packages/nestjs/test/peers', NEST_11);
  });
  afterAll(() => host.remove());

  it('operations and handlers are guarded, on Fastify and on Express', async () => {
    expect(await host.test({ ADAPTERS: 'Fastify,Express' })).toMatch(/^(?:#|ℹ) pass 4$/m);
  });

  it('strict TypeScript finds no error in the wiring of the README, and in the declarations of the package', async () => {
    await host.write('wiring.ts', README_WIRING);
    await host.write('tsconfig.json', JSON.stringify({ compilerOptions: COMPILER, include: ['wiring.ts'] }));
    expect(host.compile()).toBe('');
  });
});
