import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { groupsOf, LONGEST } from '../support/spec-order.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** A hook at the left margin belongs to no `describe`. */
const OUTER_HOOK = /^(const [^=]+ = )?((before|after)(All|Each)|ownTenant|watch[A-Z]\w*|use[A-Z]\w*)\(/m;

describe('groups of spec files', () => {
  const contentOf = (file: string) => readFileSync(resolve(ROOT, file), 'utf8');
  const grouped = groupsOf(ROOT).flat();

  it('spec files that run in a group have every hook inside a describe: an outer hook would run for the whole group', () => {
    expect(grouped.length).toBeGreaterThan(80);
    expect(grouped.filter((file) => OUTER_HOOK.test(contentOf(file)))).toEqual([]);
  });

  it('the spec files that start first exist', () => {
    expect(LONGEST.filter((file) => !existsSync(resolve(ROOT, file)))).toEqual([]);
  });

  it('no spec file sets its own time limit: the limit is in test/jest.config.mjs, and a long run changes it', () => {
    const limited = [...grouped, ...LONGEST].filter((file) =>
      /jest\.setTimeout\(|^ *(\}, )?\d{2,3}_000(,|\);)$/m.test(contentOf(file)),
    );
    expect(limited).toEqual([]);
  });
});
