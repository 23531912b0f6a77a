import type { Mutant } from './mutants.ts';

const FORMAT = 'libs/api-keys/src/keys/api-key.format.ts';
const FORMAT_SPEC = 'libs/api-keys/src/keys/api-key.format.spec.ts';
const ROUTING_SPEC = 'test/e2e/key-routing.spec.ts';

/** Defects in the two forms of a key: with routing letters, and without. */
export const KEY_FORMAT_MUTANTS: readonly Mutant[] = [
  {
    defect: 'the checksum of a key with routing letters is not looked at',
    file: FORMAT,
    from: 'if (crc32(plaintext.slice(0, end)) === numberAt(plaintext, end)) return true;',
    to: 'if (plaintext.length > 54 || crc32(plaintext.slice(0, end)) === numberAt(plaintext, end)) return true;',
    spec: FORMAT_SPEC,
    only: 'any one letter changed',
  },
  {
    defect: 'an instance that makes keys without routing letters refuses those with them',
    file: FORMAT,
    from: '${LENGTHS.map((length) => `[0-9A-Za-z]{${length}}`)',
    to: '${LENGTHS.slice(0, isRouting ? 2 : 1).map((length) => `[0-9A-Za-z]{${length}}`)',
    spec: ROUTING_SPEC,
    only: 'carries the letters of its tenant',
  },
  {
    defect: 'the routing letters of a key are not those of its tenant',
    file: FORMAT,
    from: 'this.isRouting ? routingLettersOf(tenantId)',
    to: 'this.isRouting ? randomBase62(ROUTING_LENGTH)',
    spec: FORMAT_SPEC,
    only: 'all keys of a tenant have the same letters',
  },
  {
    defect: 'a rotation changes the routing letters of a key',
    file: 'libs/api-keys/src/changes/rotation.service.ts',
    from: 'this.format.mint(by.tenantId)',
    to: 'this.format.mint(id)',
    spec: ROUTING_SPEC,
    only: 'carries the letters of its tenant',
  },
  {
    defect: 'the shown prefix of a key with routing letters has two random letters',
    file: FORMAT,
    from: 'return plaintext.slice(0, -HIDDEN_LENGTH);',
    to: 'return plaintext.slice(0, this.start.length + SHOWN_LENGTH);',
    spec: FORMAT_SPEC,
    only: 'the shown part of a key',
  },
  {
    defect: 'the log shows keys with routing letters and another prefix',
    file: 'apps/portal/src/redaction.ts',
    from: '[0-9A-Za-z]{45}(?:[0-9A-Za-z]{2})?|',
    to: '[0-9A-Za-z]{45}|',
    spec: 'apps/portal/src/redaction.spec.ts',
    only: 'routing letters and another prefix',
  },
];
