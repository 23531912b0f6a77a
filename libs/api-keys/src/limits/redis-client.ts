import { setTimeout as wait } from 'node:timers/promises';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { loginOf, placeOf, type RedisAddress } from './redis-address.rules.js';

const USUAL_PORT = 6_379;
const CONNECT_TIMEOUT_MS = 2_000;
/** How long a request waits for a limit, which only protects, at most. */
const COMMAND_TIMEOUT_MS = 250;
const RECONNECT_MS = { step: 100, max: 2_000 };
/** A node may pass a command on, to the one that has the slot by now. Each pass is short. */
const MOST_REDIRECTIONS = 3;
/** How often the nodes of a cluster are asked who has which slot. */
const SLOTS_REFRESH_MS = 2_000;

const retryAfter = (attempt: number) => Math.min(attempt * RECONNECT_MS.step, RECONNECT_MS.max);
const CONNECTION = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // A command that was already sent must not be sent again, since it could count twice.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} satisfies RedisOptions;

/** Connects when it is asked to, and then by itself again. Commands fail at once, or soon, while no server answers. */
export function redisClient(address: RedisAddress): Redis | Cluster {
  const client = unconnected(address);
  // Without a listener each failed connection attempt is printed. The failed count is logged instead.
  client.on('error', () => undefined);
  return client;
}

/**
 * Waits for the first connection to each node, for 2 s at most: a client of sentinels that are away, or of nodes that serve nothing,
 * would wait for ever. The client goes on trying by itself.
 * @throws when no server answers
 */
export async function connect(client: Redis | Cluster): Promise<void> {
  await Promise.race([connectNodes(client), tooLate()]);
}

async function connectNodes(client: Redis | Cluster): Promise<void> {
  await client.connect();
  if (!(client instanceof Cluster)) return;
  // A node is connected to by its first command, and commands beside that one fail.
  await Promise.allSettled(client.nodes().map((node) => node.ping()));
}

async function tooLate(): Promise<never> {
  await wait(CONNECT_TIMEOUT_MS, undefined, { ref: false });
  throw new Error('Redis does not answer.');
}

function unconnected(address: RedisAddress): Redis | Cluster {
  const single = { ...CONNECTION, lazyConnect: true, enableOfflineQueue: false, retryStrategy: retryAfter };
  if (address.kind === 'SERVER') return new Redis(address.url, single);
  if (address.kind === 'SENTINELS') {
    const { hosts, master, login } = address;
    return new Redis({
      ...single,
      ...(login.username === undefined ? {} : { username: login.username }),
      ...(login.password === undefined ? {} : { password: login.password }),
      sentinels: [...hosts],
      name: master,
      sentinelRetryStrategy: retryAfter,
    });
  }
  return clusterOf(address.urls);
}

/** Every node has the login and the encryption of the first URL. */
function clusterOf(urls: readonly string[]): Cluster {
  const nodes = urls.map((url) => new URL(url));
  const [first] = nodes;
  const { username, password } = first ? loginOf(first) : {};
  return new Cluster(
    nodes.map((node) => placeOf(node, USUAL_PORT)),
    {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryAfter,
      slotsRefreshInterval: SLOTS_REFRESH_MS,
      maxRedirections: MOST_REDIRECTIONS,
      // The same count twice, after a connection closed, would be one too many; and no request waits for a failover.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      redisOptions: {
        ...CONNECTION,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        ...(first?.protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  );
}
