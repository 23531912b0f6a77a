import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(ROOT, 'CONTRIBUTING.md'), 'utf8');
const listed = /`thing\.role\.ts`[^`]*`([a-z ]+)`/.exec(page)?.[1]?.split(' ') ?? [];
const rolesInUse = globSync('{libs,apps}/*/src/**/*.ts', { cwd: ROOT })
  .map((file) => basename(file).split('.').slice(1, -1).at(-1))
  .filter((role) => role !== undefined);

describe('file names', () => {
  it('CONTRIBUTING.md lists every role that the names of files use', () => {
    expect(rolesInUse.length).toBeGreaterThan(100);
    expect([...new Set(rolesInUse)].filter((role) => !listed.includes(role))).toEqual([]);
  });

  it('each role that CONTRIBUTING.md lists is in use', () => {
    expect(listed.filter((role) => !rolesInUse.includes(role))).toEqual([]);
  });
});
