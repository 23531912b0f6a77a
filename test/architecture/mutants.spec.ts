import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DOCUMENT_MUTANTS } from '../../tools/mutants/document-mutants.js';
import { MORE_MUTANTS } from '../../tools/mutants/more-mutants.js';
import { MUTANTS } from '../../tools/mutants/mutants.js';

const ROOT = resolve(import.meta.dirname, '../..');
const mutants = [...MUTANTS, ...MORE_MUTANTS, ...DOCUMENT_MUTANTS];

describe('the defects that npm run test:mutants plants', () => {
  it('are at least 25, each by a name of its own', () => {
    expect(new Set(mutants.map(({ defect }) => defect)).size).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThanOrEqual(25);
  });

  it.each(mutants)('$defect: applies once, and there is a spec to notice it', ({ file, from, to, spec }) => {
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    expect(text.split(from).length - 1).toBe(1);
    expect(to).not.toBe(from);
    expect(existsSync(resolve(ROOT, spec))).toBe(true);
  });
});
