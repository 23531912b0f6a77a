import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** A whole run loads several of these files as one; see `test/jest.config.mjs`. */
describe('a spec file of test/e2e', () => {
  const files = globSync('test/e2e/*.spec.ts', { cwd: ROOT });

  it('has each of its hooks in a describe: outside it would be a hook of other files, too', () => {
    expect(files.length).toBeGreaterThan(50);
    const hooked = files.filter((file) =>
      /^(const \w+ = )?((before|after)(All|Each)|ownTenant|watchPortal)\(/m.test(
        readFileSync(resolve(ROOT, file), 'utf8'),
      ),
    );
    expect(hooked).toEqual([]);
  });
});
