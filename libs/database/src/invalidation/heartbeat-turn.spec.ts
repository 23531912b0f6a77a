import { HeartbeatTurn } from './heartbeat-turn.js';

/** Longer than any instance waits for a senior one. */
const LATER_MS = 501;
const TICK_MS = 250;

const turn = new HeartbeatTurn();
const senior = '0'.repeat(16);
const junior = 'f'.repeat(16);

it('an instance that has heard nothing sends heartbeats', () => expect(turn.isOwn(0)).toBe(true));

it('an instance leaves the heartbeats to a senior one, though one of them is lost', () => {
  turn.note(senior, 1_000);
  expect([1_000, 1_000 + TICK_MS, 1_400].map((now) => turn.isOwn(now))).toEqual([false, false, false]);
});

it('an instance sends heartbeats half a second after the last one of a senior instance', () =>
  expect(turn.isOwn(1_000 + LATER_MS)).toBe(true));

it('an instance goes on sending heartbeats when it hears a junior one, or itself', () => {
  turn.note(junior, 2_000);
  turn.note(turn.id, 2_000);
  expect(turn.isOwn(2_000)).toBe(true);
});

it('the most senior one of a hundred instances that begin at once is left alone after their first heartbeats', () => {
  const turns = Array.from({ length: 100 }, () => new HeartbeatTurn());
  const sentAt = (now: number) => {
    const sending = turns.filter((one) => one.isOwn(now));
    for (const { id } of sending) for (const one of turns) one.note(id, now);
    return sending.length;
  };
  expect([0, TICK_MS, 2 * TICK_MS].map(sentAt)).toEqual([100, 1, 1]);
});
