import { readConfig } from '../portal.config.js';
import { readTrustProxy } from './trust-proxy.js';

describe('TRUST_PROXY', () => {
  it.each([
    ['false', false],
    ['0', false],
    ['1', 1],
    ['10', 10],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['127.0.0.1, ::1 ,loopback', ['127.0.0.1', '::1', 'loopback']],
    ['true', undefined],
    ['11', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['10.0.0.0/33', undefined],
    ['0.0.0.0/0', undefined],
    ['0.0.0.0/00', undefined],
    ['10.0.0.0/8,::/0', undefined],
    ['proxy.example', undefined],
    ['127.0.0.1,', undefined],
    [' ', undefined],
  ])('of %j is read as %j', (text, expected) => expect(readTrustProxy(text)).toEqual(expected));

  it('trusts nobody unless it is set', () => expect(readConfig({}).trustProxy).toBe(false));

  it('stops the start where it is no use, named beside the other bad variables', () => {
    const start = () => readConfig({ TRUST_PROXY: 'true', REDIS_URL: 'http://redis' });
    expect(start).toThrow(/REDIS_URL must be a redis:\/\/.*TRUST_PROXY must be false/);
  });
});
