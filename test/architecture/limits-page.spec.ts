import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '#kernel';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8');

it('docs/limits.md lists the limits of the code', () => {
  const listed = [...PAGE.matchAll(/^\| `([A-Z_]+)` \| ([\d,]+) \|/gm)].map(([, reason, limit = '']) => [
    reason,
    Number(limit.replaceAll(',', '')),
  ]);
  expect(Object.fromEntries(listed)).toEqual({
    TOKENS: LIMITS.tokens,
    DEPTH: LIMITS.depth,
    ALIASES: LIMITS.aliases,
    ROOT_FIELDS: LIMITS.rootFields,
    DIRECTIVES: LIMITS.directives,
    COST: LIMITS.cost,
    NAME_LENGTH: LIMITS.nameLength,
    FIELDS: LIMITS.fields,
  });
});
