import { isInNetwork, type IpNetwork, parseIpAddress, parseIpNetwork, unmapped } from '#kernel';

/** The proxies whose `X-Forwarded-For` counts: none, a number of hops, or the proxies at certain addresses. */
export type TrustProxy = false | number | readonly string[];

/** Names that stand for well-known networks. */
const NAMED_NETWORKS = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);
const MOST_HOPS = 10;

/** Parses `TRUST_PROXY`; undefined for an unusable value. `true` is unusable: every client could then name its own address. */
export function readTrustProxy(text: string): TrustProxy | undefined {
  const value = text.trim();
  if (value === 'false' || value === '0') return false;
  if (/^\d+$/.test(value)) return Number(value) <= MOST_HOPS ? Number(value) : undefined;
  const entries = value.split(',').map((entry) => entry.trim());
  return entries.every((entry) => networksOf(entry).length > 0) ? entries : undefined;
}

/**
 * The setting as Fastify takes it. Always a function: Fastify's own count of hops trusts nobody since 5.12, and its list mistakes
 * `::192.0.2.1`, an IPv6 address, for an IPv4 address.
 */
export function fastifyTrust(trust: TrustProxy): false | ((address: string | undefined, hop: number) => boolean) {
  if (trust === false) return false;
  if (typeof trust === 'number') return (_address, hop) => hop < trust;
  const networks = trust.flatMap(networksOf);
  return (text = '') => {
    const address = parseIpAddress(text);
    return address !== undefined && networks.some((network) => isInNetwork(unmapped(address), network));
  };
}

/** The networks that an entry names. Empty where the entry names none, or names every address, which would trust everyone. */
function networksOf(entry: string): IpNetwork[] {
  const address = parseIpAddress(entry);
  const texts = address ? [`${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}`] : [entry];
  return (NAMED_NETWORKS.get(entry) ?? texts).flatMap((text) => {
    const network = parseIpNetwork(text);
    return network && network.prefix > 0 ? [network] : [];
  });
}
