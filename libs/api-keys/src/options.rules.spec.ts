import type { ApiKeysOptions } from './api-keys.options.js';
import { checkOptions } from './options.rules.js';

const GOOD: ApiKeysOptions = { prefix: 'mktp', cacheSize: 0 };

describe('options of ApiKeysModule', () => {
  it.each([
    ['prefix', 'Acme'],
    ['prefix', ''],
    ['prefix', undefined],
    ['cacheSize', -1],
    ['cacheSize', 1.5],
    ['cacheSize', undefined],
    ['flushIntervalSeconds', 0],
    ['flushIntervalSeconds', Number.NaN],
    ['sessions', {}],
    ['redisUrl', 'cache:6379'],
    ['redisUrl', 'redis://:p%ss@cache'],
    ['redisUrl', 6379],
  ])('a wrong option is refused by its name: %s %p', (option, value) => {
    expect(() => checkOptions({ ...GOOD, [option]: value } as ApiKeysOptions)).toThrow(
      new RegExp(`^ApiKeysModule: ${option} has to be `),
    );
  });

  it('options within their bounds are taken', () => {
    expect(() => checkOptions(GOOD)).not.toThrow();
    const verify = () => Promise.reject(new Error('nobody'));
    expect(() => checkOptions({ ...GOOD, flushIntervalSeconds: 0.1, sessions: { verify } })).not.toThrow();
    expect(() => checkOptions({ ...GOOD, redisUrl: 'redis://cache' })).not.toThrow();
  });
});
