import { Injectable } from '@nestjs/common';
import {
  type ApiKeyPrincipal,
  Forbidden,
  isAtLeast,
  isMember,
  ScopeCatalogue,
  type TenantPrincipal,
  Unauthenticated,
} from '#access';
import { type Session } from '#database';
import { Conflict, type Input, NotFound } from '#kernel';
import { TenantDirectory, type UserRow } from '#tenancy';
import type { SystemActor } from '../audit/audit-trail.js';
import type { ApiKeyRow } from './api-key.reader.js';
import { UNUSABLE } from './api-key.status.js';
import { lockKey } from './key-lock.js';
import type { ScopeCeiling } from './scopes.rules.js';
import { type SecretState, stateOfSecret } from './secrets.rules.js';

/**
 * Decides on whose authority keys are changed. Reads everything in the transaction that makes the change: the state at
 * authentication may be out of date by now.
 */
@Injectable()
export class KeyAuthority {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /**
   * The user behind a session; null for the system, which is no user. Call this once the transaction waits for no further lock: a
   * user may be deactivated during a long wait.
   * @throws {Unauthenticated} when the user may no longer act
   * @throws {Forbidden} ROLE_REQUIRED when the user is no longer the administrator as which the request was admitted
   */
  caller(session: Session, by: TenantPrincipal): Promise<UserRow>;
  caller(session: Session, by: TenantPrincipal | SystemActor): Promise<UserRow | null>;
  async caller(session: Session, by: TenantPrincipal | SystemActor): Promise<UserRow | null> {
    if (by.kind === 'SYSTEM') return null;
    const user = await this.directory.user(session, by.userId);
    if (!user?.isActive) throw new Unauthenticated('INVALID_SESSION');
    if (user.tenantId !== null && (await this.directory.isSuspended(session, user.tenantId)))
      throw new Unauthenticated('INVALID_SESSION');
    if (!isMember(by) && !isAtLeast(user.role, 'TENANT_ADMIN'))
      throw new Forbidden({ reason: 'ROLE_REQUIRED', requiredRole: 'TENANT_ADMIN' });
    return user;
  }

  /** The key that makes this request, locked. @throws {Unauthenticated} when the key is gone */
  lockOwnKey(session: Session, by: ApiKeyPrincipal): Promise<ApiKeyRow> {
    return lockKey(session, by.apiKeyId).catch((error: unknown) => {
      throw error instanceof NotFound ? new Unauthenticated('INVALID_KEY') : error;
    });
  }

  /**
   * The state of the secret that a request has presented, for its locked key.
   * @throws {Unauthenticated} when the key or this secret may no longer act
   */
  async presentedSecret(session: Session, by: ApiKeyPrincipal, key: ApiKeyRow): Promise<SecretState> {
    const presented = stateOfSecret(key, by.secretNumber, await session.clock());
    if (presented === 'ENDED') throw new Unauthenticated('REVOKED_KEY');
    if (key.status !== 'ACTIVE') throw new Unauthenticated(UNUSABLE[key.status]);
    return presented;
  }

  /**
   * The future owner of a new key: the named user, or else the caller. Undefined where the choice of the owner is refused.
   * @param caller the result of `caller`
   * @param ownerId the named user; undefined where the input names none
   * @throws {NotFound} no such user in this tenant; a member may name only itself
   * @throws {Conflict} INVALID_STATE: the user is not active
   */
  async owner(
    session: Session,
    by: TenantPrincipal | SystemActor,
    caller: UserRow | null,
    ownerId: Input<string | undefined>,
  ): Promise<UserRow | undefined> {
    if (ownerId.isRefused) return undefined;
    if (ownerId.value !== undefined) {
      if (isMember(by) && ownerId.value !== caller?.id) throw new NotFound('User');
      return this.requireOwner(session, by.tenantId, ownerId.value);
    }
    if (caller?.tenantId === by.tenantId) return caller;
    ownerId.refuse('REQUIRED', 'a caller without a tenant must name the owner.');
    return undefined;
  }

  /**
   * The user with this id, who is to own a key.
   * @throws {NotFound} no such user in this tenant
   * @throws {Conflict} INVALID_STATE: the user is not active
   */
  async requireOwner(session: Session, tenantId: string, id: string): Promise<UserRow> {
    const user = await this.directory.user(session, id);
    if (user?.tenantId !== tenantId) throw new NotFound('User');
    if (!user.isActive)
      throw new Conflict('INVALID_STATE', 'This user is not active and cannot own a key.', {
        status: 'OWNER_INACTIVE',
      });
    return user;
  }

  /** The scopes that these users may grant to a key: each of them must have the scope. Without a user: every scope. */
  ceiling(...users: readonly (UserRow | null | undefined)[]): ScopeCeiling {
    const opened = users.flatMap((user) => (user ? [this.catalogue.scopesOf(user.role)] : []));
    return {
      isKnown: (scope) => this.catalogue.has(scope),
      suggestionsFor: (scope) => this.catalogue.suggestionsFor(scope),
      isGrantable: (scope) => opened.every((scopes) => scopes.has(scope)),
    };
  }
}
