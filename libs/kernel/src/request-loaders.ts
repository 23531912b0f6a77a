import DataLoader from 'dataloader';

const loaders = new WeakMap<object, Map<string, DataLoader<string, unknown>>>();

/**
 * The one loader of this name for this request. Keys that many fields of an answer ask for one by one are read together, and each
 * key once. The loader lives as long as the request object.
 * @param name unique to the reader, such as `users`
 * @param read returns a value for each key found; other keys load as null
 */
export function loaderOf<Value>(
  request: object,
  name: string,
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): DataLoader<string, Value | null> {
  const ofRequest = loaders.get(request) ?? new Map<string, DataLoader<string, unknown>>();
  loaders.set(request, ofRequest);
  const known = ofRequest.get(name);
  if (known) return known as DataLoader<string, Value | null>;
  const loader = new DataLoader<string, Value | null>(async (keys) => {
    const found = await read(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
  ofRequest.set(name, loader);
  return loader;
}

/** Clears the loaders of this request, after a change: the next load reads again. */
export function forgetLoaded(request: object): void {
  loaders.delete(request);
}
