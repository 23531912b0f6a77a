import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import {
  type Input,
  type IpAddress,
  type IpNetwork,
  isInNetwork,
  LIMITS,
  parseIpAddress,
  parseIpNetwork,
  unmapped,
} from '#kernel';

/** The longest text of an address, including a zone. A proxy may pass on any text. */
const LONGEST_ADDRESS = 64;

/**
 * A client's address in one spelling: IPv6 compressed, without a zone; an IPv4-mapped IPv6 address as IPv4. `unknown` for a text
 * that is no address; no list of networks contains `unknown`.
 */
export function normalisedAddress(text: string | undefined): string {
  return text === undefined || text.length > LONGEST_ADDRESS ? 'unknown' : spellings.memo(text);
}

/** The same clients come again, and parsing their address costs more than the rest of a verification. */
const spellings = new LRUCache<string, string>({
  max: 1_000,
  memoMethod: (text) => addressOf(text)?.toString() ?? 'unknown',
});

/**
 * The network in which an address is counted. An IPv6 customer has at least a /64, so counting single addresses would limit
 * nobody.
 */
export function countedNetwork(text: string | undefined): string {
  const address = text === undefined ? undefined : addressOf(text);
  if (!address) return 'unknown';
  if (address.kind() === 'ipv4') return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`;
}

/**
 * Networks in CIDR form, each in one spelling. An address without a prefix, or with bits set behind the prefix, is refused:
 * `10.1.2.3/8` may mean one host or all of `10/8`, and a wrong guess would open too much. IPv4-mapped networks become IPv4.
 */
export function readCidrs(cidrs: Input<readonly string[]>): string[] {
  if (cidrs.value.length > LIMITS.cidrs) {
    cidrs.refuse('TOO_MANY', `may name at most ${LIMITS.cidrs} networks.`);
    return [];
  }
  const read: string[] = [];
  for (const cidr of cidrs.items()) {
    const network = parseIpNetwork(cidr.value);
    const fault = network ? faultOf(network) : 'is no network in CIDR form, such as 192.0.2.0/24 or 2001:db8::/32.';
    const kept = network ? spelling(network) : cidr.value;
    if (fault !== undefined) cidr.refuse('MALFORMED', fault);
    else if (read.includes(kept)) cidr.refuse('DUPLICATE', 'is named twice.');
    read.push(kept);
  }
  return read;
}

function faultOf(network: IpNetwork): string | undefined {
  const whole = spelling(wholeNetwork(network));
  if (whole === spelling(network)) return undefined;
  return `has bits set behind its prefix: the network is ${whole}, the one address ${spelling(oneAddress(network))}.`;
}

/** True if `cidr` lies wholly within one of `networks`. Both have the form that `readCidrs` returns. */
export function liesWithin(cidr: string, networks: readonly string[]): boolean {
  const network = parseIpNetwork(cidr);
  return networks.some((outer) => {
    const around = parseIpNetwork(outer);
    return network && around && network.prefix >= around.prefix && isInNetwork(network.address, around);
  });
}

/** Lists of networks that must all contain an address. An empty list accepts every address. */
export class AllowedNetworks {
  private readonly lists: readonly (readonly (IpNetwork | undefined)[])[];

  /**
   * @param lists as stored. A value that is no list, or an entry that is no network, accepts no address: a row edited by hand
   *   opens nothing.
   */
  constructor(...lists: readonly unknown[]) {
    this.lists = lists.map(networksOf).filter((list) => list.length > 0);
  }

  /** @param address as `normalisedAddress` returns it */
  allows(address: string): boolean {
    if (this.lists.length === 0) return true;
    const parsed = addressOf(address);
    if (!parsed) return false;
    return this.lists.every((list) => list.some((network) => network !== undefined && isInNetwork(parsed, network)));
  }
}

function networksOf(list: unknown): readonly (IpNetwork | undefined)[] {
  if (!Array.isArray(list)) return [undefined];
  return list.map((item: unknown) => (typeof item === 'string' ? parseIpNetwork(item) : undefined));
}

function addressOf(text: string): IpAddress | undefined {
  const address = parseIpAddress(text);
  return address && unmapped(address);
}

const spelling = ({ address, prefix }: IpNetwork): string => `${address.toString()}/${prefix}`;

function wholeNetwork(network: IpNetwork): IpNetwork {
  const family = network.address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return { ...network, address: family.networkAddressFromCIDR(spelling(network)) };
}

const oneAddress = ({ address }: IpNetwork): IpNetwork => ({ address, prefix: address.kind() === 'ipv4' ? 32 : 128 });
