import { readRedisAddress } from './redis-address.rules.js';

const NO_LOGIN = { username: undefined, password: undefined };

describe('addresses of Redis', () => {
  it.each([
    ['redis://cache:6380/2', { kind: 'SERVER', url: 'redis://cache:6380/2' }],
    ['rediss://:secret@cache', { kind: 'SERVER', url: 'rediss://:secret@cache' }],
    ['redis://one:7000, redis://two:7000', { kind: 'CLUSTER', urls: ['redis://one:7000', 'redis://two:7000'] }],
    [
      'redis+sentinel://one,two:26380/main',
      {
        kind: 'SENTINELS',
        hosts: [
          { host: 'one', port: 26_379 },
          { host: 'two', port: 26_380 },
        ],
        master: 'main',
        login: NO_LOGIN,
      },
    ],
    [
      'redis+sentinel://portal:p%40ss@[::1]:26379/main',
      {
        kind: 'SENTINELS',
        hosts: [{ host: '::1', port: 26_379 }],
        master: 'main',
        login: { username: 'portal', password: 'p@ss' },
      },
    ],
  ])('the address %s is read', (text, expected) => {
    expect(readRedisAddress(text)).toEqual(expected);
  });

  it.each([
    '',
    'cache:6379',
    'http://cache',
    'redis://',
    'redis://one,two',
    'redis://one,http://two',
    'redis+sentinel://one:26379',
    'redis+sentinel:///main',
    'redis+sentinel://one:x/main',
    'redis+sentinel://one,,two/main',
    'redis+sentinel://,one/main',
    'redis+sentinel://p%ss@one/main',
    'redis://:p%ss@cache',
    'redis://one,redis://:p%ss@two',
  ])('the text %j is no address', (text) => {
    expect(readRedisAddress(text)).toBeUndefined();
  });
});
