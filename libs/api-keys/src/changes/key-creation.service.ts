import { Injectable } from '@nestjs/common';
import type { InsertObject } from 'kysely';
import { type Actor, isMember } from '#access';
import { jsonb, type Session, TenantDatabase } from '#database';
import { type Input, type JsonObject, LIMITS } from '#kernel';
import { diffBetween } from '../audit/changed-members.rules.js';
import { record, type SystemActor } from '../audit/audit-trail.js';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import { type ApiKeyRow, type ApiKeyTables, keyById } from '../keys/api-key.reader.js';
import { KeyAuthority } from '../keys/key-authority.js';
import { checkScopes } from '../keys/scopes.rules.js';
import { type RateLimit, rateLimitOf, readRateLimit } from '../limits/key-limits.rules.js';
import { readCidrs } from '../limits/networks.rules.js';
import { checkExpiry } from './expiry.rules.js';
import { type Creation, digestOf, madeBefore } from './idempotent-creation.js';
import type { BeforeCommit } from './key-changes.js';
import { MemberKeysOff } from '../keys/member.errors.js';
import { checkNewKey } from './new-key.check.js';
import { policyForChange } from '../policy/key-policy.reader.js';

const DAY_MS = 86_400_000;

export interface NewApiKey {
  name: string;
  description?: string | null;
  scopes: readonly string[];
  expiresAt?: Date | null;
  /** Default: the caller. */
  ownerId?: string | null;
  /** IPv4 or IPv6 networks in CIDR form; none: any network. */
  allowedCidrs?: readonly string[] | null;
  /** Null: no limit. */
  rateLimit?: RateLimit | null;
  metadata?: JsonObject | null;
  /** Why the key is needed; stored with a request for approval. */
  reason?: string | null;
  /** For a day, the same idempotency key with the same input makes only one key. */
  idempotencyKey?: string | null;
}

export interface MadeKey {
  key: ApiKeyRow;
  /** Null where an earlier call has made the key. */
  secret: string | null;
}

/** Makes keys of the caller's tenant. */
@Injectable()
export class KeyCreationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
    private readonly format: ApiKeyFormat,
  ) {}

  /**
   * Makes a key. The plaintext is returned here and never stored; null where an earlier call has made the key.
   * @param check see `BeforeCommit`
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} no such owner in this tenant
   * @throws {Conflict} INVALID_STATE: the owner is not active; ALREADY_EXISTS: the idempotency key was used with another input
   * @throws {Unauthenticated} the caller lost its authority since the request was authenticated
   * @throws {MemberKeysOff} the policy lets members make no keys
   */
  create(by: Actor | SystemActor, given: Input<NewApiKey>, check?: BeforeCommit<MadeKey>): Promise<MadeKey> {
    const read = readNewKey(given);
    return this.database.write(by, async (session) => {
      const made = await this.make(session, by, given, read);
      if (check) await this.database.joining(session, by, () => check(made));
      return made;
    });
  }

  private async make(
    session: Session,
    by: Actor | SystemActor,
    given: Input<NewApiKey>,
    { idempotency, ...read }: ReturnType<typeof readNewKey>,
  ): Promise<MadeKey> {
    const input = given.copy();
    const caller = await this.authority.caller(session, by);
    const creation = caller && idempotency && { callerId: caller.id, ...idempotency };
    const made = creation && (await madeBefore(session, creation));
    if (made) return { key: made, secret: null };
    const policy = await policyForChange(session, by.tenantId);
    if (isMember(by) && policy.memberKeys === 'NONE') throw new MemberKeysOff();
    const owner = await this.authority.owner(session, by, caller, input.at('ownerId').as(read.ownerId));
    checkScopes(input.at('scopes'), this.authority.ceiling(caller, owner));
    const createdAt = await session.now();
    const { scopes, expiresAt = null } = input.value;
    const expiry = input.given('expiresAt');
    if (expiry) checkExpiry(expiry, createdAt);
    const { rateLimit, allowedCidrs } = read;
    const terms = { ownerId: owner?.id, scopes, expiresAt, allowedCidrs, createdAt };
    await checkNewKey(session, policy, input.as(terms));
    input.throwIfRefused();
    if (!owner) throw new Error('A new key must have an owner.');

    const secret = this.format.mint(by.tenantId);
    const id = await insert(session, {
      tenantId: by.tenantId,
      userId: owner.id,
      createdById: caller?.id ?? null,
      name: read.name,
      description: read.description,
      keyPrefix: this.format.shownPrefixOf(secret),
      keyHash: hashKey(secret),
      scopes: jsonb([...scopes]),
      expiresAt,
      allowedCidrs: jsonb(allowedCidrs),
      rateLimit: rateLimit?.limit ?? null,
      rateLimitWindowSeconds: rateLimit?.windowSeconds ?? null,
      metadata: jsonb(read.metadata),
      ...(isMember(by) && policy.memberKeys === 'APPROVAL' ? waiting(createdAt, read.reason) : {}),
      idempotencyKey: creation?.idempotencyKey ?? null,
      idempotencyDigest: creation?.digest ?? null,
    });
    // Checked again, now that the waits for the policy and for other creations of the owner are over.
    await this.authority.caller(session, by);
    const key = await keyById(session, id);
    if (!key) throw new Error('A key that was just made cannot be read back.');
    await record(session, by, { kind: 'CREATED', key, changes: diffBetween({}, auditedMembersOf(key)) });
    return { key, secret };
  }
}

