import { type ProxiedPortal, startProxied, stopProxied } from './faults/proxied-portal.js';
import { GivenResources } from './given-resources.js';
import type { GivenDevice, GivenTenant } from './given.js';
import { type PortalOptions, TestPortal } from './test-portal.js';
import { startTwoInstances, type TwoInstances } from './two-instances.js';

/**
 * Hooks that start what the tests of a block need, and stop it after them. `begun` gets what was started, before the
 * first test; what it returns is awaited.
 */
type Begun<Started> = (started: Started) => unknown;

/** Starts what a block needs before its first test, and stops it after the last. */
function useStarted<Started>(
  start: () => Promise<Started>,
  stop: (started: Started) => Promise<void>,
  begun: Begun<Started>,
): void {
  let started: Started | undefined;
  beforeAll(async () => {
    started = await start();
    await begun(started);
  });
  afterAll(async () => {
    if (started) await stop(started);
  });
}

/** A portal. */
export function usePortal(begun: Begun<TestPortal>, options: PortalOptions = {}): void {
  useStarted(
    () => TestPortal.start(options),
    (api) => api.stop(),
    begun,
  );
}

/** A portal with proxies between it and its database. */
export function useProxiedPortal(begun: Begun<ProxiedPortal>, options: PortalOptions = {}): void {
  useStarted(() => startProxied(options), stopProxied, begun);
}

/** Two instances on one database. */
export function useTwoInstances(begun: Begun<TwoInstances>): void {
  useStarted(startTwoInstances, (instances) => instances.stop(), begun);
}

export interface Fleet {
  tenant: GivenTenant;
  /** Its one device. */
  device: GivenDevice;
  /** The secret of a key with the scopes of the block. */
  key: string;
}

/** A portal with what is made for the resources of devices. */
export interface ResourcePortal {
  api: TestPortal;
  given: GivenResources;
  /** A new tenant with a device and a key. */
  fleet: () => Promise<Fleet>;
}

/** A portal for the tests of one resource, whose keys have these scopes. */
export function useResourcePortal(scopes: readonly string[], begun: Begun<ResourcePortal>): void {
  usePortal((api) => {
    const fleet = async () => {
      const { tenant, secret } = await api.given.apiKey({ scopes });
      return { tenant, device: await api.given.device({ tenant }), key: secret };
    };
    return begun({ api, given: new GivenResources(api), fleet });
  });
}
