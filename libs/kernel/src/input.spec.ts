import { Input } from './input.js';
import { InvalidInput } from './invalid-input.js';

/** The problems of an input, each as its code and path. */
function problemsOf<Value>(input: Input<Value>, read: (input: Input<Value>) => unknown): string[] {
  try {
    input.read(read);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ code, path }) => `${code} at ${path.join('.')}`);
  }
}

const ID = '0b8e5c3e-8a3f-4a58-9d2b-1f6f7f2f9a01';

it('a value that is read is returned in the form in which it is stored', () => {
  const sent = { name: ' x ', id: ID.toUpperCase(), note: ' ', size: 5, at: new Date(0), metadata: { a: [1] } };
  const read = Input.argument('input', sent).read((input) => ({
    name: input.at('name').text({ max: 1 }),
    id: input.at('id').id(),
    note: input.at('note').description(),
    size: input.at('size').wholeNumber({ min: 5, max: 5 }),
    at: input.at('at').instant(),
    metadata: input.at('metadata').metadata(),
  }));
  expect(read).toEqual({ name: 'x', id: ID, note: null, size: 5, at: new Date(0), metadata: { a: [1] } });
});

it('every refused value of one input is reported at once, each with the path that leads to it', () => {
  const year10000 = new Date('9999-12-31T23:30:00-01:00');
  const sent = {
    name: 'xy',
    ids: [ID, 'no id'],
    size: 4,
    at: year10000,
    metadata: JSON.parse('{"a":{"__proto__":1}}'),
  };
  const problems = problemsOf(Input.argument('input', sent), (input) => {
    input.at('name').text({ max: 1 });
    for (const id of input.at('ids').items()) id.id();
    input.at('size').wholeNumber({ min: 5, max: 5 });
    input.at('at').instant();
    input.at('metadata').metadata();
  });
  expect(problems).toEqual([
    'TOO_LONG at input.name',
    'MALFORMED at input.ids.1',
    'OUT_OF_RANGE at input.size',
    'OUT_OF_RANGE at input.at',
    'MALFORMED at input.metadata.a.__proto__',
  ]);
});

it('the members of an input that is no single argument are the arguments themselves', () => {
  expect(problemsOf(new Input({ id: 'no id' }), (input) => input.at('id').id())).toEqual(['MALFORMED at id']);
});

it('a member that is null or left out is not given', () => {
  const input = new Input<{ one?: string | null; other?: string | null; third: string }>({ one: null, third: '' });
  expect([input.given('one'), input.given('other'), input.given('third')?.value]).toEqual([undefined, undefined, '']);
});

it('another value at the same path is refused at that path', () => {
  const problems = problemsOf(Input.argument<{ id?: string }>('input', {}), (input) => input.at('id').as('no id').id());
  expect(problems).toEqual(['MALFORMED at input.id']);
});

it('a copy has the problems found so far, and its own problems stay out of the original', () => {
  const input = new Input({ one: 'no id', other: 'no id' });
  input.at('one').id();
  const copy = input.copy();
  copy.at('other').id();
  expect(problemsOf(copy, () => undefined)).toEqual(['MALFORMED at one', 'MALFORMED at other']);
  expect(problemsOf(input, () => undefined)).toEqual(['MALFORMED at one']);
});

it('an input knows which of its values were refused, however many there are', () => {
  const input = new Input({ ids: Array.from({ length: 200 }, () => 'no id'), name: 'x' });
  expect(input.isAnyRefused).toBe(false);
  const ids = input.at('ids').items();
  for (const id of ids) id.id();
  expect(input.isAnyRefused).toBe(true);
  expect(ids.every((id) => id.isRefused)).toBe(true);
  expect([input.at('ids').isRefused, input.at('name').isRefused]).toEqual([false, false]);
});

it('a member that is no text is refused where a text is read', () => {
  const body = { text: 5, id: {}, description: ['x'] } as unknown as Record<'text' | 'id' | 'description', string>;
  const problems = problemsOf(new Input(body), (input) => {
    input.at('text').text({ max: 5 });
    input.at('id').id();
    input.at('description').description();
  });
  expect(problems).toEqual(['MALFORMED at text', 'MALFORMED at id', 'MALFORMED at description']);
});
