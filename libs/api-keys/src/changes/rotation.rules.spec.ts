import { earlierOf, endOfOverlap } from './rotation.rules.js';

const NOW = new Date('2030-01-01T00:00:00.000Z');
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

it.each([
  ['after the overlap that was asked for', { overlapSeconds: 60 }, after(60)],
  ['at once, where no overlap was asked for', { overlapSeconds: 0 }, NOW],
  ['after the longest overlap of the policy', { overlapSeconds: 60, maxOverlapSeconds: 60 }, after(60)],
  ['no later than the policy allows', { overlapSeconds: 61, maxOverlapSeconds: 60 }, after(60)],
  ['at once, where the policy allows no overlap', { overlapSeconds: 60, maxOverlapSeconds: 0 }, NOW],
  ['with a key that expires during the overlap', { overlapSeconds: 60, expiresAt: after(59) }, after(59)],
  ['before a key that expires after the overlap', { overlapSeconds: 60, expiresAt: after(61) }, after(60)],
  [
    'at the earliest of overlap, policy and expiry',
    { overlapSeconds: 90, maxOverlapSeconds: 60, expiresAt: after(30) },
    after(30),
  ],
])('the old secret of a rotated key stops %s', (_, overlap, expected) => {
  expect(endOfOverlap({ now: NOW, maxOverlapSeconds: 3_600, expiresAt: null, ...overlap })).toEqual(expected);
});

it.each([
  ['the first instant', after(1), after(2), after(1)],
  ['the second instant', after(2), after(1), after(1)],
  ['either of two equal instants', after(1), after(1), after(1)],
  ['the first instant, where the second is null', after(1), null, after(1)],
])('the earlier of two instants is %s', (_, one, other, expected) => {
  expect(earlierOf(one, other)).toEqual(expected);
});
