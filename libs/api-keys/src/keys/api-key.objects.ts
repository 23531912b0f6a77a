import { objectIn, stringsIn } from './stored-values.rules.js';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { ScopeCatalogue } from '#access';
import type { JsonObject } from '#kernel';
import { Connection, describedEnum } from '#graphql';
import type { ApiKeyRow } from './api-key.reader.js';
import { type RateLimit, rateLimitOf } from '../limits/key-limits.rules.js';
import type { ApiKeyStatus, RevocationReason } from '../words.js';
import { ApiKeyRotation } from './rotation.objects.js';

export const API_KEY_STATUS = describedEnum(
  'ApiKeyStatus',
  'Derived by the server. Of several the first holds: REVOKED, EXPIRED, SUSPENDED, TENANT_SUSPENDED, OWNER_INACTIVE, ' +
    'PENDING, POLICY_BLOCKED, ACTIVE.',
  {
    REVOKED: 'Ended for good; the row stays, for audit.',
    EXPIRED: '`expiresAt` has passed, and a new one revives the key; or nobody answered its request for 7 days.',
    SUSPENDED: 'Stopped until someone resumes it.',
    TENANT_SUSPENDED: 'Its tenant is suspended.',
    OWNER_INACTIVE: 'Its owner is not active.',
    PENDING: 'A member asked for it, and no admin has approved it yet: it opens nothing.',
    POLICY_BLOCKED: "It breaks its tenant's policy; it works again once it no longer does.",
    ACTIVE: 'It works, within its scopes.',
  },
);
export const REVOCATION_REASON = describedEnum<RevocationReason>('RevocationReason', 'Why a key was ended.', {
  COMPROMISED: 'Someone else may have it.',
  OWNER_LEFT: 'Its owner left the tenant.',
  SUPERSEDED: 'Another key took its place.',
  UNUSED: 'Nobody needed it any more.',
  POLICY: "It broke the tenant's rules.",
  OTHER: 'Anything else; see the note.',
});

@ObjectType({ description: 'So many requests within so many seconds, over all instances.' })
export class ApiKeyRateLimit implements RateLimit {
  @Field(() => Int, { description: 'Requests within the window, 1 to 1,000,000; one more is RATE_LIMITED (429).' })
  limit!: number;
  @Field(() => Int, { description: 'Length of the window, 1 to 86,400.' })
  windowSeconds!: number;
}

@ObjectType('ApiKey', { description: 'A credential for scripts, integrations and service accounts.' })
export class ApiKeyObject {
  @Field(() => ID, { description: 'A UUID; it never changes, and is no secret.' })
  id!: string;
  @Field({ description: '1 to 200 characters; not unique.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters. Null: none.' })
  description!: string | null;
  @Field({
    description: 'The first characters of the plaintext, enough to recognise it in a log: `mktp_` and four more.',
  })
  keyPrefix!: string;
  @Field(() => API_KEY_STATUS, { description: 'What the key is worth now, and why.' })
  status!: ApiKeyStatus;
  @Field(() => [String], { description: 'What it was granted. What of it works now is in `effectiveScopes`.' })
  scopes!: string[];
  @Field(() => [String], {
    description:
      "As usable now: `scopes` cut down to what the owner's role opens and the policy's `allowedScopes` admit today.",
  })
  effectiveScopes!: string[];
  @Field({ description: 'When it was made; rotation does not change it.' })
  createdAt!: Date;
  @Field(() => Date, { nullable: true, description: 'From this instant on it is refused (EXPIRED_KEY). Null: never.' })
  expiresAt!: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'When a request was last let through. At most a minute behind. Null: never.',
  })
  lastUsedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Address from which that request came. Null: never used.' })
  lastUsedIp!: string | null;
  @Field(() => Date, {
    nullable: true,
    description:
      "When it stops working if nothing changes: the earliest of expiresAt, the policy's maximum age, and the policy's inactivity limit.",
  })
  effectiveExpiresAt!: Date | null;
  @Field(() => [String], {
    description:
      'IPv4 or IPv6 networks in CIDR form that it may be used from; others are IP_NOT_ALLOWED. Empty: from ' +
      'anywhere.',
  })
  allowedCidrs!: string[];
  @Field(() => ApiKeyRateLimit, { nullable: true, description: 'How often it may be used. Null: unlimited.' })
  rateLimit!: ApiKeyRateLimit | null;
  @Field(() => Date, { nullable: true, description: 'While set, the key is refused until someone resumes it.' })
  suspendedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was ended for good. Null: it was not.' })
  revokedAt!: Date | null;
  @Field(() => REVOCATION_REASON, { nullable: true, description: 'Why it was ended. Null: it was not.' })
  revocationReason!: RevocationReason | null;
  @Field(() => ApiKeyRotation, {
    nullable: true,
    description: 'Set while an old secret opens the key beside the new one.',
  })
  rotation!: ApiKeyRotation | null;
  @Field(() => String, {
    nullable: true,
    description:
      'What its maker gave as the reason for a key that had to be approved. Null: none, or no approval was needed.',
  })
  requestReason!: string | null;
  @Field(() => Date, { nullable: true, description: 'When an admin approved it. Null: it was not.' })
  approvedAt!: Date | null;
  @Field(() => Int, { description: 'Grows by one with every change. Pass it back as `expectedVersion`.' })
  version!: number;

  /** These fields have resolvers of their own, which declare their own access. */
  ownerId!: string;
  createdById!: string | null;
  revokedById!: string | null;
  approvedById!: string | null;
  revocationNote!: string | null;
  attemptsAfterRevocation!: number;
  metadata!: JsonObject;

  /**
   * A row that was edited by hand may hold any value. An item of a list that is no text, or a value that is no object, is not
   * shown.
   */
  static from(row: ApiKeyRow, catalogue: ScopeCatalogue): ApiKeyObject {
    const scopes = stringsIn(row.scopes);
    const policyScopes = row.policyScopes && stringsIn(row.policyScopes);
    return Object.assign(new ApiKeyObject(), {
      id: row.id,
      name: row.name,
      description: row.description,
      keyPrefix: row.keyPrefix,
      status: row.status,
      scopes,
      effectiveScopes:
        row.ownerRole && !row.revokedAt ? [...catalogue.cutDown(scopes, row.ownerRole, policyScopes)] : [],
      createdAt: row.createdAt,
      expiresAt: row.expiresAt,
      lastUsedAt: row.lastUsedAt,
      lastUsedIp: row.lastUsedIp,
      effectiveExpiresAt: row.effectiveExpiresAtMs === null ? null : new Date(row.effectiveExpiresAtMs),
      allowedCidrs: stringsIn(row.allowedCidrs),
      rateLimit: rateLimitOf(row.rateLimit, row.rateLimitWindowSeconds),
      suspendedAt: row.suspendedAt,
      revokedAt: row.revokedAt,
      revocationReason: row.revocationReason,
      rotation: ApiKeyRotation.from(row),
      version: row.version,
      ownerId: row.ownerId,
      createdById: row.createdById,
      revokedById: row.revokedById,
      approvedById: row.approvedById,
      requestReason: row.requestReason,
      approvedAt: row.approvedAt,
      revocationNote: row.revocationNote,
      attemptsAfterRevocation: row.attemptsAfterRevocation,
      metadata: objectIn(row.metadata),
    });
  }
}

@ObjectType({ description: 'A page of keys, in the order asked for.' })
export class ApiKeyConnection extends Connection(ApiKeyObject, 'ApiKey') {
  @Field(() => Int, { description: 'How many keys the filter admits. Counted only when asked for.' })
  totalCount!: Promise<number>;
}
