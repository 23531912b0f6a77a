import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unusedExports } from '../support/unused-exports.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** For applications that use the rooms and are not in this repository. */
const OFFERED = [
  'libs/sessions/src/index.ts: SessionsOptions',
  'libs/sessions/src/index.ts: TokenRules',
  'libs/sessions/src/index.ts: readSessionToken',
];

describe('exports', () => {
  it('each export of a room or of the application is imported somewhere, or offered to other applications', () => {
    expect(unusedExports(ROOT)).toEqual(OFFERED);
  });

  it('an export that nobody imports is found', async () => {
    const root = await mkdtemp(join(tmpdir(), 'exports-'));
    const write = (file: string, text: string) => writeFile(join(root, file), text);
    await mkdir(join(root, 'libs/a/src'), { recursive: true });
    await write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
    await write('package.json', '{ "type": "module" }');
    await write('mikro-orm.config.ts', `import { used } from './libs/a/src/index.js'; used();`);
    await write('libs/a/src/index.ts', `export { used, unused as renamed } from './one.js';`);
    await write(
      'libs/a/src/one.ts',
      `export interface Answer {} export const used = (): Answer => ({}); export const unused = 1; export class Lost {}`,
    );
    expect(unusedExports(root)).toEqual(['libs/a/src/index.ts: renamed', 'libs/a/src/one.ts: Lost']);
    await rm(root, { recursive: true });
  });
});
