import { Injectable } from '@nestjs/common';
import type { Actor } from '#access';
import { type Session, TenantDatabase } from '#database';
import { Conflict, type Input, isUuid } from '#kernel';
import { TenantDirectory, type UserRow } from '#tenancy';
import type { SystemActor } from '../audit/audit-trail.js';
import { diffBetween } from '../audit/changed-members.rules.js';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { lockKey } from '../keys/key-lock.js';
import { checkScopes } from '../keys/scopes.rules.js';
import { readCidrs } from '../limits/networks.rules.js';
import { policyForChange } from '../policy/key-policy.reader.js';
import { checkPolicy, type KeyPolicy } from '../policy/key-policy.rules.js';
import { checkExpiry } from './expiry.rules.js';
import { change, expectVersion, type KeyMembers, requireAllowed } from './key-changes.js';
import { type Reach, widerMembers } from './key-update.rules.js';

/** What is approved: the key as it was asked for, less the members given here. A null member is as asked. */
export interface Approval {
  id: string;
  /** Left out by an operator, who approves the present request. */
  expectedVersion?: number | null;
  scopes?: readonly string[] | null;
  expiresAt?: Date | null;
  allowedCidrs?: readonly string[] | null;
}

export interface Rejection {
  id: string;
  note?: string | null;
}

/** Answers the requests of members for keys of their own. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly directory: TenantDirectory,
  ) {}

  /**
   * Lets a pending key work, as asked or narrower. What is approved needs the same permission as creating the key now. A repeated
   * approval changes nothing.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE; VERSION_MISMATCH: the request has changed, or was approved otherwise
   */
  approve(by: Actor | SystemActor, given: Input<Approval>): Promise<ApiKeyRow> {
    const id = given.at('id').id();
    const narrowed = readNarrowed(given);
    if (!isUuid(id)) given.throwIfRefused();
    return this.database.write(by, async (session) => {
      const input = given.copy();
      const policy = await policyForChange(session, by.tenantId);
      const key = await lockKey(session, id);
      const caller = await this.authority.caller(session, by);
      if (requireAllowed('approve', key) === 'NOTHING') return approvedBefore(key, narrowed);
      expectVersion(key, input.value.expectedVersion);
      await this.checkApproved(session, { caller, policy }, key, narrowed, input);
      input.throwIfRefused();
      const members = { ...narrowed, approvedAt: await session.now() };
      return change(session, by, key, 'APPROVED', members, { pendingUntil: null, approvedById: caller?.id ?? null });
    });
  }

  /**
   * Ends a pending key for good.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE unless the key is pending
   */
  reject(by: Actor | SystemActor, input: Input<Rejection>): Promise<ApiKeyRow> {
    const { id, revocationNote } = input.read(readRejection);
    return this.database.write(by, async (session) => {
      const key = await lockKey(session, id);
      const caller = await this.authority.caller(session, by);
      requireAllowed('reject', key);
      const members = { revokedAt: await session.now(), revocationReason: 'OTHER', revocationNote } as const;
      return change(session, by, key, 'REJECTED', members, { revokedById: caller?.id ?? null });
    });
  }

  private async checkApproved(
    session: Session,
    { caller, policy }: { caller: UserRow | null; policy: KeyPolicy },
    key: ApiKeyRow,
    narrowed: Partial<Reach>,
    input: Input<Approval>,
  ): Promise<void> {
    const { scopes, expiresAt, allowedCidrs } = { ...key, ...narrowed };
    const owner = await this.directory.user(session, key.ownerId);
    checkScopes(input.at('scopes').as(scopes), this.authority.ceiling(caller, owner));
    if (narrowed.expiresAt) checkExpiry(input.at('expiresAt').as(narrowed.expiresAt), await session.now());
    checkPolicy(input.as({ scopes, expiresAt, allowedCidrs }), policy, key.createdAt);
    for (const member of widerMembers(narrowed, key))
      if (!input.at(member).isRefused) input.at(member).refuse('OUT_OF_RANGE', 'is wider than the request.');
  }
}

/** The members that were given. */
function readNarrowed(input: Input<Approval>): KeyMembers & Partial<Reach> {
  const { scopes, expiresAt } = input.value;
  const cidrs = input.given('allowedCidrs');
  return {
    ...(scopes && { scopes: [...scopes] }),
    ...(expiresAt && { expiresAt }),
    ...(cidrs && { allowedCidrs: readCidrs(cidrs) }),
  };
}

function readRejection(input: Input<Rejection>): { id: string; revocationNote: string | null } {
  return { id: input.at('id').id(), revocationNote: input.given('note')?.description() ?? null };
}

function approvedBefore(key: ApiKeyRow, narrowed: KeyMembers): ApiKeyRow {
  if (Object.keys(diffBetween(key, narrowed)).length > 0)
    throw new Conflict('VERSION_MISMATCH', `The key was approved with other terms: it is at version ${key.version}.`, {
      currentVersion: key.version,
    });
  return key;
}
