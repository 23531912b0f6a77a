import { buildSchema, type DocumentNode, Kind, parse } from 'graphql';
import type { AccessRegistry } from './access-registry.js';
import { OperationGate } from './operation-gate.js';

const SCHEMA = buildSchema('type Query { open: String closed: String next: Query }');
const registry = {
  accessOf: (coordinate: string) =>
    coordinate === 'Query.open' ? { kind: 'public' } : { kind: 'scopes', tenant: 'required', scopes: ['closed'] },
} as AccessRegistry;
const gate = new OperationGate(registry);

const operationsOf = (document: DocumentNode) =>
  document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

describe('operation gate', () => {
  it.each([
    ['query A { open } query B { closed }', {}],
    ['query A($v: Boolean!) { open @skip(if: $v) } query B($v: Boolean!) { closed @skip(if: $v) }', { v: false }],
  ])(
    'the operation gate keeps the operations of a document that was parsed without locations apart: %s',
    (text, variables) => {
      const document = parse(text, { noLocation: true });
      const refused = () =>
        operationsOf(document).map((operation) => gate.refusals(SCHEMA, document, operation, variables, null).length);
      expect(refused()).toEqual([0, 1]);
      expect(refused()).toEqual([0, 1]);
    },
  );

  it('the operation gate remembers an operation by the values of its conditions', () => {
    const document = parse('query ($v: Boolean!, $w: Boolean!) { open @skip(if: $v) closed @include(if: $w) }');
    const [operation] = operationsOf(document);
    if (!operation) throw new Error('The document has no operation.');
    const ask = (v: boolean, w: boolean) =>
      gate.needs(SCHEMA, document, operation, { v, w }).map(({ coordinate }) => coordinate);
    for (let times = 0; times < 2; times++) {
      expect(ask(false, true)).toEqual(['Query.open', 'Query.closed']);
      expect(ask(true, false)).toEqual([]);
      expect(ask(false, false)).toEqual(['Query.open']);
      expect(ask(true, true)).toEqual(['Query.closed']);
    }
  });

  /** Fragments that multiply: 15 fields that declare access, for 3 tokens of an operation. */
  const MULTIPLIED = `fragment F on Query { a: next { ...G } b: next { ...G } c: next { ...G } }
    fragment G on Query { a: next { open } b: next { closed } }`;
  const NAMES = [...'stuvwxyz'];
  it.each([
    ['operations', Array.from({ length: 100 }, (_, n) => `query Q${n} { ...F }`).join(' ')],
    [
      'values of its variables',
      `query (${NAMES.map((name) => `$${name}: Boolean!`).join()}) {
        ${NAMES.map((name) => `${name}: open @skip(if: $${name})`).join(' ')} ...F }`,
    ],
  ])(
    'the operation gate remembers at most as many fields of a document as it has tokens, however many %s it has',
    (_, operations) => {
      const document = parse(`${operations} ${MULTIPLIED}`);
      const valuesOf = (n: number) => Object.fromEntries(NAMES.map((name, bit) => [name, (n & (1 << bit)) > 0]));
      const walkAll = () =>
        operationsOf(document).flatMap((operation) =>
          Array.from({ length: 64 }, (_, n) => gate.needs(SCHEMA, document, operation, valuesOf(n))),
        );
      const first = walkAll();
      const remembered = new Set(walkAll().filter((needs, n) => needs === first[n]));
      expect(remembered.size).toBeGreaterThan(5);
      const fields = [...remembered].reduce((sum, needs) => sum + needs.length, 0);
      expect(fields).toBeLessThanOrEqual(document.tokenCount ?? 0);
    },
  );
});
