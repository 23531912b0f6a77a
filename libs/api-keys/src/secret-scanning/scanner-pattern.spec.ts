import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiKeyFormat } from '../keys/api-key.format.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/tasks/secret-scanning.md'), 'utf8');
const [PATTERN = '', ROUTING_PATTERN = '', LEGACY_PATTERN = ''] = [...PAGE.matchAll(/`(mktp_\S+)`/g)].map(
  ([, pattern = '']) => pattern,
);

/** Scanners search all that is pushed to them by the pattern of docs/tasks/secret-scanning.md. */
describe('pattern for secret scanners', () => {
  const format = new ApiKeyFormat('mktp', true);
  const key = format.mint('a tenant');
  const routed = new ApiKeyFormat('mktp', true, true).mint('a tenant');
  const legacy = `mktp_${'aZ-_9'.repeat(9).slice(0, 43)}`;
  const foundBy = (pattern: string, text: string) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(([found]) => found).filter((found) => format.isWellFormed(found));

  it.each<[string, (one: string) => string]>([
    ['alone', (one) => one],
    ['at the end of a line', (one) => `KEY=${one}\r\nOTHER=1\n`],
    ['at the start of a line', (one) => `x\n${one}\n`],
    ['in JSON', (one) => JSON.stringify({ headers: { authorization: `Bearer ${one}` }, n: 1 })],
    ['in JSON within JSON', (one) => JSON.stringify(JSON.stringify({ key: one }))],
    ['in a URL', (one) => `https://portal.example/graphql?key=${one}&page=2#L1`],
    ['in a path', (one) => `https://portal.example/${one}/x`],
    ['in YAML and shell quotes', (one) => `key: '${one}'\nexport KEY="${one}"`.split('\n')[0] ?? ''],
    ['in XML', (one) => `<key>${one}</key>`],
    ['before a full stop', (one) => `The key is ${one}.`],
    ['behind letters', (one) => `keyIs${one} x`],
    ['behind an underscore and digits', (one) => `prod_2${one},`],
  ])('the pattern finds a key %s, whole and nothing more', (_, around) => {
    expect(foundBy(PATTERN, around(key))).toEqual([key]);
    expect(foundBy(ROUTING_PATTERN, around(routed))).toEqual([routed]);
    expect(foundBy(LEGACY_PATTERN, around(legacy))).toEqual([legacy]);
  });

  it('the pattern finds a key before further letters, as the checksum stands in the key', () => {
    expect(foundBy(PATTERN, `${key}andMore`)).toEqual([key]);
    expect(foundBy(ROUTING_PATTERN, `${routed}andMore`)).toEqual([routed]);
  });

  it('the checksum drops what the pattern of one form matches of the other form', () => {
    expect(`${key}ab`).toMatch(new RegExp(`^${ROUTING_PATTERN}$`));
    expect(foundBy(ROUTING_PATTERN, `${key}ab`)).toEqual([]);
    expect(routed.slice(0, -2)).toMatch(new RegExp(`^${PATTERN}$`));
    expect(foundBy(PATTERN, routed)).toEqual([]);
  });

  it('the pattern finds keys that follow each other', () => {
    const other = format.mint('another tenant');
    expect(foundBy(PATTERN, `${key}${other} ${key},${other}`)).toEqual([key, other, key, other]);
  });

  it('the pattern matches no shorter text and no other prefix, and its length is that of keys', () => {
    for (const text of [key.slice(0, -1), key.slice(1), `other_${key.slice(5)}`, key.replace('_', '-')])
      expect(text).not.toMatch(new RegExp(PATTERN));
    expect(key).toMatch(new RegExp(`^${PATTERN}$`));
    for (const text of [key, routed.slice(0, -1), `other_${routed.slice(5)}`])
      expect(text).not.toMatch(new RegExp(ROUTING_PATTERN));
    expect(routed).toMatch(new RegExp(`^${ROUTING_PATTERN}$`));
  });
});
