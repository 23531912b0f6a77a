import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../../..');
const [tarball = ''] = globSync(join(ROOT, 'dist/packages/*.tgz'));
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-progress'];
/** What an earlier run of an example has made in its folder. */
const MADE = ['node_modules', 'dist', '.data'];
const FORMAT = {
  getCurrentDirectory: () => ROOT,
  getCanonicalFileName: (name: string) => name,
  getNewLine: () => '\n',
};

const run = promisify(execFile);

/** An example in a folder of its own, outside the repository: nothing of the repository can be found from there. */
export class InstalledExample {
  private constructor(private readonly folder: string) {}

  /** @throws with all that npm has printed, where an installation fails */
  static of(name: string): Promise<InstalledExample> {
    return InstalledExample.in(join('examples', name));
  }

  /** @param versions other versions of packages than those in the manifest of the folder, and further packages */
  static async in(path: string, versions: Record<string, string> = {}): Promise<InstalledExample> {
    const source = join(ROOT, path);
    const made = MADE.map((folder) => join(source, folder));
    const folder = await mkdtemp(join(tmpdir(), `latchkey-${basename(path)}-`));
    await cp(source, folder, { recursive: true, filter: (file) => !made.includes(file) });
    const manifest = join(folder, 'package.json');
    const own = JSON.parse(await readFile(manifest, 'utf8')) as { dependencies: Record<string, string> };
    Object.assign(own.dependencies, versions, { '@latchkey/nestjs': `file:${tarball}` });
    await writeFile(manifest, JSON.stringify(own));
    const example = new InstalledExample(folder);
    await example.npm(INSTALL);
    return example;
  }

  /** Compiles the example with strict TypeScript. @returns the errors in the example and in the declarations of the package */
  compile(): string {
    const { config } = ts.readConfigFile(join(this.folder, 'tsconfig.json'), ts.sys.readFile) as { config: object };
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, this.folder);
    const program = ts.createProgram(fileNames, { ...options, strict: true, skipLibCheck: false });
    // Not those of other packages: some name packages that nobody has to install.
    const files = program
      .getSourceFiles()
      .filter(({ fileName }) => /^(?!.*\/node_modules\/(?!@latchkey\/))/.test(fileName));
    if (files.filter(({ fileName }) => fileName.includes('@latchkey')).length < 50)
      throw new Error('The example does not reach the declarations of the package.');
    const checked = files.flatMap((file) => program.getSemanticDiagnostics(file));
    const emitted = files.flatMap((file) => (file.isDeclarationFile ? [] : program.emit(file).diagnostics));
    return ts.formatDiagnostics([...program.getOptionsDiagnostics(), ...checked, ...emitted], FORMAT);
  }

  /** Runs the tests of the compiled example. @returns what they have printed */
  test(environment: Record<string, string> = {}): Promise<string> {
    return this.npm(['test', '--ignore-scripts'], environment);
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.folder, file), text);
  }

  copy(from: string, to: string): Promise<void> {
    return cp(join(this.folder, from), join(this.folder, to), { recursive: true });
  }

  /** The places of the packages with these names, as seen from the folder. */
  copiesOf(...names: string[]): string[] {
    const copies = globSync(`**/node_modules/{${names.join(',')}}/package.json`, { cwd: this.folder });
    return copies.map((file) => dirname(file)).toSorted();
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async npm(args: string[], environment: Record<string, string> = {}): Promise<string> {
    // The Node.js of this process comes first, whatever the machine has.
    const env = {
      ...process.env,
      ...environment,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    };
    try {
      return (await run('npm', args, { cwd: this.folder, env, maxBuffer: 2 ** 26 })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`npm ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }
}
