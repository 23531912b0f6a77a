import { upTo } from './up-to.js';

const at = (text: string) => Date.parse(`2030-01-01T${text}Z`);

it.each([
  ['04:00:01', '04:10:00'],
  ['04:09:59', '04:10:00'],
  ['04:59:59', '05:00:00'],
])('a page that is read at %s counts use up to %s', (now, end) => {
  expect(upTo(at(now), 10)).toBe(at(end));
});
