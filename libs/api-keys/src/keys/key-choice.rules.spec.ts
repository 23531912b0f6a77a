import { Input, InvalidInput } from '#kernel';
import { readKeyChoice } from './key-choice.rules.js';

function problemsOf(ids: readonly string[]): string[] {
  const input = Input.argument('input', { ids });
  readKeyChoice(input);
  try {
    input.throwIfRefused();
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems.map(({ path, code }) => `${path.join('.')} ${code}`);
  }
  return [];
}

it.each([
  ['a list that is too long is refused as such', Array.from({ length: 101 }, () => 'no id'), ['input.ids TOO_MANY']],
  ['an empty list is refused', [], ['input.ids TOO_SHORT']],
  ['each id that is none is named', ['no id', 'nor this'], ['input.ids.0 MALFORMED', 'input.ids.1 MALFORMED']],
  ['a list of ids is admitted', ['00000000-0000-4000-8000-000000000000'], []],
])('the choice of keys to revoke: %s', (_, ids, expected) => {
  expect(problemsOf(ids)).toEqual(expected);
});
