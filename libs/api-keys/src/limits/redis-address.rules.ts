/** Where Redis or Valkey is: one server, the nodes of a cluster, or sentinels that know the server. */
export type RedisAddress =
  | { kind: 'SERVER'; url: string }
  | { kind: 'CLUSTER'; urls: readonly string[] }
  | { kind: 'SENTINELS'; hosts: readonly { host: string; port: number }[]; master: string; login: RedisLogin };

/** Undefined: the server asks for none. */
export interface RedisLogin {
  username: string | undefined;
  password: string | undefined;
}

const SERVER = /^rediss?:\/\//;
const SENTINELS = /^redis\+sentinel:\/\/(?:([^/@]*)@)?([^/@]+)\/([\w.-]+)$/;
const SENTINEL_PORT = 26_379;

/** What an address may be, for messages about one that is none. */
export const REDIS_ADDRESS =
  'a redis:// or rediss:// URL, a list of such URLs (the nodes of a cluster), or redis+sentinel://host:port,host:port/master';

/**
 * @param text `redis://host:6379`; `redis://one:6379,redis://two:6379`; `redis+sentinel://one:26379,two:26379/main`. A name and a
 *   password stand before the host; in front of sentinels they are those of the server
 * @returns undefined for a text that is no such address
 */
export function readRedisAddress(text: string): RedisAddress | undefined {
  const sentinels = SENTINELS.exec(text);
  if (sentinels) return sentinelsOf(sentinels);
  const urls = text.split(',').map((url) => url.trim());
  if (!urls.every((url) => SERVER.test(url) && isReadable(url))) return undefined;
  const [url = ''] = urls;
  return urls.length === 1 ? { kind: 'SERVER', url } : { kind: 'CLUSTER', urls };
}

function sentinelsOf([, login, list = '', master = '']: readonly (string | undefined)[]): RedisAddress | undefined {
  const urls = list.split(',').map((host) => `redis://${host.trim()}`);
  if (!urls.every(isReadable)) return undefined;
  const hosts = urls.map((url) => placeOf(new URL(url), SENTINEL_PORT));
  const server = `redis://${login === undefined ? '' : `${login}@`}server`;
  return isReadable(server) ? { kind: 'SENTINELS', hosts, master, login: loginOf(new URL(server)) } : undefined;
}

/** True for a URL with a host, whose name and password are text. A password may hold a percent sign only as `%25`. */
function isReadable(text: string): boolean {
  const url = URL.parse(text);
  if (!url?.hostname) return false;
  try {
    loginOf(url);
    return true;
  } catch {
    return false;
  }
}

/** The name and the password of a URL. */
export function loginOf({ username, password }: URL): RedisLogin {
  return {
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
  };
}

/** Host and port of a URL; an IPv6 address without its brackets. */
export function placeOf({ hostname, port }: URL, usualPort: number): { host: string; port: number } {
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || usualPort) };
}
