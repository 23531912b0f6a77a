import { Injectable } from '@nestjs/common';
import { type Actor, isMember } from '#access';
import { type Session, TenantDatabase } from '#database';
import { Conflict, type Input, isUuid } from '#kernel';
import { TenantDirectory, type UserRow } from '#tenancy';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { change, expectVersion, type KeyMembers, requireAllowed } from './key-changes.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { checkPolicy, type KeyPolicy, type KeyTerms } from '../policy/key-policy.rules.js';
import { policyForChange } from '../policy/key-policy.reader.js';
import {
  isSameInstant,
  isWider,
  type KeyUpdate,
  namesFurtherNetwork,
  readKeyUpdate,
  widerMembers,
} from './key-update.rules.js';
import { MemberKeysOff } from '../keys/member.errors.js';
import { checkScopeList, checkScopes } from '../keys/scopes.rules.js';
import { lockKey } from '../keys/key-lock.js';
import { isRotating } from '../keys/secrets.rules.js';
import { checkExpiry } from './expiry.rules.js';

/** Changes the members and permissions of keys. */
@Injectable()
export class KeyUpdateService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly directory: TenantDirectory,
  ) {}

  /**
   * Changes the members that were sent. A change that narrows a key is always allowed. A change that widens its scopes or its
   * life needs the same permission as creating the key anew.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE, VERSION_MISMATCH; APPROVAL_REQUIRED: a member would widen a key that works
   * @throws {MemberKeysOff} a member would widen a key, and the policy lets members make no keys
   */
  update(by: Actor, given: Input<KeyUpdate & { id: string; expectedVersion?: number | null }>): Promise<ApiKeyRow> {
    const id = given.at('id').id();
    const members = readKeyUpdate(given);
    if (!isUuid(id)) given.throwIfRefused();
    return this.database.write(by, async (session) => {
      const input = given.copy();
      const policy = await policyForChange(session, by.tenantId);
      const key = await lockKey(session, id);
      const caller = await this.authority.caller(session, by);
      requireAllowed('update', key);
      expectVersion(key, input.value.expectedVersion);
      await this.checkTerms(session, { caller, policy }, key, members, input);
      input.throwIfRefused();
      if (isMember(by) && isWider(members, key)) requireMayWiden(policy, key);
      return change(session, by, key, 'UPDATED', {
        ...members,
        ...(await this.cutOverlap(session, key, members.expiresAt)),
      });
    });
  }

  /** An old secret lives no longer than the key: reviving the key later must not revive the old secret. */
  private async cutOverlap(session: Session, key: ApiKeyRow, expiresAt: Date | null | undefined): Promise<KeyMembers> {
    const { previousExpiresAt } = key;
    if (!expiresAt || !previousExpiresAt || previousExpiresAt <= expiresAt) return {};
    return isRotating(key, await session.clock()) ? { previousExpiresAt: expiresAt } : {};
  }

  /** The new scopes and life. Where they get wider, they are checked against what the caller and the owner may grant. */
  private async checkTerms(
    session: Session,
    { caller, policy }: { caller: UserRow; policy: KeyPolicy },
    key: ApiKeyRow,
    members: KeyMembers,
    input: Input<KeyUpdate>,
  ): Promise<void> {
    const { scopes = key.scopes, expiresAt = key.expiresAt, allowedCidrs = key.allowedCidrs } = members;
    const wider = widerMembers(members, key);
    const livesLonger = wider.includes('expiresAt');
    const isWidened = livesLonger || wider.includes('scopes');
    if (members.expiresAt && !isSameInstant(members.expiresAt, key.expiresAt))
      checkExpiry(input.at('expiresAt').as(members.expiresAt), await session.now());
    if (isWidened) {
      const owner = (await this.directory.user(session, key.ownerId)) ?? caller;
      checkScopes(input.at('scopes').as(scopes), this.authority.ceiling(caller, owner));
    } else if (members.scopes) checkScopeList(input.at('scopes').as(scopes));
    const terms: KeyTerms = {
      scopes: isWidened ? scopes : undefined,
      expiresAt: livesLonger ? expiresAt : undefined,
      allowedCidrs: livesLonger || namesFurtherNetwork(allowedCidrs, key.allowedCidrs) ? allowedCidrs : undefined,
    };
    checkPolicy(input.as(terms), policy, key.createdAt);
  }
}

/**
 * A member may widen a key only where it may make one. A request that waits for approval may still be changed, since nobody has
 * approved it yet.
 */
function requireMayWiden({ memberKeys }: KeyPolicy, key: ApiKeyRow): void {
  if (memberKeys === 'NONE') throw new MemberKeysOff();
  if (memberKeys === 'APPROVAL' && key.pendingUntil === null)
    throw new Conflict('APPROVAL_REQUIRED', 'An approved key can only be narrowed: ask for another key.');
}
