import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../../..');
const EXAMPLE = join(ROOT, 'examples/minimal-nest-app');
const [tarball = ''] = globSync(join(ROOT, 'dist/packages/*.tgz'));
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-progress'];
/** Left out of the copy: what an earlier run of the example has made in its folder. */
const MADE = ['node_modules', 'dist', '.data'].map((name) => join(EXAMPLE, name));

const FORMAT = {
  getCurrentDirectory: () => ROOT,
  getCanonicalFileName: (name: string) => name,
  getNewLine: () => '\n',
};

const run = promisify(execFile);

/** The example in a folder of its own, outside the repository: nothing of the repository can be found from there. */
describe('an application that is installed from the tarball', () => {
  let folder: string;
  // The Node.js of this process comes first, whatever the machine has.
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };

  const npm = async (...args: string[]) =>
    run('npm', args, { cwd: folder, env, maxBuffer: 2 ** 26 }).catch((error: { stdout?: string; stderr?: string }) => {
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

  it('strict TypeScript compiles it, and finds no error in the declarations of the package', () => {
    const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile) as { config: object };
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    const program = ts.createProgram(fileNames, { ...options, skipLibCheck: false });
    // Not those of other packages: some name packages that nobody has to install.
    const files = program
      .getSourceFiles()
      .filter(({ fileName }) => /^(?!.*\/node_modules\/(?!@latchkey\/))/.test(fileName));
    const checked = files.flatMap((file) => program.getSemanticDiagnostics(file));
    const emitted = files.flatMap((file) => (file.isDeclarationFile ? [] : program.emit(file).diagnostics));
    const found = [...program.getOptionsDiagnostics(), ...checked, ...emitted];
    expect(ts.formatDiagnostics(found, FORMAT)).toBe('');
    expect(files.filter(({ fileName }) => fileName.includes('@latchkey')).length).toBeGreaterThan(100);
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
