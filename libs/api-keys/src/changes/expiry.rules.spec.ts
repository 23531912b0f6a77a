import { Input } from '#kernel';
import { checkExpiry } from './expiry.rules.js';

const NOW = new Date('2028-02-29T12:00:00.000Z');
const MINUTE_MS = 60_000;
const after = (ms: number) => new Date(NOW.getTime() + ms);
/** There is no 29 February 2038: ten years later is the day after. */
const LATEST = new Date('2038-03-01T12:00:00.000Z');

it.each([
  ['a minute ahead', after(MINUTE_MS), undefined],
  ['a millisecond less than a minute ahead', after(MINUTE_MS - 1), 'NOT_IN_FUTURE'],
  ['now', NOW, 'NOT_IN_FUTURE'],
  ['past', after(-1), 'NOT_IN_FUTURE'],
  ['no instant at all', new Date(Number.NaN), 'NOT_IN_FUTURE'],
  ['ten years ahead', LATEST, undefined],
  ['a millisecond more than ten years ahead', new Date(LATEST.getTime() + 1), 'OUT_OF_RANGE'],
])('an expiry that is %s is accepted, or refused with its code', (_, expiresAt, code) => {
  const check = () => new Input(expiresAt, ['input', 'expiresAt']).read((input) => checkExpiry(input, NOW));
  if (code === undefined) expect(check).not.toThrow();
  else {
    const problem = expect.objectContaining({ path: ['input', 'expiresAt'], code });
    expect(check).toThrow(expect.objectContaining({ problems: [problem] }));
  }
});
