import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');
const EXAMPLE = join(ROOT, 'examples/minimal-nest-app');
const [tarball = ''] = globSync(join(ROOT, 'dist/packages/*.tgz'));
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-progress'];
/** Left out of the copy: what an earlier run of the example has made in its folder. */
const MADE = ['node_modules', 'dist', '.data'].map((name) => join(EXAMPLE, name));

/** Declarations of peers that name packages which nobody has to install, or names that TypeScript does not know. */
const INCOMPLETE_PEERS = [
  'node_modules/@nestjs/apollo/dist/interfaces/apollo-gateway-driver-config.interface.d.ts',
  'node_modules/@nestjs/graphql/dist/graphql-ast.explorer.d.ts',
  'node_modules/postgres-interval/index.d.ts',
];

const run = promisify(execFile);

/** The example in a folder of its own, outside the repository: nothing of the repository can be found from there. */
describe('an application that is installed from the tarball', () => {
  let folder: string;

  const npm = async (...args: string[]) =>
    run('npm', args, { cwd: folder, maxBuffer: 2 ** 26 }).catch((error: { stdout?: string; stderr?: string }) => {
      throw new Error(`npm ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`, { cause: error });
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-example-'));
    await cp(EXAMPLE, folder, { recursive: true, filter: (file) => !MADE.includes(file) });
    const manifest = join(folder, 'package.json');
    const own = JSON.parse(await readFile(manifest, 'utf8')) as { dependencies: Record<string, string> };
    own.dependencies['@latchkey/nestjs'] = `file:${tarball}`;
    await writeFile(manifest, JSON.stringify(own));
    await npm(...INSTALL);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('strict TypeScript compiles it, without skipLibCheck, and finds nothing in the package', async () => {
    const compile = [join('node_modules', 'typescript', 'bin', 'tsc'), '--skipLibCheck', 'false'];
    const { stdout } = await run(process.execPath, compile, { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    const places = stdout.split('\n').flatMap((line) => /^([^ (].*?)\(\d+,\d+\): error/.exec(line)?.[1] ?? []);
    expect(places.filter((place) => !INCOMPLETE_PEERS.includes(place))).toEqual([]);
  });

  it('the compiled application passes its own tests', async () => {
    expect((await npm('test', '--ignore-scripts')).stdout).toMatch(/^(?:#|ℹ) fail 0$/m);
  });

  it('one copy of each framework is installed', async () => {
    const copies = globSync('**/node_modules/{graphql,@nestjs/core,@mikro-orm/core,kysely,pg}/package.json', {
      cwd: folder,
    });
    expect(copies.filter((file) => file.lastIndexOf('node_modules/') > 0)).toEqual([]);
    expect(copies).toHaveLength(5);
  });
});
