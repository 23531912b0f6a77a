import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import {
  type IpAddress,
  type IpNetwork,
  isInNetwork,
  LIMITS,
  parseIpAddress,
  parseIpNetwork,
  type ProblemPath,
  type Problems,
  unmapped,
} from '#kernel';

/** The longest text of an address, with the name of a zone. What a proxy passes on may be any text. */
const LONGEST_ADDRESS = 64;

/**
 * A client's address in its one spelling: IPv6 compressed, without a zone, an IPv4-mapped IPv6 address as IPv4.
 * `unknown` for what is no address, which no list of networks admits.
 */
export function normalisedAddress(text: string | undefined): string {
  return text === undefined || text.length > LONGEST_ADDRESS ? 'unknown' : spellings.memo(text);
}

/** Clients come again; reading their address costs more than the rest of a verification. */
const spellings = new LRUCache<string, string>({
  max: 1_000,
  memoMethod: (text) => addressOf(text)?.toString() ?? 'unknown',
});

/** The network that an address is counted in: an IPv6 customer holds at least a /64, so one address of it is none. */
export function countedNetwork(text: string | undefined): string {
  const address = text === undefined ? undefined : addressOf(text);
  if (!address) return 'unknown';
  if (address.kind() === 'ipv4') return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`;
}

/**
 * Reads networks in CIDR form, each in its one spelling; every failure is added to `problems`. An address without a
 * prefix, or with bits set behind it, is refused: whoever writes `10.1.2.3/8` may have meant one host or all of `10/8`,
 * and guessing would open more than was meant. IPv4-mapped networks become IPv4.
 * @returns as long as `list`, place by place; of no use when a problem was added
 */
export function readCidrs(list: readonly string[], path: ProblemPath, problems: Problems): string[] {
  if (list.length > LIMITS.cidrs) {
    problems.add(path, 'TOO_MANY', `may name at most ${LIMITS.cidrs} networks.`);
    return [];
  }
  const read: string[] = [];
  list.forEach((text, index) => {
    const network = parseIpNetwork(text);
    const fault = network ? faultOf(network) : 'is no network in CIDR form, such as 192.0.2.0/24 or 2001:db8::/32.';
    const kept = network ? spelling(network) : text;
    if (fault !== undefined) problems.add([...path, index], 'MALFORMED', fault);
    else if (read.includes(kept)) problems.add([...path, index], 'DUPLICATE', 'is named twice.');
    read.push(kept);
  });
  return read;
}

function faultOf(network: IpNetwork): string | undefined {
  const whole = spelling(wholeNetwork(network));
  if (whole === spelling(network)) return undefined;
  return `has bits set behind its prefix: the network is ${whole}, the one address ${spelling(oneAddress(network))}.`;
}

/** Does `cidr` lie wholly within one of `networks`? Both as `readCidrs` returns them. */
export function liesWithin(cidr: string, networks: readonly string[]): boolean {
  const network = parseIpNetwork(cidr);
  return networks.some((outer) => {
    const around = parseIpNetwork(outer);
    return network && around && network.prefix >= around.prefix && isInNetwork(network.address, around);
  });
}

/** Lists of networks that must all admit an address. An empty list admits every address. */
export class AllowedNetworks {
  private readonly lists: readonly (readonly (IpNetwork | undefined)[])[];

  /** @param lists as stored. What is no list, or no network, admits nobody: a row edited by hand opens nothing. */
  constructor(...lists: readonly unknown[]) {
    this.lists = lists.map(networksOf).filter((list) => list.length > 0);
  }

  /** @param address as `normalisedAddress` returns it */
  admit(address: string): boolean {
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
