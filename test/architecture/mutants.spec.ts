import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ALL_MUTANTS } from '../../tools/mutants/all-mutants.js';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(ROOT, file), 'utf8');

/** The text that the titles of a spec come from: its own, and the tables that it imports. */
function titlesOf(spec: string): string {
  const text = read(spec);
  const tables = [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, path]) => join(dirname(spec), `${path}.ts`));
  const audits = text.includes("from 'graphql-http'") ? ['node_modules/graphql-http/lib/audits/server.js'] : [];
  return [text, ...[...tables, ...audits].map(read)].join('\n');
}

describe('mutants', () => {
  it('npm run test:mutants plants at least 25 defects, each with a unique name', () => {
    expect(new Set(ALL_MUTANTS.map(({ defect }) => defect)).size).toBe(ALL_MUTANTS.length);
    expect(ALL_MUTANTS.length).toBeGreaterThanOrEqual(25);
  });

  it.each(ALL_MUTANTS)('the defect "$defect" applies exactly once, and its spec exists', ({ file, from, to, spec }) => {
    const text = read(file);
    expect(text.split(from).length - 1).toBe(1);
    expect(to).not.toBe(from);
    expect(existsSync(resolve(ROOT, spec))).toBe(true);
  });

  it('the filter of each defect has words of a title in its spec', () => {
    const words = ALL_MUTANTS.flatMap(({ spec, only }) => (only?.split('|') ?? []).map((word) => ({ spec, word })));
    expect(words.length).toBeGreaterThan(25);
    expect(words.filter(({ spec, word }) => !titlesOf(spec).includes(word))).toEqual([]);
  });
});
