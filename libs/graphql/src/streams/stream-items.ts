import type { StreamItem } from './subscription.js';

/** Where the items of a stream come from, after the place at which the stream begins. */
export interface StreamSource<Value> {
  /** Waits for the next item. Resolves with undefined when there is none any more, also because of `end`. */
  next: () => Promise<StreamItem<Value> | undefined>;
  /** The stream is over: `next` waits no longer. */
  end: () => unknown;
}

/**
 * What the resolver of a subscription returns: the place `start`, then the items of `source`. Not a generator, which could not be ended
 * while it waits.
 */
export function streamItems<Value>(
  start: string | undefined,
  source: StreamSource<Value>,
): AsyncIterableIterator<StreamItem<Value>> {
  let hasBegun = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (hasBegun) {
        const value = await source.next();
        return value ? { done: false, value } : { done: true, value };
      }
      hasBegun = true;
      return { done: false, value: { id: start } };
    },
    async return() {
      await source.end();
      return { done: true, value: undefined };
    },
  };
}
