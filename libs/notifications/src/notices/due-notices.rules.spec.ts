import { dueNotices } from './due-notices.rules.js';

const DAY = 86_400_000;
const NOW = new Date('2030-06-01T12:00:00Z');
const at = (days: number, ms = 0) => new Date(NOW.getTime() + days * DAY + ms);

describe('notices that are due before and at the end of a key', () => {
  it.each<[string, { endsAt: Date; since: Date }, string[]]>([
    ['30 days and 1 ms before the end: none', { endsAt: at(30, 1), since: at(-60) }, []],
    ['30 days before the end', { endsAt: at(30), since: at(-60) }, ['EXPIRING_30']],
    ['7 days and 1 ms before the end', { endsAt: at(7, 1), since: at(-60) }, ['EXPIRING_30']],
    ['7 days before the end', { endsAt: at(7), since: at(-60) }, ['EXPIRING_30', 'EXPIRING_7']],
    ['1 day before the end', { endsAt: at(1), since: at(-60) }, ['EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1']],
    ['1 ms before the end', { endsAt: at(0, 1), since: at(-60) }, ['EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1']],
    ['at the end', { endsAt: at(0), since: at(-60) }, ['EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1', 'EXPIRED']],
    [
      'long after the end',
      { endsAt: at(-400), since: at(-500) },
      ['EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1', 'EXPIRED'],
    ],
    ['a term of exactly 30 days', { endsAt: at(1), since: at(-29) }, ['EXPIRING_7', 'EXPIRING_1']],
    ['a term of 30 days and 1 ms', { endsAt: at(1), since: at(-29, -1) }, ['EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1']],
    ['a term of an hour', { endsAt: at(0), since: at(-1 / 24) }, ['EXPIRED']],
    ['a term that was over before it began', { endsAt: at(-2), since: at(-1) }, []],
  ])('%s', (_, term, expected) => {
    expect(dueNotices(term, NOW).map(({ notice }) => notice)).toEqual(expected);
  });
});
