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

/** From now on the first signal begins `work`, and further ones change nothing. */
export function onFirstSignal(work: (signal: Signal) => void): void {
  stop = (signal) => {
    stop = () => undefined;
    work(signal);
  };
}
