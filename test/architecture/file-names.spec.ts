import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(ROOT, 'CONTRIBUTING.md'), 'utf8');
const listed = /`thing\.role\.ts`[^`]*`([a-z ]+)`/.exec(page)?.[1]?.split(' ') ?? [];
const rolesInUse = globSync('{libs,apps}/*/src/**/*.ts', { cwd: ROOT })
  .map((file) => basename(file).split('.').slice(1, -1).at(-1))
  .filter((role) => role !== undefined);

describe('the roles that CONTRIBUTING.md lists for names of files', () => {
  it('are all that the files bear', () => {
    expect(rolesInUse.length).toBeGreaterThan(100);
    expect([...new Set(rolesInUse)].filter((role) => !listed.includes(role))).toEqual([]);
  });

  it('are each borne by a file', () => {
    expect(listed.filter((role) => !rolesInUse.includes(role))).toEqual([]);
  });
});
