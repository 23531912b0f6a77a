import { Input, InvalidInput, LIMITS } from '#kernel';
import { AllowedNetworks, countedNetwork, liesWithin, normalisedAddress, readCidrs } from './networks.rules.js';

function read(list: string[]): { cidrs: string[]; problems: string[] } {
  try {
    return { cidrs: new Input(list, ['input', 'allowedCidrs']).read(readCidrs), problems: [] };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { cidrs: [], problems: error.problems.map(({ path, code }) => `${path.join('.')} ${code}`) };
  }
}

describe('networks in CIDR form', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.0.2.7/32', '192.0.2.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:0DB8:0000::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['::1/128', '::1/128'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:192.0.2.7/128', '192.0.2.7/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::0.0.0.0/96', '::/96'],
    ['::10.0.0.0/104', '::a00:0/104'],
    ['::192.0.2.7/128', '::c000:207/128'],
    ['64:ff9b::192.0.2.0/120', '64:ff9b::c000:200/120'],
  ])('the network %s is stored as %s', (text, kept) => expect(read([text])).toEqual({ cidrs: [kept], problems: [] }));

  it.each([
    [''],
    ['10.0.0.0'],
    ['2001:db8::'],
    ['10.0.0.1/8'],
    ['2001:db8::1/32'],
    ['::ffff:10.0.0.1/104'],
    ['10.0.0.0/33'],
    ['2001:db8::/129'],
    ['10.0.0.0/-1'],
    ['10.0.0.0/08'],
    ['10.0.0.0/8/8'],
    ['10.0.0.0/255.0.0.0'],
    ['10.0/16'],
    ['010.0.0.0/8'],
    ['::010.0.0.0/104'],
    ['::ffff:010.0.0.0/104'],
    ['0x0a.0.0.0/8'],
    ['167772160/8'],
    ['300.0.0.0/8'],
    [' 10.0.0.0/8'],
    ['fe80::%eth0/64'],
    ['example.test/8'],
    ['10.0.0.0/8\0'],
    ['1'.repeat(10_000)],
  ])('the network %j is malformed', (text) =>
    expect(read([text]).problems).toEqual(['input.allowedCidrs.0 MALFORMED']),
  );

  it('a list contains a network once, however the network is written', () => {
    expect(read(['10.0.0.0/8', '2001:db8::/32', '::ffff:10.0.0.0/104', '2001:DB8:0::/32']).problems).toEqual([
      'input.allowedCidrs.2 DUPLICATE',
      'input.allowedCidrs.3 DUPLICATE',
    ]);
  });

  it('a list has at most 50 networks', () => {
    const list = Array.from({ length: LIMITS.cidrs + 1 }, (_, index) => `10.0.${index}.0/24`);
    expect(read(list.slice(1)).problems).toEqual([]);
    expect(read(list).problems).toEqual(['input.allowedCidrs TOO_MANY']);
  });

  it.each([
    ['10.1.0.0/16', true],
    ['10.0.0.0/8', true],
    ['10.0.0.0/7', false],
    ['11.0.0.0/16', false],
    ['2001:db8:1::/48', true],
    ['2001:db8::/31', false],
    ['::/0', false],
  ])('the network %s lies within 10.0.0.0/8 and 2001:db8::/32: %p', (cidr, expected) =>
    expect(liesWithin(cidr, ['10.0.0.0/8', '2001:db8::/32'])).toBe(expected),
  );
});

describe('addresses', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1', '127.0.0.1'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
    ['::127.0.0.1', '::7f00:1', '::/64'],
    ['::192.0.2.1%eth0', '::c000:201', '::/64'],
    ['010.0.0.1', 'unknown', 'unknown'],
    ['::ffff:010.0.0.1', 'unknown', 'unknown'],
    ['127.0.0.1%eth0', 'unknown', 'unknown'],
    ['127.1', 'unknown', 'unknown'],
    ['2130706433', 'unknown', 'unknown'],
    ['198.51.100.1:443', 'unknown', 'unknown'],
    ['nobody', 'unknown', 'unknown'],
    ['', 'unknown', 'unknown'],
    [undefined, 'unknown', 'unknown'],
  ])('the address %s is normalised to %s and counted as %s', (text, address, counted) =>
    expect([normalisedAddress(text), countedNetwork(text)]).toEqual([address, counted]),
  );

  it.each<[string, unknown[], string, boolean]>([
    ['no list', [], '192.0.2.1', true],
    ['empty lists', [[], []], 'unknown', true],
    ['its network', [['10.0.0.0/8']], '10.255.255.255', true],
    ['the network below', [['10.0.0.0/8']], '9.255.255.255', false],
    ['the network above', [['10.0.0.0/8']], '11.0.0.0', false],
    ['the second network', [['192.0.2.0/24', '2001:db8::/32']], '2001:db8:ffff::1', true],
    ['another family', [['0.0.0.0/0']], '2001:db8::1', false],
    ['IPv6 with a dotted end', [['::0.0.0.0/96']], '192.0.2.1', false],
    ['all of IPv4, being IPv6 with a dotted end', [['0.0.0.0/0']], '::192.0.2.1', false],
    ['one list of two', [['10.0.0.0/8'], ['10.1.0.0/16']], '10.2.0.1', false],
    ['both lists', [['10.0.0.0/8'], ['10.1.0.0/16']], '10.1.0.1', true],
    ['a list, being no address', [['0.0.0.0/0', '::/0']], 'unknown', false],
    ['a list edited by hand to be none', ['10.0.0.0/8'], '10.0.0.1', false],
    ['a list edited by hand to null', [null], '10.0.0.1', false],
    ['networks edited by hand to be none', [['ten', 10, null]], '10.0.0.1', false],
    ['one good network among bad ones', [['ten', '10.0.0.0/8']], '10.0.0.1', true],
  ])('an address is checked against %s', (_, lists, address, expected) =>
    expect(new AllowedNetworks(...lists).allows(address)).toBe(expected),
  );
});
