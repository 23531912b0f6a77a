import { laterOf, RecentPositions, type WalPosition } from './wal-position.js';

const at = (lsn: number, timeline = 1): WalPosition => ({ timeline, lsn: BigInt(lsn) });

describe('the position that a replica must have replayed', () => {
  const positions = new RecentPositions();
  for (const seconds of [1, 1.25, 1.3, 2, 3]) positions.note(at(seconds * 100), seconds * 1000);

  it.each([
    [3_500, at(200)],
    [3_000, at(200)],
    [4_500, at(300)],
    [4_501, undefined],
  ])('at %p is the earliest one of the last 1.5 s', (now, expected) => {
    expect(positions.boundAt(now, 1)).toEqual(expected);
  });

  it('is none of another timeline', () => {
    expect(positions.boundAt(3_000, 2)).toBeUndefined();
  });

  it('is kept of heartbeats that are apart, so that many heartbeats do not leave the latest ones only', () => {
    const many = new RecentPositions();
    for (let ms = 0; ms < 3_000; ms++) many.note(at(ms), ms);
    expect(many.boundAt(3_000, 1)).toEqual(at(1_500));
  });
});

it.each([
  [undefined, at(5), at(5)],
  [at(4), at(5), at(5)],
  [at(5), at(4), at(5)],
  [at(5), at(4, 2), at(4, 2)],
  [at(4, 2), at(5), at(4, 2)],
])('of %p and %p the later one is %p', (one, other, later) => {
  expect(laterOf(one, other)).toEqual(later);
});
