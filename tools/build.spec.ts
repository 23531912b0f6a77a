import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

jest.setTimeout(120_000);

/** A project of two files, built by the script of this one. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-build-'));

  constructor() {
    for (const file of [
      'tools/build.mjs',
      'tools/bundle.mjs',
      'tools/sources.mjs',
      'tools/start.mjs',
      '.swcrc',
      'package-lock.json',
    ])
      cpSync(join(ROOT, file), this.path(file));
    symlinkSync(join(ROOT, 'node_modules'), this.path('node_modules'));
    this.write('package.json', '{ "type": "module" }');
    this.write('mikro-orm.config.ts', 'export const config: object = {};');
    this.write(
      'apps/portal/src/main.ts',
      `const { said } = await import('../../../libs/said.js');\nconsole.log(said, ...process.argv.slice(2));`,
    );
    this.say('first');
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  write(file: string, text: string): void {
    mkdirSync(resolve(this.path(file), '..'), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  say(word: string): void {
    this.write('libs/said.ts', `export const said: string = '${word}';`);
  }

  build() {
    return run(process.execPath, [this.path('tools/build.mjs')]);
  }

  /** What `npm run portal` does: build, then run. */
  async buildAndRun(): Promise<string> {
    await this.build();
    return this.run();
  }

  async run(): Promise<string> {
    return (await run(process.execPath, [this.path('dist/portal/main.js')])).stdout.trim();
  }
}

describe('build', () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

  it('the build works for eight calls at once, with no earlier build and after a change', async () => {
    for (const word of ['first', 'second']) {
      project.say(word);
      const said = await Promise.all(Array.from({ length: 8 }, () => project.buildAndRun()));
      expect(said).toEqual(Array.from({ length: 8 }, () => word));
    }
    expect(existsSync(project.path('dist/.lock'))).toBe(false);
  });

  it('the start is a program: it checks the build, and runs the application in its own process', async () => {
    // As `npx` calls the program.
    const env = { PATH: dirname(process.execPath) };
    const start = async () => (await run(project.path('tools/start.mjs'), ['serve'], { env })).stdout.trim();
    expect(await start()).toBe('first serve');
    project.say('second');
    expect(await start()).toBe('second serve');
    project.write('libs/said.ts', 'export const = ;');
    await expect(start()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('libs/said.ts') });
  });

  it('the build leaves an earlier build of the same sources alone', async () => {
    await project.build();
    project.write('dist/portal/main.js', `console.log('kept');`);
    expect(await project.buildAndRun()).toBe('kept');
  });

  it('the build has every file in place at any time while it builds anew', async () => {
    await project.build();
    project.say('second');
    let isOver = false;
    const building = project.build().finally(() => (isOver = true));
    const said = new Set<string>();
    while (!isOver) said.add(await project.run());
    await building;
    said.add(await project.run());
    expect([...said]).toEqual(said.size === 1 ? ['second'] : ['first', 'second']);
  });

  it('the build leaves the files of the last build to a process that started with them', async () => {
    project.write(
      'apps/portal/src/main.ts',
      `console.log('started');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      console.log((await import('../../../libs/said.js')).said);
      process.exit();`,
    );
    await project.build();
    const running = run(process.execPath, [project.path('dist/portal/main.js')]);
    await once(running.child.stdout ?? running.child, 'data');
    project.say('second');
    await project.build();
    running.child.stdin?.end('now');
    expect((await running).stdout).toBe('started\nfirst\n');
  });

  it('the build keeps the names of classes, also where two modules have a class of the same name', async () => {
    project.write('libs/one.ts', `export class Same {}`);
    project.write('libs/other.ts', `class Same {}\nexport const name: string = Same.name;`);
    project.write(
      'apps/portal/src/main.ts',
      `import { Same } from "../../../libs/one.js";
      import { name } from "../../../libs/other.js";
      console.log(Same.name, name);`,
    );
    expect(await project.buildAndRun()).toBe('Same Same');
  });

  it('the build writes the text of a package in ASCII, and the package says the same', async () => {
    const text = '— ‘é’ 😀';
    project.write(
      'apps/node_modules/said/index.js',
      `exports.said = ['${text}', \`${text}\`, /^[${text}]+$/u.test('${text}')];`,
    );
    project.write('apps/portal/src/main.ts', `import { said } from 'said';\nconsole.log(said.join());`);
    expect(await project.buildAndRun()).toBe(`${text},${text},true`);
    const bundle = project.path('dist/portal');
    const ofPackages = globSync('*.js', { cwd: bundle }).filter((file) => !existsSync(join(bundle, `${file}.map`)));
    const texts = ofPackages.map((file) => readFileSync(join(bundle, file), 'utf8'));
    expect(texts.join('')).toContain('\\u2014 \\u2018\\u00e9');
    expect(texts.filter((file) => /[^\0-\x7f]/.test(file))).toEqual([]);
  });

  it('the build removes the output of a deleted source, and no other file', async () => {
    project.write('libs/gone.ts', 'export {};');
    await project.build();
    project.write('dist/bench/guard.bench.js', '');
    rmSync(project.path('libs/gone.ts'));
    await project.build();
    expect(existsSync(project.path('dist/libs/gone.js'))).toBe(false);
    expect(existsSync(project.path('dist/bench/guard.bench.js'))).toBe(true);
  });

  it('the build fails for a source that does not compile, and leaves the last build unchanged', async () => {
    await project.build();
    project.write('libs/said.ts', 'export const = ;');
    await expect(project.build()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('libs/said.ts') });
    expect(await project.run()).toBe('first');
    project.say('mended');
    expect(await project.buildAndRun()).toBe('mended');
  });

  it('the build continues after a build that was killed', async () => {
    const ended = run(process.execPath, ['--version']);
    await ended;
    project.write('dist/.lock', String(ended.child.pid));
    expect(await project.buildAndRun()).toBe('first');
    expect(readFileSync(project.path('dist/.sources'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  });
});
