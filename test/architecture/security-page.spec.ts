import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(ROOT, 'SECURITY.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| T\d+ /.test(line));
const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe('SECURITY.md', () => {
  it('SECURITY.md numbers its threats from T1 on, each once, in order', () => {
    const numbers = rows.map((row) => Number(/^\| T(\d+) /.exec(row)?.[1]));
    expect(numbers.length).toBeGreaterThan(50);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('SECURITY.md names a proof for each threat', () => {
    expect(rows.filter((row) => !/`[\w./-]+\.spec\.ts`|`npm run [\w:]+`/.test(row))).toEqual([]);
  });

  it('SECURITY.md names only tests and commands that exist', () => {
    const specs = page.match(/(?:test|libs|apps|tools)\/[\w./-]+\.spec\.ts/g) ?? [];
    expect(specs.length).toBeGreaterThan(50);
    expect(specs.filter((spec) => !existsSync(resolve(ROOT, spec)))).toEqual([]);
    const commands = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});
