import { Input, InvalidInput } from '#kernel';
import { isAllowedAddress, readWebhookUrl } from './webhook-address.rules.js';

const PUBLIC = { acceptHttp: false, allowedNetworks: [] };

describe('addresses of webhook endpoints', () => {
  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1', true],
    ['::ffff:8.8.8.8', true],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
    ['100.64.0.1', false],
    ['100.100.100.200', false],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['168.63.129.16', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['192.0.0.192', false],
    ['192.168.0.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::7f00:1', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:0:7f00:1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::7f00:1', false],
    ['2002:7f00:1::', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['example.com', false],
    ['0x7f000001', false],
  ])('a delivery to %s is allowed: %s', (address, isAllowed) => {
    expect(isAllowedAddress(address, PUBLIC)).toBe(isAllowed);
  });

  it('an opened network allows its own addresses, written as mapped ones too, and no others', () => {
    const rules = { acceptHttp: false, allowedNetworks: ['10.1.0.0/16', 'fd00::/64'] };
    const judged = ['10.1.2.3', '::ffff:10.1.2.3', '10.2.0.1', 'fd00::1', 'fd00:0:0:1::1'];
    expect(judged.map((address) => isAllowedAddress(address, rules))).toEqual([true, true, false, true, false]);
  });
});

describe('URLs of webhook endpoints', () => {
  const read = (url: string, rules = PUBLIC) =>
    Input.argument('url', url).read((input) => readWebhookUrl(input, rules));

  it.each([
    ['https://hooks.example.com/a?b=c', 'https://hooks.example.com/a?b=c'],
    [' https://Hooks.Example.com:8443 ', 'https://hooks.example.com:8443/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
  ])('%j is accepted, as %s', (url, kept) => expect(read(url)).toBe(kept));

  it.each([
    'hooks.example.com',
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'https://user@hooks.example.com/',
    'https://user:password@hooks.example.com/',
    'https://hooks.example.com/#part',
    'https://localhost/',
    'https://a.localhost./',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/latest/meta-data',
  ])('%j is refused', (url) => expect(() => read(url)).toThrow(InvalidInput));

  it('a URL that is too long once it is encoded is refused', () => {
    expect(() => read(`https://hooks.example.com/${'é'.repeat(1_000)}`)).toThrow(/too long/);
  });

  it('http is accepted where the rules say so', () => {
    expect(read('http://hooks.example.com/', { ...PUBLIC, acceptHttp: true })).toBe('http://hooks.example.com/');
  });
});
