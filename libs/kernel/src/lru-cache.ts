import { LRUCache } from 'lru-cache';

/**
 * A cache of at most `most` values that grows as it fills. With the option `max` the library takes space for all values at once:
 * 2.8 MB and 14 ms for 100,000.
 */
export function lruCache<Value extends object | number | true>(most: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1 });
}
