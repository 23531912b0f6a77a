import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** The exit code that shells report. */
let stop = (signal: Signal): void => process.exit(128 + constants.signals[signal]);

/**
 * Makes a command exit when it receives a signal. By default a signal would end the command without stopping what it started,
 * such as the embedded server, and the first process of a container would ignore the signal.
 */
export function exitOnSignals(): void {
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
}

/** Replaces the reaction to signals from now on. */
export function onSignals(work: (signal: Signal) => void): void {
  stop = work;
}
