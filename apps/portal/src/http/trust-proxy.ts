import ipaddr from 'ipaddr.js';

/** Which proxies' `X-Forwarded-For` counts: none, so many hops, or those at certain addresses. */
export type TrustProxy = false | number | readonly string[];

/** Names that stand for well-known networks. */
const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);
const MOST_HOPS = 10;

/**
 * Reads `TRUST_PROXY`; undefined when it is no use. `true` is none: it would let every client name its own address.
 */
export function readTrustProxy(text: string): TrustProxy | undefined {
  const value = text.trim();
  if (value === 'false' || value === '0') return false;
  if (/^\d+$/.test(value)) return Number(value) <= MOST_HOPS ? Number(value) : undefined;
  const entries = value.split(',').map((entry) => entry.trim());
  return entries.every(isNetwork) ? entries : undefined;
}

/** The setting as Fastify takes it. Its own count of hops trusts nobody since 5.12, so the count is a function here. */
export function fastifyTrust(
  trust: TrustProxy,
): false | string[] | ((address: string | undefined, hop: number) => boolean) {
  if (typeof trust === 'number') return (_address, hop) => hop < trust;
  return trust === false ? false : [...trust];
}

function isNetwork(entry: string): boolean {
  // Of all addresses, which is to trust whoever comes.
  if (/\/0+$/.test(entry)) return false;
  if (NAMED_NETWORKS.has(entry)) return true;
  if (ipaddr.IPv4.isValidFourPartDecimal(entry) || ipaddr.IPv4.isValidCIDRFourPartDecimal(entry)) return true;
  return entry.includes(':') && (ipaddr.IPv6.isValid(entry) || ipaddr.IPv6.isValidCIDR(entry));
}
