import { buildSchema, getOperationAST, parse } from 'graphql';
import { compiledSize } from './compiled-size.js';

const schema = buildSchema(`
  interface Named { name: String self: Named }
  type A implements Named { name: String self: Named }
  type B implements Named { name: String self: Named }
  type C implements Named { name: String self: Named }
  type Query { named: Named a(id: ID): A }
`);
const sizeOf = (text: string) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('There is no operation.');
  return compiledSize(schema, document, operation);
};

it.each([
  ['a field', '{ a { name } }', 2],
  ['a field that is written twice', '{ a { name name } }', 3],
  ['a variable', 'query ($id: ID) { a(id: $id) { name } }', 3],
  ['a fragment, for each of its spreads', '{ a { ...F } b: a { ...F } } fragment F on A { name }', 4],
  ['fields below an interface, for each possible type', '{ named { name } }', 4],
  ['an inline fragment', '{ named { ... on A { name self { name } } } }', 16],
])('the size of compiled code counts %s', (_, text, size) => {
  expect(sizeOf(text)).toBe(size);
});

it('the size of compiled code is computed by one walk of each fragment, however much they multiply', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on A { self { ...G${n} } }
    fragment G${n} on Named { ... on A { ...F${n + 1} ...F${n + 1} } }`,
  );
  const begunAt = performance.now();
  expect(sizeOf(`{ a { ...F0 } } ${fragments.join('\n')} fragment F60 on A { name }`)).toBeGreaterThan(1e30);
  expect(performance.now() - begunAt).toBeLessThan(1_000);
});
