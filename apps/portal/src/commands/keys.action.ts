import type { Command } from 'commander';
import { type ApiKeyRow, type ApiKeyStatus, KeyAdministration, type RevocationReason } from '#api-keys';
import { parseInstant } from '#kernel';
import { withService } from './services.js';
import { namingOptions } from './option-names.js';
import { type Output, printObject, printRows } from './output.js';

export interface CreateOptions extends Output {
  owner: string;
  name: string;
  scopes: string[];
  description?: string;
  expiresAt?: string;
  allowedCidrs?: string[];
}
export interface ListOptions extends Output {
  tenant: string;
  status?: ApiKeyStatus[];
}
export interface RevokeOptions extends Output {
  owner?: string;
  reason: RevocationReason;
  note?: string;
}

export async function createKey({ json, expiresAt, ...input }: CreateOptions, command: Command): Promise<void> {
  const instant = expiresAt === undefined ? undefined : parseInstant(expiresAt);
  if (expiresAt !== undefined && !instant)
    command.error('error: --expires-at must be RFC 3339 with an offset, such as 2030-01-31T00:00:00Z');
  const create = (keys: KeyAdministration) => keys.create({ ...input, expiresAt: instant });
  const { key, secret } = await namingOptions(() => withService(KeyAdministration, create), { ownerId: '--owner' });
  printObject({ ...shown(key), key: secret }, { json });
}

export async function listKeys({ tenant, status, json }: ListOptions): Promise<void> {
  const list = async (keys: KeyAdministration) => {
    const found: Record<string, unknown>[] = [];
    for await (const key of keys.keys(tenant, { status })) found.push(shown(key));
    return found;
  };
  printRows(await namingOptions(() => withService(KeyAdministration, list)), { json });
}

export async function revokeKeys(ids: string[], { json, ...why }: RevokeOptions): Promise<void> {
  const named = why.owner === undefined ? { ids } : {};
  const revoke = (service: KeyAdministration) => service.revoke({ ...why, ...named });
  const { keys, count } = await namingOptions(() => withService(KeyAdministration, revoke), {
    ids: 'id',
    ownerId: '--owner',
  });
  printRows(keys.map(shown), { json });
  if (count > keys.length) console.error(`${count} in all, ${keys.length} of them shown.`);
}

function shown(key: ApiKeyRow): Record<string, unknown> {
  const { id, name, ownerId, keyPrefix, status, scopes, expiresAt, lastUsedAt } = key;
  return { id, name, ownerId, keyPrefix, status, scopes, expiresAt, lastUsedAt };
}
