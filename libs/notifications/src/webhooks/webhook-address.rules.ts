import ipaddr from 'ipaddr.js';
import { type Input, isInNetwork, LIMITS, parseIpAddress, parseIpNetwork, unmapped } from '#kernel';

/** The addresses that endpoints may have. */
export interface AddressRules {
  /** Accept `http:` too. */
  readonly acceptHttp: boolean;
  /** Networks in CIDR form that are allowed although the public cannot reach them. */
  readonly allowedNetworks: readonly string[];
}

/** The one block of IPv6 that is given out for the public internet. It contains no mapped, translated or local address. */
const PUBLIC_IPV6 = { address: ipaddr.IPv6.parse('2000::'), prefix: 3 };
/** Looks public, and is answered by the host of a virtual machine. */
const HOST_SERVICES = new Set(['168.63.129.16']);

/**
 * Whether a delivery may connect to an address. Only unicast addresses of the public internet are allowed, and the networks that
 * the operator has opened. An IPv4-mapped address counts as the IPv4 address in it.
 */
export function isAllowedAddress(text: string, { allowedNetworks }: AddressRules): boolean {
  const parsed = parseIpAddress(text);
  if (!parsed) return false;
  const address = unmapped(parsed);
  const opened = allowedNetworks.map(parseIpNetwork);
  if (opened.some((network) => network !== undefined && isInNetwork(address, network))) return true;
  if (address.range() !== 'unicast' || HOST_SERVICES.has(address.toString())) return false;
  return address.kind() === 'ipv4' || isInNetwork(address, PUBLIC_IPV6);
}

/** The address in a URL's host; undefined where the host is a name. */
export function addressIn({ hostname }: URL): string | undefined {
  const text = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return parseIpAddress(text) && text;
}

/** Reads the address of an endpoint. The addresses of a name are checked at each attempt. */
export function readWebhookUrl(input: Input<string>, rules: AddressRules): string {
  const text = input.text({ max: LIMITS.webhooks.url });
  if (input.isRefused) return text;
  const url = URL.parse(text);
  const fault = url ? faultOf(url, rules) : 'is no URL.';
  // The URL as it will be called: a host that is not ASCII, or a number, is then seen as what it is.
  const { href = text } = url ?? {};
  if (fault !== undefined) input.refuse('MALFORMED', fault);
  else if (href.length > LIMITS.webhooks.url) input.refuse('TOO_LONG', 'is too long, once it is encoded.');
  return href;
}

function faultOf(url: URL, rules: AddressRules): string | undefined {
  if (url.protocol !== 'https:' && !(rules.acceptHttp && url.protocol === 'http:')) return 'must begin with https://.';
  if (url.username !== '' || url.password !== '') return 'may hold no user and no password.';
  if (url.hash !== '') return 'may hold no fragment.';
  const address = addressIn(url);
  const isLocalName = /(^|\.)localhost\.?$/.test(url.hostname) && rules.allowedNetworks.length === 0;
  if (isLocalName || (address !== undefined && !isAllowedAddress(address, rules)))
    return 'leads to an address that deliveries may not be sent to.';
  return undefined;
}
