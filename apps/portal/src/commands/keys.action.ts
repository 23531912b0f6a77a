import type { Command } from 'commander';
import { type ApiKeyRow, type ApiKeyStatus, KeyAdministration, type RevocationReason } from '#api-keys';
import { namingOptions } from '#kernel';
import { withService } from './services.js';
import { readInstant } from './instants.js';
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
  pending?: boolean;
}
export interface ApproveOptions extends Output {
  expectedVersion?: number;
  scopes?: string[];
  expiresAt?: string;
  allowedCidrs?: string[];
}
export interface RejectOptions extends Output {
  note?: string;
}
export interface RevokeOptions extends Output {
  owner?: string;
  reason: RevocationReason;
  note?: string;
}

export interface RotateOptions extends Output {
  /** Seconds. */
  overlap: number;
}
export interface TransferOptions extends Output {
  to: string;
}

export async function createKey({ json, expiresAt, ...input }: CreateOptions, command: Command): Promise<void> {
  const instant = readInstant(command, '--expires-at', expiresAt);
  const create = (keys: KeyAdministration) => keys.create({ ...input, expiresAt: instant });
  const { key, secret } = await namingOptions(() => withService(KeyAdministration, create), { ownerId: '--owner' });
  printObject({ ...shown(key), key: secret }, { json });
}

export async function listKeys({ tenant, pending, status, json }: ListOptions): Promise<void> {
  const wanted = pending ? (['PENDING'] as const) : status;
  const list = async (keys: KeyAdministration) => {
    const found: Record<string, unknown>[] = [];
    for await (const key of keys.keys(tenant, { status: wanted }))
      found.push({ ...shown(key), ...(pending && requestOf(key)) });
    return found;
  };
  printRows(await namingOptions(() => withService(KeyAdministration, list)), { json });
}

export async function approveKey(
  id: string,
  { json, expiresAt, ...terms }: ApproveOptions,
  command: Command,
): Promise<void> {
  const approval = { id, ...terms, expiresAt: readInstant(command, '--expires-at', expiresAt) };
  const approve = (keys: KeyAdministration) => keys.approve(approval);
  printObject(shown(await namingOptions(() => withService(KeyAdministration, approve), ID_NAMES)), { json });
}

export async function rejectKey(id: string, { json, note }: RejectOptions): Promise<void> {
  const reject = (keys: KeyAdministration) => keys.reject({ id, note });
  printObject(shown(await namingOptions(() => withService(KeyAdministration, reject), ID_NAMES)), { json });
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

export async function rotateKey(id: string, { overlap, json }: RotateOptions): Promise<void> {
  const rotate = (keys: KeyAdministration) => keys.rotate({ id, overlapSeconds: overlap });
  const { key, secret } = await namingOptions(() => withService(KeyAdministration, rotate), {
    id: 'id',
    overlapSeconds: '--overlap',
  });
  printObject({ ...shown(key), previousExpiresAt: key.previousExpiresAt, key: secret }, { json });
}

export async function suspendKey(id: string, output: Output): Promise<void> {
  await changeOne((keys) => keys.suspend(id), output);
}

export async function resumeKey(id: string, output: Output): Promise<void> {
  await changeOne((keys) => keys.resume(id), output);
}

export async function transferKey(id: string, { to, json }: TransferOptions): Promise<void> {
  await changeOne((keys) => keys.transfer(id, to), { json });
}

async function changeOne(change: (keys: KeyAdministration) => Promise<ApiKeyRow>, output: Output): Promise<void> {
  const names = { id: 'id', ownerId: '--to' };
  printObject(shown(await namingOptions(() => withService(KeyAdministration, change), names)), output);
}

/** A command names one key, which its service may read as a list of one. */
const ID_NAMES = { id: 'id', ids: 'id' };

/** What an operator wants to know of a request before approving it. */
const requestOf = ({ version, allowedCidrs, requestReason, pendingUntil }: ApiKeyRow) => ({
  version,
  allowedCidrs,
  requestReason,
  pendingUntil,
});

function shown(key: ApiKeyRow): Record<string, unknown> {
  const { id, name, ownerId, keyPrefix, status, scopes, expiresAt, lastUsedAt } = key;
  return { id, name, ownerId, keyPrefix, status, scopes, expiresAt, lastUsedAt };
}
