import { Injectable } from '@nestjs/common';
import { type Actor, ScopeCatalogue } from '#access';
import { TenantDatabase } from '#database';
import { Input } from '#kernel';
import { TenantDirectory } from '#tenancy';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { change, requireAllowed } from './key-changes.js';
import type { SystemActor } from '../audit/audit-trail.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { lockKey } from '../keys/key-lock.js';

/** Gives keys to another owner. */
@Injectable()
export class TransferService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly directory: TenantDirectory,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /**
   * Gives the key to another user of the tenant. A transfer only ever narrows a key: it permanently keeps only the scopes that
   * the roles of the old owner, the new owner and the caller all open now.
   * @throws {InvalidInput} MALFORMED; SCOPE_NOT_GRANTABLE where no scope would be left
   * @throws {NotFound} no such key, or no such user, in this tenant
   * @throws {Conflict} INVALID_STATE of the key, or of an owner who is not active
   */
  transfer(by: Actor | SystemActor, id: string, ownerId: string): Promise<ApiKeyRow> {
    const input = new Input({ id, ownerId });
    const { keyId, newOwnerId } = input.read((given) => ({
      keyId: given.at('id').id(),
      newOwnerId: given.at('ownerId').id(),
    }));
    return this.database.write(by, async (session) => {
      const key = await lockKey(session, keyId);
      const caller = await this.authority.caller(session, by);
      requireAllowed('transfer', key);
      if (newOwnerId === key.ownerId) return key;
      const owner = await this.authority.requireOwner(session, by.tenantId, newOwnerId);
      const old = await this.directory.user(session, key.ownerId);
      const roles = [old?.role, owner.role, ...(caller ? [caller.role] : [])];
      const opened = roles.map((role) => role && this.catalogue.scopesOf(role));
      const scopes = key.scopes.filter((scope) => opened.every((ofRole) => ofRole?.has(scope)));
      if (scopes.length === 0) {
        const refused = input.copy().at('ownerId');
        refused.refuse('SCOPE_NOT_GRANTABLE', 'no scope of this key is granted by the roles of both owners.');
        refused.throwIfRefused();
      }
      return change(session, by, key, 'TRANSFERRED', { ownerId: owner.id, scopes });
    });
  }
}
