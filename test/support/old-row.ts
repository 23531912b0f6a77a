import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { GivenUser } from './given.js';

/** A key in the form of the replaced system. */
export const oldSecret = (): string => `mktp_${randomBytes(32).toString('base64url')}`;

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** A row of an import: a key of this owner in the replaced system. Given members replace its own or come on top. */
export function oldRow<Members extends object>({ id, tenantId }: GivenUser, members: Members) {
  return {
    id: randomUUID(),
    tenant_id: tenantId,
    user_id: id,
    name: 'old key',
    key_prefix: 'mktp_abcd',
    key_hash: hashOf(oldSecret()),
    scopes: ['devices:read'],
    created_at: '2024-01-02T03:04:05Z',
    ...members,
  };
}
