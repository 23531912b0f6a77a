import { progressOf } from './progress.js';

function written(isTTY: boolean, counts: readonly number[]): string {
  let text = '';
  const progress = progressOf('rows read', { isTTY, write: (chunk: string | Uint8Array) => Boolean((text += chunk)) });
  for (const count of counts) progress.report(count);
  progress.end();
  return text;
}

it('on a terminal, progress is one line that is written again', () => {
  expect(written(true, [1_000, 2_000])).toBe('\r1000 rows read\r2000 rows read\n');
});

it('in a log, progress is a line for each 100,000, and no line for short work', () => {
  expect(written(false, [1_000, 99_000])).toBe('');
  expect(written(false, [99_999, 100_000, 150_000, 205_000])).toBe('100000 rows read\n205000 rows read\n');
});
