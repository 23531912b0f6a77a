import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** An address, and the number of leading bits that all addresses of the network share. */
export interface IpNetwork {
  readonly address: IpAddress;
  readonly prefix: number;
}

/** Length of the longest CIDR text: an IPv6 network written in full, with its prefix. */
const LONGEST_CIDR = 49;
const CIDR = /^([0-9a-fA-F:.]+)\/(0|[1-9]\d{0,2})$/;
const DOTTED_TAIL = /:(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
/** `::ffff:0:0/96` contains all IPv4 addresses. */
const MAPPED_PREFIX = 96;

/**
 * Parses an address: IPv4 with all four parts in decimal, or IPv6, whose zone is dropped. Undefined for anything else, such as
 * the short and octal forms of IPv4.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  const [withoutZone = ''] = text.split('%', 1);
  switch (isIP(withoutZone)) {
    case 4:
      return text === withoutZone ? ipaddr.IPv4.parse(text) : undefined;
    case 6:
      return ipaddr.IPv6.parse(withHexTail(withoutZone));
    default:
      return undefined;
  }
}

/** Turns an IPv4-mapped IPv6 address (in `::ffff:0:0/96`) into IPv4. Every other address stays as it is. */
export function unmapped(address: IpAddress): IpAddress {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Parses a network in CIDR form; bits behind the prefix stay as they are. A network within `::ffff:0:0/96` becomes IPv4. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, first = '', bits = ''] = (text.length <= LONGEST_CIDR && CIDR.exec(text)) || [];
  const address = parseIpAddress(first);
  const prefix = Number(bits);
  if (!address || prefix > (address.kind() === 'ipv4' ? 32 : 128)) return undefined;
  if (prefix < MAPPED_PREFIX) return { address, prefix };
  const inner = unmapped(address);
  return { address: inner, prefix: inner === address ? prefix : prefix - MAPPED_PREFIX };
}

/** True if both are of one family and share the network's leading bits. */
export function isInNetwork(address: IpAddress, network: IpNetwork): boolean {
  return address.kind() === network.address.kind() && address.match(network.address, network.prefix);
}

/** Writes the last two groups in hexadecimal: ipaddr.js mistakes `::192.0.2.1`, an IPv6 address, for a mapped IPv4 address. */
function withHexTail(text: string): string {
  return text.replace(DOTTED_TAIL, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}
