import { Injectable } from '@nestjs/common';
import { type Actor, isMember } from '#access';
import { type Session, TenantDatabase } from '#database';
import { Input } from '#kernel';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { AdministratorRequired } from '../keys/member.errors.js';
import { change, requireAllowed } from './key-changes.js';
import type { SystemActor } from '../audit/audit-trail.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { lockKey } from '../keys/key-lock.js';

/** Stops keys for a while. */
@Injectable()
export class SuspensionService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
  ) {}

  /**
   * Stops a key until it is resumed. A key that is suspended already stays as it is.
   * @throws {InvalidInput} for an id that is no UUID
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE
   */
  suspend(by: Actor | SystemActor, id: string): Promise<ApiKeyRow> {
    return this.set(by, id, 'suspend');
  }

  /**
   * Ends a suspension; a key that is not suspended stays as it is. Throws as `suspend` does.
   * @throws {AdministratorRequired} a member resumes what an administrator has suspended
   */
  resume(by: Actor | SystemActor, id: string): Promise<ApiKeyRow> {
    return this.set(by, id, 'resume');
  }

  private set(by: Actor | SystemActor, id: string, action: 'suspend' | 'resume'): Promise<ApiKeyRow> {
    const keyId = Input.argument('id', id).read((input) => input.id());
    return this.database.write(by, async (session) => {
      const key = await lockKey(session, keyId);
      await this.authority.caller(session, by);
      const isDone = requireAllowed(action, key) === 'NOTHING';
      if (action === 'suspend') return isDone ? takeOver(session, by, key) : suspend(session, by, key);
      if (isDone) return key;
      if (isMember(by) && !key.suspendedByOwner) throw new AdministratorRequired();
      return change(session, by, key, 'RESUMED', { suspendedAt: null }, { suspendedByOwner: false });
    });
  }
}

async function suspend(session: Session, by: Actor | SystemActor, key: ApiKeyRow): Promise<ApiKeyRow> {
  const members = { suspendedAt: await session.now() };
  return change(session, by, key, 'SUSPENDED', members, { suspendedByOwner: isMember(by) });
}

/** The suspension of a key by its owner becomes that of the administrator, whom the owner cannot overrule. */
async function takeOver(session: Session, by: Actor | SystemActor, key: ApiKeyRow): Promise<ApiKeyRow> {
  if (isMember(by) || !key.suspendedByOwner) return key;
  return change(session, by, key, 'SUSPENDED', {}, { suspendedByOwner: false });
}
