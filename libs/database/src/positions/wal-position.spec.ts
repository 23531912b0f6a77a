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
  ])('the bound at %p is the earliest position of the last 1.5 s', (now, expected) => {
    expect(positions.boundAt(now, 1)).toEqual(expected);
  });

  it('a position of another timeline is no bound', () => {
    expect(positions.boundAt(3_000, 2)).toBeUndefined();
  });

  it('many heartbeats within a moment do not push out the earlier positions', () => {
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
])('the later position of %p and %p is %p', (one, other, later) => {
  expect(laterOf(one, other)).toEqual(later);
});
