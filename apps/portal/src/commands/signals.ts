import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** As shells tell it. */
let stop = (signal: Signal): void => process.exit(128 + constants.signals[signal]);

/**
 * A command that is told to stop exits. Left to themselves signals would end it without a word to what it started, such
 * as the embedded server, and as the first process of a container it would not hear them at all.
 */
export function exitOnSignals(): void {
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
}

/** From now on, this instead. */
export function onSignals(work: (signal: Signal) => void): void {
  stop = work;
}
