import type { GivenKey, GivenTenant, GivenUser } from './given.js';
import { storeKeys } from './store-keys.js';
import type { TestPortal } from './test-portal.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const WEBHOOKS = ['webhook_endpoints', 'webhook_deliveries'];
const MARK = /mark-of-\d+-/g;

/** The rows that one tenant should have, by all acknowledged changes. */
export interface TenantModel {
  tenant: GivenTenant;
  admin: GivenUser;
  /** Goes into every text that this tenant writes: wherever else it is seen, it does not belong. */
  mark: string;
  /** Alive. */
  keys: GivenKey[];
  revoked: Set<string>;
  devices: Map<string, string>;
  /** Webhook endpoints, and deliveries to them. */
  endpoints: string[];
  deliveries: string[];
  /** Rows that may or may not exist, as the answer was lost. */
  uncertain: Set<string>;
  cursors: string[];
}

/** Tenants and what belongs to them. */
export class World {
  readonly tenants: TenantModel[] = [];
  /** Each id that was ever seen, and the tenant that it belongs to. */
  private readonly ownerOf = new Map<string, TenantModel>();

  static async make(api: TestPortal, tenants: number, keysEach: number, devicesEach: number): Promise<World> {
    const world = new World();
    for (let n = 0; n < tenants; n++) {
      const tenant = await api.given.tenant(`mark-of-${n}- tenant`);
      const admin = await api.given.admin(tenant);
      const mark = `mark-of-${n}-`;
      const one: TenantModel = {
        tenant,
        admin,
        mark,
        keys: [],
        revoked: new Set(),
        devices: new Map(),
        endpoints: [],
        deliveries: [],
        uncertain: new Set(),
        cursors: [],
      };
      const first = await api.given.apiKey({ tenant, name: `${mark}key` });
      one.keys.push(first, ...(await storeKeys(api, first, keysEach - 1, `${mark}key`)));
      // One after the other: the portal may have few connections, and this is no test of the queue for them.
      for (let d = 0; d < devicesEach; d++) {
        const device = await api.given.device({ tenant, hostname: `sw-${d}`, model: `${mark}model` });
        one.devices.set(device.id, device.hostname);
      }
      world.tenants.push(one);
      for (const id of [tenant.id, admin.id, ...one.keys.map((key) => key.id), ...one.devices.keys()])
        world.belongs(id, one);
    }
    return world;
  }

  belongs(id: string, tenant: TenantModel): void {
    this.ownerOf.set(id, tenant);
  }

  /** Everything in an answer to `caller` that belongs to another tenant. */
  foreignIn(text: string, caller: TenantModel): string[] {
    const ids = (text.match(UUID) ?? []).filter((id) => (this.ownerOf.get(id) ?? caller) !== caller);
    const marks = (text.match(MARK) ?? []).filter((mark) => mark !== caller.mark);
    return [...ids, ...marks];
  }

  /** The differences between the database and the acknowledged changes, and rows with the mark of another tenant. */
  async differences(api: TestPortal): Promise<string[]> {
    const found: string[] = [];
    for (const { tenant, mark, devices, keys, revoked, uncertain } of this.tenants) {
      const rows = await api.database.sql<{ id: string; text: string }>(
        'select id, to_jsonb(d)::text as text from devices d where tenant_id = $1',
        [tenant.id],
      );
      const there = new Set(rows.map(({ id }) => id));
      for (const id of devices.keys())
        if (!there.has(id) && !uncertain.has(id)) found.push(`${mark} lost device ${id}`);
      const alive = await api.database.sql<{ id: string }>(
        'select id from api_keys where tenant_id = $1 and revoked_at is null',
        [tenant.id],
      );
      const working = new Set(alive.map(({ id }) => id));
      for (const { id } of keys) if (!working.has(id) && !uncertain.has(id)) found.push(`${mark} lost key ${id}`);
      for (const id of revoked) if (working.has(id)) found.push(`${mark} still has the revoked key ${id}`);
      for (const table of ['devices', 'api_keys', 'config_backups', 'firmware_upgrades', ...WEBHOOKS]) {
        const texts = await api.database.sql<{ text: string }>(
          `select to_jsonb(t)::text as text from ${table} t where tenant_id = $1`,
          [tenant.id],
        );
        for (const { text } of texts)
          for (const seen of this.foreignMarks(text, mark)) found.push(`${mark} ${table}: ${seen}`);
      }
    }
    return found;
  }

  private foreignMarks(text: string, mark: string): string[] {
    return (text.match(MARK) ?? []).filter((seen) => seen !== mark);
  }
}
