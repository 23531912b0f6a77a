import { Aftermath } from './aftermath.js';
import type { GivenKey } from './given.js';
import { type PortalOptions, TestPortal } from './test-portal.js';

export interface WatchedPortal {
  api: TestPortal;
  /** A key of a tenant with one device, `sw-1`. */
  key: GivenKey;
  aftermath: Aftermath;
}

/** Starts a portal for the tests of a block, and expects after each of them, and after all, what must hold. */
export function watchPortal(begun: (watched: WatchedPortal) => void, options: PortalOptions = {}): void {
  let watched: WatchedPortal;
  beforeAll(async () => {
    const api = await TestPortal.start(options);
    const key = await api.given.apiKey();
    await api.given.device({ tenant: key.tenant, hostname: 'sw-1' });
    watched = { api, key, aftermath: await Aftermath.begin(api, key) };
    begun(watched);
  });
  afterEach(() => watched.aftermath.ofRow());
  afterAll(async () => {
    await watched.aftermath.ofTable();
    watched.aftermath.end();
    await watched.api.stop();
  });
}