/** The columns of a key that waits for approval. */
const waiting = (createdAt: Date, requestReason: string | null) => ({
  pendingUntil: new Date(createdAt.getTime() + LIMITS.approvalDays * DAY_MS),
  requestReason,
});

async function insert(session: Session, row: InsertObject<ApiKeyTables, 'api_keys'>): Promise<string> {
  const keys = session.tables<ApiKeyTables>().insertInto('api_keys');
  return (await keys.values(row).returning('id').executeTakeFirstOrThrow()).id;
}

/** The checks that need no database. */
function readNewKey(input: Input<NewApiKey>) {
  // First of all: metadata that is nested too deep must not be digested either.
  const metadata = input.given('metadata')?.metadata() ?? {};
  const idempotency = readIdempotency(input);
  const name = input.at('name').text({ max: LIMITS.name });
  const description = input.given('description')?.description() ?? null;
  const reason = input.given('reason')?.description() ?? null;
  const allowedCidrs = readCidrs(input.at('allowedCidrs').as(input.value.allowedCidrs ?? []));
  const rate = input.given('rateLimit');
  const rateLimit = rate ? readRateLimit(rate) : null;
  const ownerId = input.given('ownerId')?.id();
  return { metadata, idempotency, name, description, reason, allowedCidrs, rateLimit, ownerId };
}

/** Undefined without an idempotency key, and where there are problems: then no key is made. */
function readIdempotency(input: Input<NewApiKey>): Omit<Creation, 'callerId'> | undefined {
  const idempotencyKey = input.given('idempotencyKey')?.text({ max: LIMITS.idempotencyKey });
  if (idempotencyKey === undefined || input.isAnyRefused) return undefined;
  return { idempotencyKey, digest: digestOf({ ...input.value, idempotencyKey: undefined }) };
}

/** The members of a new key that the audit trail records. */
function auditedMembersOf(key: ApiKeyRow): object {
  const { name, keyPrefix, scopes, ownerId, description, expiresAt, allowedCidrs, metadata } = key;
  const given = {
    description,
    expiresAt,
    allowedCidrs: allowedCidrs.length > 0 ? allowedCidrs : undefined,
    rateLimit: rateLimitOf(key.rateLimit, key.rateLimitWindowSeconds),
    metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    requestReason: key.requestReason ?? undefined,
    pendingUntil: key.pendingUntil ?? undefined,
  };
  return { name, keyPrefix, scopes, ownerId, ...given };
}
