import { figuresOf, percentile } from '../support/statistics.js';
import { type Bar, printBars, printTable, shown, shownSpread } from '../support/table.js';
import { INSTANCES } from './instances.js';
import type { InstanceLag, Revocation } from './revoke.js';

/** Upper ends of the histogram's steps, in milliseconds. */
const STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, Infinity];

export function reportRevocations(seen: readonly Revocation[], seconds: number): void {
  const lags = Array.from({ length: INSTANCES }, (_, index) => seen.flatMap(({ instances }) => instances[index] ?? []));
  console.log(
    `${shown(seen.length)} revocations in ${shown(seconds)} s; reply after ${shownSpread(
      figuresOf(seen.map(({ replyMs }) => replyMs)),
    )} ms`,
  );
  const titles = lags.map((_, index) => (index === 0 ? '1, which revoked' : String(index + 1)));
  printTable(
    'From the commit to the begin of the last request that was accepted: how many revocations',
    ['ms', ...titles],
    STEPS.map((step, index) => [
      index === 0 ? 'none accepted' : step === Infinity ? 'later' : `to ${step}`,
      ...lags.map((of) => shownCount(of, STEPS[index - 1] ?? -Infinity, step)),
    ]),
  );
  printTable(
    'Milliseconds after the commit',
    ['last acceptance on instance', 'p50', 'p99', 'max', 'answered: p99', 'max', 'accepted after the reply'],
    lags.map((of, index) => [
      titles[index] ?? '',
      ...summary(of.map(({ begun }) => begun)),
      ...summary(of.map(({ answered }) => answered)).slice(1),
      String(of.reduce((sum, { acceptedAfterReply }) => sum + acceptedAfterReply, 0)),
    ]),
  );
  const all = lags.flat().map(({ begun }) => begun);
  const own = lags[0]?.reduce((sum, { acceptedAfterReply }) => sum + acceptedAfterReply, 0) ?? NaN;
  printBars([
    atMost('p99 over all instances, ms', percentile(all, 0.99), 100),
    atMost('maximum over all instances, ms', Math.max(...all), 2_000),
    atMost('accepted after the reply where it was revoked', own, 0),
  ]);
}

function atMost(what: string, reached: number, value: number): Bar {
  return { what, reached: figuresOf([reached]), bar: { at: 'most', value } };
}

const summary = (values: readonly number[]) =>
  [percentile(values, 0.5), percentile(values, 0.99), Math.max(...values)].map(shown);

function shownCount(lags: readonly InstanceLag[], above: number, to: number): string {
  const count = lags.filter(({ begun }) => begun > above && begun <= to).length;
  return count === 0 ? '' : String(count);
}
