import { readConfig } from '../portal.config.js';
import { fastifyTrust, readTrustProxy } from './trust-proxy.js';

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
    ['::ffff:0:0/96', undefined],
    ['::ffff:010.0.0.1', undefined],
    ['::0.0.0.0/96', ['::0.0.0.0/96']],
    ['proxy.example', undefined],
    ['127.0.0.1,', undefined],
    [' ', undefined],
  ])('TRUST_PROXY of %j is read as %j', (text, expected) => expect(readTrustProxy(text)).toEqual(expected));

  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::10.1.2.3', false],
    ['::10.0.0.0/104', '10.1.2.3', false],
    ['::10.0.0.0/104', '::10.1.2.3', true],
    ['192.0.2.1,2001:db8::/32', '2001:db8:1::1', true],
    ['192.0.2.1,2001:db8::/32', '192.0.2.1', true],
    ['192.0.2.1,2001:db8::/32', '192.0.2.2', false],
    ['loopback', '127.0.0.2', true],
    ['loopback', '::1', true],
    ['linklocal', 'fe80::1%eth0', true],
    ['uniquelocal', '172.31.0.1', true],
    ['uniquelocal', '172.32.0.1', false],
    ['uniquelocal', 'nobody', false],
  ])('TRUST_PROXY of %s trusts %s: %p', (text, address, expected) => {
    const trust = fastifyTrust(readTrustProxy(text) ?? false);
    expect(trust && trust(address, 0)).toBe(expected);
  });

  it('no proxy is trusted unless TRUST_PROXY is set', () => expect(readConfig({}).trustProxy).toBe(false));

  it('an unusable TRUST_PROXY stops the start, named beside the other bad variables', () => {
    const start = () => readConfig({ TRUST_PROXY: 'true', REDIS_URL: 'http://redis' });
    expect(start).toThrow(/REDIS_URL must be a redis:\/\/.*TRUST_PROXY must be false/);
  });
});
