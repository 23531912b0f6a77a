import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ALL_MUTANTS } from '../../tools/mutants/all-mutants.js';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the defects that npm run test:mutants plants', () => {
  it('are at least 25, each by a name of its own', () => {
    expect(new Set(ALL_MUTANTS.map(({ defect }) => defect)).size).toBe(ALL_MUTANTS.length);
    expect(ALL_MUTANTS.length).toBeGreaterThanOrEqual(25);
  });

  it.each(ALL_MUTANTS)('$defect: applies once, and there is a spec to notice it', ({ file, from, to, spec }) => {
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    expect(text.split(from).length - 1).toBe(1);
    expect(to).not.toBe(from);
    expect(existsSync(resolve(ROOT, spec))).toBe(true);
  });
});
