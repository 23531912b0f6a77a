import { InvalidInput, Problems } from './invalid-input.js';
import { LIMITS } from './limits.js';

function problemsOf(work: (problems: Problems) => void): InvalidInput {
  const problems = new Problems();
  work(problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
  }
  throw new Error('No problem was added.');
}

it('an input with many problems lists the first 100 and counts the rest', () => {
  const { problems } = problemsOf((found) => {
    for (let index = 0; index < 32_000; index++) found.add(['ids', index], 'MALFORMED', 'is not a UUID.');
  });
  expect(problems).toHaveLength(101);
  expect(problems[99]).toEqual({ path: ['ids', 99], code: 'MALFORMED', message: 'is not a UUID.' });
  expect(problems[100]).toEqual({ path: [], code: 'TOO_MANY', message: 'And 31900 more problems.' });
});

it('an input with few problems lists each of them', () => {
  const error = problemsOf((found) => {
    found.add(['input', 'name'], 'TOO_SHORT', 'needs a character.');
    found.add(['input', 'scopes', 1], 'DUPLICATE', 'is named twice.');
  });
  expect(error.problems).toHaveLength(2);
  expect(error.message).toBe('input.name: needs a character. input.scopes.1: is named twice.');
});

it.each([
  ['a path', (found: Problems) => found.add(['input', 'x'.repeat(90_000)], 'MALFORMED', 'is not a known scope.')],
  ['a message', (found: Problems) => found.add(['input'], 'MALFORMED', 'x'.repeat(90_000))],
  [
    'all paths together',
    (found: Problems) => {
      for (let index = 0; index < 100; index++) found.add(['input', 'x'.repeat(900), index], 'MALFORMED', 'is bad.');
    },
  ],
])('the text of a problem is short, however long %s is', (_, work) => {
  const { message, problems } = problemsOf(work);
  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems).length).toBeLessThan(LIMITS.problems.length + 2_000);
  expect(message.length).toBeLessThanOrEqual(1_000);
});
