import { HeartbeatLease } from './heartbeat-lease.js';

it('a lease holds until 1.5 s after the sending of the last question that was proven', () => {
  const lease = new HeartbeatLease();
  expect([lease.isBegun, lease.holdsAt(1), lease.reportedUntil]).toEqual([false, false, -Infinity]);
  lease.renew(1, 1_000);
  expect([lease.isBegun, lease.holdsAt(2_500), lease.holdsAt(2_501), lease.reportedUntil]).toEqual([
    true,
    true,
    false,
    1_000,
  ]);
  lease.renew(2, 2_000);
  expect([lease.holdsAt(3_500), lease.reportedUntil]).toEqual([true, 2_000]);
});

it("a tenant's own write is reported once a question is proven that was sent after the write", () => {
  const lease = new HeartbeatLease();
  lease.renew(1, 1_000);
  lease.noteOwnWrite('a', 3);
  expect([lease.ownWritesAreReported('a'), lease.ownWritesAreReported('b')]).toEqual([false, true]);
  lease.renew(2, 1_100);
  expect(lease.ownWritesAreReported('a')).toBe(false);
  lease.renew(3, 1_200);
  expect(lease.ownWritesAreReported('a')).toBe(true);
});

it('a write that is bound to no tenant counts for every tenant', () => {
  const lease = new HeartbeatLease();
  lease.noteOwnWrite(null, 1);
  expect(lease.ownWritesAreReported('a')).toBe(false);
  lease.renew(1, 1_000);
  expect(lease.ownWritesAreReported('a')).toBe(true);
});

it('a lease that is ended holds no more and waits for no write', () => {
  const lease = new HeartbeatLease();
  lease.renew(1, 1_000);
  lease.noteOwnWrite('a', 2);
  lease.end();
  expect([lease.isBegun, lease.holdsAt(1_001), lease.ownWritesAreReported('a')]).toEqual([false, false, true]);
});
