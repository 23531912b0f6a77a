/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which events to list: all given members must hold. */
export type ApiKeyEventFilter = {
  /** What this user did; a user who is gone may be named, too. */
  actorId?: string | null | undefined;
  /** Events later than this instant. */
  after?: string | null | undefined;
  /** Events of this key, revoked ones included. */
  apiKeyId?: string | null | undefined;
  /** Events earlier than this instant. */
  before?: string | null | undefined;
  /** Events of one of these kinds. An empty list admits none. */
  kind?: Array<ApiKeyEventKind> | null | undefined;
};

/** What happened to a key, or to the rules for keys. */
export type ApiKeyEventKind =
  /** An admin approved what a member had asked for. */
  | 'APPROVED'
  /** The key was made. */
  | 'CREATED'
  /** It was brought over from the replaced system. */
  | 'IMPORTED'
  /** Somebody found it in the open, and it was ended for good. */
  | 'LEAK_REPORTED'
  /** The tenant's rules for keys were changed. */
  | 'POLICY_CHANGED'
  /** An admin refused what a member had asked for, and it was ended for good. */
  | 'REJECTED'
  /** Its suspension was ended. */
  | 'RESUMED'
  /** It was ended for good. */
  | 'REVOKED'
  /** It got a new secret. */
  | 'ROTATED'
  /** The overlap with the old secret was ended. */
  | 'ROTATION_COMPLETED'
  /** It was stopped for a while. */
  | 'SUSPENDED'
  /** It got another owner. */
  | 'TRANSFERRED'
  /** What it is or may do was changed. */
  | 'UPDATED';

/** Which keys to list: all given members must hold. Without `status`, revoked and expired keys are left out. */
export type ApiKeyFilter = {
  /** Keys that were made later than this instant. */
  createdAfter?: string | null | undefined;
  /** Keys that were made earlier than this instant. */
  createdBefore?: string | null | undefined;
  /** Keys whose `expiresAt` is later; those that never expire are left out. */
  expiresAfter?: string | null | undefined;
  /** Keys whose `expiresAt` is earlier; those that never expire are left out. */
  expiresBefore?: string | null | undefined;
  /** These keys, at most 100; unknown ones are left out. An empty list admits none. */
  ids?: Array<string> | null | undefined;
  /** True: keys that were never used. False: keys that were. */
  neverUsed?: boolean | null | undefined;
  /** Keys that no request has used since; those that were never used, too. */
  notUsedSince?: string | null | undefined;
  /** Keys of this user. */
  ownerId?: string | null | undefined;
  /** Keys of people, or of service accounts. */
  ownerKind?: UserKind | null | undefined;
  /** A scope that was granted, whether in effect or not. */
  scope?: string | null | undefined;
  /** Text within name, description or key prefix, at most 200 characters; case-insensitive, taken literally. It reads every key of the tenant. */
  search?: string | null | undefined;
  /** Keys in one of these states. An empty list admits none. */
  status?: Array<ApiKeyStatus> | null | undefined;
  /** Keys that a request has used at this instant or later. */
  usedSince?: string | null | undefined;
};

/** Ties are ordered by id; what has no such instant comes last either way. */
export type ApiKeyOrder = {
  /** Which way the list runs. */
  direction: OrderDirection;
  /** By what the keys are ordered. */
  field: ApiKeyOrderField;
};

/** By what keys are listed. */
export type ApiKeyOrderField =
  /** When they were made. */
  | 'CREATED_AT'
  /** When they expire; those that never do come last. */
  | 'EXPIRES_AT'
  /** When they were last used; those that never were come last. */
  | 'LAST_USED_AT'
  /** By name, whatever the case. */
  | 'NAME';

/** One unit is one HTTP request that passed credential, network and access. */
export type ApiKeyRateLimitInput = {
  /** Requests within the window, 1 to 1,000,000. */
  limit: number;
  /** Length of the window, 1 to 86,400. */
  windowSeconds: number;
};

/** Derived by the server. Of several the first holds: REVOKED, EXPIRED, SUSPENDED, TENANT_SUSPENDED, OWNER_INACTIVE, PENDING, POLICY_BLOCKED, ACTIVE. */
export type ApiKeyStatus =
  /** It works, within its scopes. */
  | 'ACTIVE'
  /** `expiresAt` has passed, and a new one revives the key; or nobody answered its request for 7 days. */
  | 'EXPIRED'
  /** Its owner is not active. */
  | 'OWNER_INACTIVE'
  /** A member asked for it, and no admin has approved it yet: it opens nothing. */
  | 'PENDING'
  /** It breaks its tenant's policy; it works again once it no longer does. */
  | 'POLICY_BLOCKED'
  /** Ended for good; the row stays, for audit. */
  | 'REVOKED'
  /** Stopped until someone resumes it. */
  | 'SUSPENDED'
  /** Its tenant is suspended. */
  | 'TENANT_SUSPENDED';

/** Which request to approve, and what of it. Omitted or null members: as asked. Only narrower than asked. */
export type ApproveApiKeyInput = {
  /** Networks within those that were asked for. */
  allowedCidrs?: Array<string> | null | undefined;
  /** The `version` that you have seen; CONFLICT (VERSION_MISMATCH) where the request has changed since. */
  expectedVersion: number;
  /** At least 60 s ahead, and no later than was asked. */
  expiresAt?: string | null | undefined;
  /** The pending key. */
  id: string;
  /** Some of the scopes that were asked for. */
  scopes?: Array<string> | null | undefined;
};

/** A new key: what it may do, for whom, from where and for how long. */
export type CreateApiKeyInput = {
  /** IPv4 or IPv6 networks in CIDR form, at most 50, without bits behind the prefix. Empty: from anywhere. */
  allowedCidrs?: Array<string> | null | undefined;
  /** At most 2,000 characters, with tabs and line breaks. */
  description?: string | null | undefined;
  /** At least 60 s and at most 10 years ahead, and within the tenant's policy. Omitted: never, where the policy allows. */
  expiresAt?: string | null | undefined;
  /** 1 to 200 characters. The same input with the same one (24 h, same caller) returns the same key with `secret: null`; another input is a CONFLICT, ALREADY_EXISTS. */
  idempotencyKey?: string | null | undefined;
  /** Anything of your own, at most 8 kB. Only sessions see it. */
  metadata?: Record<string, unknown> | null | undefined;
  /** 1 to 200 characters once trimmed; no control characters. */
  name: string;
  /** Default: the caller (a super admin must name one). A user of the same tenant, active: a person or a service account. */
  ownerId?: string | null | undefined;
  /** How often it may be used. Null: unlimited. */
  rateLimit?: ApiKeyRateLimitInput | null | undefined;
  /** Why it is needed; kept with the request where an admin has to approve it, at most 2,000 characters. */
  reason?: string | null | undefined;
  /** 1 to 50, no repeats; each must be known, opened by the caller's and by the owner's role, and allowed by the policy. */
  scopes: Array<string>;
};

/** A new endpoint. Texts are trimmed. */
export type CreateWebhookEndpointInput = {
  /** At most 2,000 characters. */
  description?: string | null | undefined;
  /** Empty or omitted: every kind. No repeats. */
  kinds?: Array<NotificationKind> | null | undefined;
  /** An https address of at most 2,000 characters, without a user, a password and a fragment. Private, local and reserved addresses are refused, here and at each attempt. */
  url: string;
};

/** How far a delivery is. */
export type DeliveryStatus =
  /** The endpoint answered 2xx. */
  | 'DELIVERED'
  /** No further attempt will follow, unless it is replayed. */
  | 'FAILED'
  /** An attempt is due, is under way or will follow. */
  | 'PENDING';

/** May users below TENANT_ADMIN make keys of their own? */
export type MemberKeys =
  /** Yes, within their own role. */
  | 'ALLOWED'
  /** Yes; a new key opens nothing until an admin has approved it. */
  | 'APPROVAL'
  /** No. Their existing keys stay theirs, to narrow and to end. */
  | 'NONE';

/** What a delivery reports. On the wire a kind is `api_key.rotated`: lower case, the first two words joined by an underscore, then a dot. */
export type NotificationKind =
  /** A member made a key that waits for an approval. It is reported as made, too. */
  | 'API_KEY_APPROVAL_REQUESTED'
  /** An admin approved the key of a member. */
  | 'API_KEY_APPROVED'
  /** A key was made. */
  | 'API_KEY_CREATED'
  /** A key has stopped working, because its time is over. */
  | 'API_KEY_EXPIRED'
  /** A key will stop working in 30 days, in 7 days or in a day, if nothing changes. */
  | 'API_KEY_EXPIRING'
  /** A key was found in the open, and was ended for good. */
  | 'API_KEY_LEAK_REPORTED'
  /** The tenant's rules for keys were changed. */
  | 'API_KEY_POLICY_CHANGED'
  /** An admin refused the key of a member, and it was ended for good. */
  | 'API_KEY_REJECTED'
  /** The suspension of a key was ended. */
  | 'API_KEY_RESUMED'
  /** A key was ended for good. */
  | 'API_KEY_REVOKED'
  /** A key got a new secret. */
  | 'API_KEY_ROTATED'
  /** The new secret of a rotated key was used for the first time. */
  | 'API_KEY_ROTATION_ADOPTED'
  /** The overlap with the old secret was ended. */
  | 'API_KEY_ROTATION_COMPLETED'
  /** A key was stopped for a while. */
  | 'API_KEY_SUSPENDED'
  /** A key got another owner. */
  | 'API_KEY_TRANSFERRED'
  /** What a key is or may do was changed. */
  | 'API_KEY_UPDATED'
  /** Somebody tried to use a key that was ended for good: at most one an hour and key. */
  | 'API_KEY_USED_AFTER_REVOCATION';

/** Which way a list runs. */
export type OrderDirection =
  /** Smallest or oldest first. */
  | 'ASC'
  /** Greatest or newest first. */
  | 'DESC';

/** What proved who is calling. */
export type PrincipalKind =
  /** An API key, with any holder. */
  | 'API_KEY'
  /** A portal user's session. */
  | 'USER';

/** The deliveries to send again: some by id, or those that failed. Give one of the two members. */
export type ReplayWebhookDeliveriesInput = {
  /** 1 to 100 deliveries, delivered or failed. Pending ones are left. */
  deliveryIds?: Array<string> | null | undefined;
  /** The endpoint whose deliveries these are. */
  endpointId: string;
  /** Every failed one created since, 10,000 at most: repeat the call while `count` is 10,000. */
  failedSince?: string | null | undefined;
};

/** Why a key was ended. */
export type RevocationReason =
  /** Someone else may have it. */
  | 'COMPROMISED'
  /** Anything else; see the note. */
  | 'OTHER'
  /** Its owner left the tenant. */
  | 'OWNER_LEFT'
  /** It broke the tenant's rules. */
  | 'POLICY'
  /** Another key took its place. */
  | 'SUPERSEDED'
  /** Nobody needed it any more. */
  | 'UNUSED';

/** Which keys to end: `ids`, all keys of one owner, or all that a filter admits; exactly one of the three. */
export type RevokeApiKeysInput = {
  /** How many keys the filter would end, as you have counted them; CONFLICT (COUNT_MISMATCH, with `actualCount`) where it is another number, and none ends. */
  expectedCount?: number | null | undefined;
  /** Every key that it admits, as `apiKeys` lists them. It needs `expectedCount`. */
  filter?: ApiKeyFilter | null | undefined;
  /** 1 to 100 keys; all or none of them. */
  ids?: Array<string> | null | undefined;
  /** At most 2,000 characters, for those who ask later. */
  note?: string | null | undefined;
  /** Every key of this user. */
  ownerId?: string | null | undefined;
  /** Why; it is kept with the keys. */
  reason?: RevocationReason;
  /** When to answer. */
  wait?: Settled;
};

/** Which key gets a new secret, and how long the old one lives on. */
export type RotateApiKeyInput = {
  /** The `version` that you have seen; CONFLICT (VERSION_MISMATCH) where the key has another. Omitted: not compared. */
  expectedVersion?: number | null | undefined;
  /** Omitted: the key that makes this request. A session must name one (REQUIRED). */
  id?: string | null | undefined;
  /** How long the old secret still opens the key. 0 ends it at once; cut to the policy's maximum and to the key's expiry (see `rotation.previousExpiresAt` of the answer). */
  overlapSeconds?: number;
};

/** Changes of the rules for keys: omitted members stay as they are; null clears what may be null. */
export type SetApiKeyPolicyInput = {
  /** IPv4 or IPv6 networks in CIDR form, at most 50, without bits behind the prefix. Null empties the list. */
  allowedCidrs?: Array<string> | null | undefined;
  /** What keys may use; 1 to 50 known scopes, no repeats. Null: every scope. */
  allowedScopes?: Array<string> | null | undefined;
  /** Days of 24 hours since its last use, 1 to 3,650. Null: as many as they like. */
  maxInactiveDays?: number | null | undefined;
  /** Keys that can still work, for each owner: 1 to 10,000. Null: as many as they like. */
  maxKeysPerOwner?: number | null | undefined;
  /** Days of 24 hours from when a key was made, 1 to 3,650. Null: as many as they like. */
  maxLifetimeDays?: number | null | undefined;
  /** Up to 7,776,000 (90 days); 0: an old secret ends at once. May not be null. */
  maxRotationOverlapSeconds?: number | null | undefined;
  /** May users below TENANT_ADMIN make keys of their own? May not be null. */
  memberKeys?: MemberKeys | null | undefined;
  /** Must every key have an `expiresAt`? May not be null. */
  requireExpiry?: boolean | null | undefined;
};

/** When a change is answered. */
export type Settled =
  /** With its commit. Other instances follow within milliseconds, in the worst case within 2 s. */
  | 'COMMITTED'
  /** When no instance can accept the key any more, whatever happens to any of them: 1.5 s later. */
  | 'EVERYWHERE';

/** Changes of a key: omitted members stay as they are; null clears what may be null. */
export type UpdateApiKeyInput = {
  /** IPv4 or IPv6 networks in CIDR form, at most 50, without bits behind the prefix. Empty or null: from anywhere. */
  allowedCidrs?: Array<string> | null | undefined;
  /** At most 2,000 characters, with tabs and line breaks. Null: none. */
  description?: string | null | undefined;
  /** The `version` that you have seen; CONFLICT (VERSION_MISMATCH) where the key has another. Omitted: not compared. */
  expectedVersion?: number | null | undefined;
  /** At least 60 s and at most 10 years ahead. Null: never, where the policy allows. A later one revives an expired key. */
  expiresAt?: string | null | undefined;
  /** The key to change. */
  id: string;
  /** Takes the place of what was there; at most 8 kB. Null: none. */
  metadata?: Record<string, unknown> | null | undefined;
  /** 1 to 200 characters once trimmed; no control characters. */
  name?: string | null | undefined;
  /** How often the key may be used. Null: unlimited. */
  rateLimit?: ApiKeyRateLimitInput | null | undefined;
  /** 1 to 50, no repeats. Taking some away is always allowed; adding one needs what making a key with all of them needs. */
  scopes?: Array<string> | null | undefined;
};

/** Changes of an endpoint: omitted members stay; null clears the description, and is REQUIRED elsewhere. */
export type UpdateWebhookEndpointInput = {
  /** At most 2,000 characters. */
  description?: string | null | undefined;
  /** The endpoint to change. */
  id: string;
  /** False: nothing more is sent or kept for it. True: deliveries that were pending go on, and the reason is cleared. */
  isEnabled?: boolean | null | undefined;
  /** Empty: every kind. No repeats. */
  kinds?: Array<NotificationKind> | null | undefined;
  /** An https address of at most 2,000 characters, without a user, a password and a fragment. Private, local and reserved addresses are refused, here and at each attempt. */
  url?: string | null | undefined;
};

/** What stands behind a user. */
export type UserKind =
  /** A person, who signs in at the identity provider. */
  | 'HUMAN'
  /** A service account: owns keys, never signs in. */
  | 'SERVICE';

/** From the highest: SUPER_ADMIN, TENANT_ADMIN, OPERATOR, VIEWER. A role opens the scopes that `Query.apiScopes { grantedTo }` lists. */
export type UserRole =
  /** Reads and changes the resources of its tenant. */
  | 'OPERATOR'
  /** The platform: every scope, in the tenant that the request names by `X-Tenant-Id`. */
  | 'SUPER_ADMIN'
  /** Every scope of its tenant, its keys, policy, audit trail and users. */
  | 'TENANT_ADMIN'
  /** Reads the resources of its tenant. */
  | 'VIEWER';

/** Why the server disabled an endpoint. */
export type WebhookDisabledReason =
  /** Every attempt of a delivery failed. */
  | 'FAILING'
  /** It answered 410. */
  | 'GONE';

export type EditableKeyFragment = { id: string, version: number, name: string, description: string | null, expiresAt: string | null, allowedCidrs: Array<string>, scopes: Array<string>, metadata: Record<string, unknown>, rateLimit: { limit: number, windowSeconds: number } | null };

export type KeyEventFragment = { id: string, at: string, kind: ApiKeyEventKind, actorKeyId: string | null, actorName: string | null, apiKeyId: string | null, apiKeyName: string | null, ip: string | null, foundAt: string | null, changes: Record<string, unknown>, actor: { id: string, name: string } | null };

export type KeyEventsQueryVariables = Exact<{
  filter?: ApiKeyEventFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type KeyEventsQuery = { apiKeyEvents: { nodes: Array<{ id: string, at: string, kind: ApiKeyEventKind, actorKeyId: string | null, actorName: string | null, apiKeyId: string | null, apiKeyName: string | null, ip: string | null, foundAt: string | null, changes: Record<string, unknown>, actor: { id: string, name: string } | null }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } };

export type KeyRowFragment = { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } };

export type MakeNoKeyMutationVariables = Exact<{ [key: string]: never; }>;


export type MakeNoKeyMutation = { createApiKey: { apiKey: { id: string } } | null };

export type KeyPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type KeyPolicyQuery = { apiKeyPolicy: { allowedCidrs: Array<string>, allowedScopes: Array<string> | null, maxInactiveDays: number | null, maxKeysPerOwner: number | null, maxLifetimeDays: number | null, maxRotationOverlapSeconds: number, memberKeys: MemberKeys, requireExpiry: boolean, updatedAt: string | null } };

export type RevocationImpactQueryVariables = Exact<{
  ids?: Array<string> | string | null | undefined;
  ownerId?: string | null | undefined;
}>;


export type RevocationImpactQuery = { apiKeyRevocationImpact: Array<{ lastUsedAt: string | null, requestsLast24h: number, scopesUsedLast30d: Array<string>, apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus } }> };

export type RevokeKeysMutationVariables = Exact<{
  input: RevokeApiKeysInput;
}>;


export type RevokeKeysMutation = { revokeApiKeys: { count: number, apiKeys: Array<{ id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } }> } | null };

export type FirstUseQueryVariables = Exact<{
  id: string;
}>;


export type FirstUseQuery = { apiKey: { id: string, status: ApiKeyStatus, lastUsedAt: string | null, lastUsedIp: string | null, rotation: { newFirstUsedAt: string | null } | null } | null };

export type SuspendKeyMutationVariables = Exact<{
  id: string;
}>;


export type SuspendKeyMutation = { suspendApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type ResumeKeyMutationVariables = Exact<{
  id: string;
}>;


export type ResumeKeyMutation = { resumeApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type TransferKeyMutationVariables = Exact<{
  id: string;
  ownerId: string;
}>;


export type TransferKeyMutation = { transferApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type KeyQueryVariables = Exact<{
  id: string;
  since: string;
  hoursFrom: string;
  daysFrom: string;
  now: string;
}>;


export type KeyQuery = { apiKey: { attemptsAfterRevocation: number, revocationNote: string | null, requestReason: string | null, approvedAt: string | null, unusedScopes: Array<string>, id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, description: string | null, allowedCidrs: Array<string>, metadata: Record<string, unknown>, approvedBy: { name: string } | null, recentIps: Array<{ ip: string, firstUsedAt: string, lastUsedAt: string }>, createdBy: { name: string } | null, revokedBy: { name: string } | null, rotation: { startedAt: string, previousExpiresAt: string, previousKeyPrefix: string, previousLastUsedAt: string | null, newFirstUsedAt: string | null } | null, owner: { role: UserRole, id: string, name: string, kind: UserKind, isActive: boolean }, hourly: Array<{ start: string, allowed: number, denied: number }>, daily: Array<{ start: string, allowed: number, denied: number }>, rateLimit: { limit: number, windowSeconds: number } | null } | null };

export type EditableKeyQueryVariables = Exact<{
  id: string;
}>;


export type EditableKeyQuery = { apiKey: { id: string, version: number, name: string, description: string | null, expiresAt: string | null, allowedCidrs: Array<string>, scopes: Array<string>, metadata: Record<string, unknown>, rateLimit: { limit: number, windowSeconds: number } | null } | null };

export type UpdateKeyMutationVariables = Exact<{
  input: UpdateApiKeyInput;
}>;


export type UpdateKeyMutation = { updateApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type RotateKeyMutationVariables = Exact<{
  input: RotateApiKeyInput;
}>;


export type RotateKeyMutation = { rotateApiKey: { secret: string, apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type CompleteRotationMutationVariables = Exact<{
  id: string;
  force: boolean;
}>;


export type CompleteRotationMutation = { completeApiKeyRotation: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type KeysQueryVariables = Exact<{
  filter?: ApiKeyFilter | null | undefined;
  orderBy?: ApiKeyOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  dayAgo: string;
  now: string;
}>;


export type KeysQuery = { apiKeys: { totalCount: number, nodes: Array<{ attemptsAfterRevocation: number, id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, usage: Array<{ start: string, allowed: number, denied: number }>, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } };

export type KeyCountsQueryVariables = Exact<{
  soon: string;
  longAgo: string;
}>;


export type KeyCountsQuery = { active: { totalCount: number }, expiring: { totalCount: number }, unused: { totalCount: number }, pending: { totalCount: number }, blocked: { totalCount: number }, expired: { totalCount: number }, revoked: { totalCount: number } };

export type ScopePresetsQueryVariables = Exact<{ [key: string]: never; }>;


export type ScopePresetsQuery = { apiScopePresets: Array<{ name: string, description: string, scopes: Array<string> }> };

export type RequiredScopesQueryVariables = Exact<{
  document: string;
}>;


export type RequiredScopesQuery = { requiredScopes: { availableToApiKeys: boolean, scopes: Array<string>, fields: Array<{ coordinate: string, path: Array<string>, scopes: Array<string>, sessionOnly: boolean }> } };

export type KeyToDuplicateQueryVariables = Exact<{
  id: string;
}>;


export type KeyToDuplicateQuery = { apiKey: { createdAt: string, requestReason: string | null, id: string, version: number, name: string, description: string | null, expiresAt: string | null, allowedCidrs: Array<string>, scopes: Array<string>, metadata: Record<string, unknown>, owner: { id: string }, rateLimit: { limit: number, windowSeconds: number } | null } | null };

export type CreateKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateKeyMutation = { createApiKey: { secret: string | null, apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type KeysOfPersonQueryVariables = Exact<{
  filter: ApiKeyFilter;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type KeysOfPersonQuery = { apiKeys: { totalCount: number, nodes: Array<{ id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } };

export type PendingCountQueryVariables = Exact<{ [key: string]: never; }>;


export type PendingCountQuery = { apiKeys: { totalCount: number } };

export type PolicyPreviewQueryVariables = Exact<{
  input: SetApiKeyPolicyInput;
}>;


export type PolicyPreviewQuery = { apiKeyPolicyPreview: Array<{ rules: Array<string>, apiKey: { id: string, name: string, keyPrefix: string, lastUsedAt: string | null, owner: { name: string } } }> };

export type SetPolicyMutationVariables = Exact<{
  input: SetApiKeyPolicyInput;
}>;


export type SetPolicyMutation = { setApiKeyPolicy: { violationCount: number, policy: { updatedAt: string | null }, violations: Array<{ rules: Array<string>, apiKey: { id: string, name: string, keyPrefix: string, lastUsedAt: string | null, owner: { name: string } } }> } | null };

export type ViolationFragment = { rules: Array<string>, apiKey: { id: string, name: string, keyPrefix: string, lastUsedAt: string | null, owner: { name: string } } };

export type RequestQueryVariables = Exact<{
  id: string;
}>;


export type RequestQuery = { apiKey: { status: ApiKeyStatus, createdAt: string, effectiveExpiresAt: string | null, requestReason: string | null, id: string, version: number, name: string, description: string | null, expiresAt: string | null, allowedCidrs: Array<string>, scopes: Array<string>, metadata: Record<string, unknown>, owner: { id: string, name: string, kind: UserKind, role: UserRole }, rateLimit: { limit: number, windowSeconds: number } | null } | null };

export type RequestedKeyFragment = { status: ApiKeyStatus, createdAt: string, effectiveExpiresAt: string | null, requestReason: string | null, id: string, version: number, name: string, description: string | null, expiresAt: string | null, allowedCidrs: Array<string>, scopes: Array<string>, metadata: Record<string, unknown>, owner: { id: string, name: string, kind: UserKind, role: UserRole }, rateLimit: { limit: number, windowSeconds: number } | null };

export type ComparableKeysQueryVariables = Exact<{
  ownerKind: UserKind;
  since: string;
}>;


export type ComparableKeysQuery = { apiKeys: { nodes: Array<{ id: string, scopes: Array<string>, unusedScopes: Array<string>, owner: { role: UserRole } }> } };

export type ApproveKeyMutationVariables = Exact<{
  input: ApproveApiKeyInput;
}>;


export type ApproveKeyMutation = { approveApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type RejectKeyMutationVariables = Exact<{
  id: string;
  note?: string | null | undefined;
}>;


export type RejectKeyMutation = { rejectApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type RequestsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type RequestsQuery = { apiKeys: { totalCount: number, nodes: Array<{ id: string, name: string, scopes: Array<string>, createdAt: string, effectiveExpiresAt: string | null, requestReason: string | null, owner: { name: string, role: UserRole } }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } };

export type ScopesQueryVariables = Exact<{ [key: string]: never; }>;


export type ScopesQuery = { apiScopes: Array<{ name: string, description: string, opens: Array<string>, grantedTo: Array<UserRole>, grantableByMe: boolean }> };

export type WebhookQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: Array<DeliveryStatus> | DeliveryStatus | null | undefined;
}>;


export type WebhookQuery = { webhookEndpoint: { id: string, url: string, description: string | null, kinds: Array<NotificationKind>, isEnabled: boolean, disabledReason: WebhookDisabledReason | null, createdAt: string, previousSecretExpiresAt: string | null, deliveries: { nodes: Array<{ id: string, kind: NotificationKind, apiKeyId: string | null, status: DeliveryStatus, attempts: number, nextAttemptAt: string | null, lastStatus: number | null, lastError: string | null, createdAt: string, payload: Record<string, unknown> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type UpdateEndpointMutationVariables = Exact<{
  input: UpdateWebhookEndpointInput;
}>;


export type UpdateEndpointMutation = { updateWebhookEndpoint: { webhookEndpoint: { id: string, url: string, description: string | null, kinds: Array<NotificationKind>, isEnabled: boolean, disabledReason: WebhookDisabledReason | null, createdAt: string, previousSecretExpiresAt: string | null } } | null };

export type RotateEndpointMutationVariables = Exact<{
  id: string;
  overlapSeconds: number;
}>;


export type RotateEndpointMutation = { rotateWebhookSecret: { secret: string, webhookEndpoint: { id: string, url: string, description: string | null, kinds: Array<NotificationKind>, isEnabled: boolean, disabledReason: WebhookDisabledReason | null, createdAt: string, previousSecretExpiresAt: string | null } } | null };

export type TestEndpointMutationVariables = Exact<{
  id: string;
}>;


export type TestEndpointMutation = { testWebhookEndpoint: { __typename: 'TestWebhookEndpointPayload' } | null };

export type ReplayDeliveriesMutationVariables = Exact<{
  input: ReplayWebhookDeliveriesInput;
}>;


export type ReplayDeliveriesMutation = { replayWebhookDeliveries: { count: number } | null };

export type DeleteEndpointMutationVariables = Exact<{
  id: string;
}>;


export type DeleteEndpointMutation = { deleteWebhookEndpoint: { id: string } | null };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhookEndpoints: Array<{ id: string, url: string, description: string | null, kinds: Array<NotificationKind>, isEnabled: boolean, disabledReason: WebhookDisabledReason | null, createdAt: string, previousSecretExpiresAt: string | null }> };

export type CreateEndpointMutationVariables = Exact<{
  input: CreateWebhookEndpointInput;
}>;


export type CreateEndpointMutation = { createWebhookEndpoint: { secret: string, webhookEndpoint: { id: string, url: string, description: string | null, kinds: Array<NotificationKind>, isEnabled: boolean, disabledReason: WebhookDisabledReason | null, createdAt: string, previousSecretExpiresAt: string | null } } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { kind: PrincipalKind, scopes: Array<string>, tenant: { id: string, name: string } | null, user: { id: string, name: string, email: string, role: UserRole } } };

export type UsersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type UsersQuery = { users: { totalCount: number, nodes: Array<{ id: string, name: string, email: string, kind: UserKind, role: UserRole, isActive: boolean, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EndpointFragment = { id: string, url: string, description: string | null, kinds: Array<NotificationKind>, isEnabled: boolean, disabledReason: WebhookDisabledReason | null, createdAt: string, previousSecretExpiresAt: string | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const KeyEventFragmentDoc = new TypedDocumentString(`
    fragment KeyEvent on ApiKeyEvent {
  id
  at
  kind
  actor {
    id
    name
  }
  actorKeyId
  actorName
  apiKeyId
  apiKeyName
  ip
  foundAt
  changes
}
    `, {"fragmentName":"KeyEvent"}) as unknown as TypedDocumentString<KeyEventFragment, unknown>;
export const KeyRowFragmentDoc = new TypedDocumentString(`
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}
    `, {"fragmentName":"KeyRow"}) as unknown as TypedDocumentString<KeyRowFragment, unknown>;
export const ViolationFragmentDoc = new TypedDocumentString(`
    fragment Violation on PolicyViolation {
  rules
  apiKey {
    id
    name
    keyPrefix
    lastUsedAt
    owner {
      name
    }
  }
}
    `, {"fragmentName":"Violation"}) as unknown as TypedDocumentString<ViolationFragment, unknown>;
export const EditableKeyFragmentDoc = new TypedDocumentString(`
    fragment EditableKey on ApiKey {
  id
  version
  name
  description
  expiresAt
  allowedCidrs
  scopes
  metadata
  rateLimit {
    limit
    windowSeconds
  }
}
    `, {"fragmentName":"EditableKey"}) as unknown as TypedDocumentString<EditableKeyFragment, unknown>;
export const RequestedKeyFragmentDoc = new TypedDocumentString(`
    fragment RequestedKey on ApiKey {
  ...EditableKey
  status
  createdAt
  effectiveExpiresAt
  requestReason
  owner {
    id
    name
    kind
    role
  }
}
    fragment EditableKey on ApiKey {
  id
  version
  name
  description
  expiresAt
  allowedCidrs
  scopes
  metadata
  rateLimit {
    limit
    windowSeconds
  }
}`, {"fragmentName":"RequestedKey"}) as unknown as TypedDocumentString<RequestedKeyFragment, unknown>;
export const EndpointFragmentDoc = new TypedDocumentString(`
    fragment Endpoint on WebhookEndpoint {
  id
  url
  description
  kinds
  isEnabled
  disabledReason
  createdAt
  previousSecretExpiresAt
}
    `, {"fragmentName":"Endpoint"}) as unknown as TypedDocumentString<EndpointFragment, unknown>;
export const KeyEventsDocument = new TypedDocumentString(`
    query KeyEvents($filter: ApiKeyEventFilter, $first: Int, $after: String) {
  apiKeyEvents(filter: $filter, first: $first, after: $after) {
    nodes {
      ...KeyEvent
    }
    pageInfo {
      startCursor
      endCursor
      hasNextPage
      hasPreviousPage
    }
  }
}
    fragment KeyEvent on ApiKeyEvent {
  id
  at
  kind
  actor {
    id
    name
  }
  actorKeyId
  actorName
  apiKeyId
  apiKeyName
  ip
  foundAt
  changes
}`) as unknown as TypedDocumentString<KeyEventsQuery, KeyEventsQueryVariables>;
export const MakeNoKeyDocument = new TypedDocumentString(`
    mutation MakeNoKey {
  createApiKey(input: {name: "", scopes: []}) {
    apiKey {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<MakeNoKeyMutation, MakeNoKeyMutationVariables>;
export const KeyPolicyDocument = new TypedDocumentString(`
    query KeyPolicy {
  apiKeyPolicy {
    allowedCidrs
    allowedScopes
    maxInactiveDays
    maxKeysPerOwner
    maxLifetimeDays
    maxRotationOverlapSeconds
    memberKeys
    requireExpiry
    updatedAt
  }
}
    `) as unknown as TypedDocumentString<KeyPolicyQuery, KeyPolicyQueryVariables>;
export const RevocationImpactDocument = new TypedDocumentString(`
    query RevocationImpact($ids: [ID!], $ownerId: ID) {
  apiKeyRevocationImpact(ids: $ids, ownerId: $ownerId) {
    apiKey {
      id
      name
      keyPrefix
      status
    }
    lastUsedAt
    requestsLast24h
    scopesUsedLast30d
  }
}
    `) as unknown as TypedDocumentString<RevocationImpactQuery, RevocationImpactQueryVariables>;
export const RevokeKeysDocument = new TypedDocumentString(`
    mutation RevokeKeys($input: RevokeApiKeysInput!) {
  revokeApiKeys(input: $input) {
    count
    apiKeys {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<RevokeKeysMutation, RevokeKeysMutationVariables>;
export const FirstUseDocument = new TypedDocumentString(`
    query FirstUse($id: ID!) {
  apiKey(id: $id) {
    id
    status
    lastUsedAt
    lastUsedIp
    rotation {
      newFirstUsedAt
    }
  }
}
    `) as unknown as TypedDocumentString<FirstUseQuery, FirstUseQueryVariables>;
export const SuspendKeyDocument = new TypedDocumentString(`
    mutation SuspendKey($id: ID!) {
  suspendApiKey(id: $id) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<SuspendKeyMutation, SuspendKeyMutationVariables>;
export const ResumeKeyDocument = new TypedDocumentString(`
    mutation ResumeKey($id: ID!) {
  resumeApiKey(id: $id) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<ResumeKeyMutation, ResumeKeyMutationVariables>;
export const TransferKeyDocument = new TypedDocumentString(`
    mutation TransferKey($id: ID!, $ownerId: ID!) {
  transferApiKey(id: $id, ownerId: $ownerId) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<TransferKeyMutation, TransferKeyMutationVariables>;
export const KeyDocument = new TypedDocumentString(`
    query Key($id: ID!, $since: DateTime!, $hoursFrom: DateTime!, $daysFrom: DateTime!, $now: DateTime!) {
  apiKey(id: $id) {
    ...KeyRow
    ...EditableKey
    attemptsAfterRevocation
    revocationNote
    requestReason
    approvedAt
    approvedBy {
      name
    }
    recentIps {
      ip
      firstUsedAt
      lastUsedAt
    }
    createdBy {
      name
    }
    revokedBy {
      name
    }
    rotation {
      startedAt
      previousExpiresAt
      previousKeyPrefix
      previousLastUsedAt
      newFirstUsedAt
    }
    owner {
      role
    }
    unusedScopes(since: $since)
    hourly: usage(bucket: HOUR, from: $hoursFrom, to: $now) {
      start
      allowed
      denied
    }
    daily: usage(bucket: DAY, from: $daysFrom, to: $now) {
      start
      allowed
      denied
    }
  }
}
    fragment EditableKey on ApiKey {
  id
  version
  name
  description
  expiresAt
  allowedCidrs
  scopes
  metadata
  rateLimit {
    limit
    windowSeconds
  }
}
fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<KeyQuery, KeyQueryVariables>;
export const EditableKeyDocument = new TypedDocumentString(`
    query EditableKey($id: ID!) {
  apiKey(id: $id) {
    ...EditableKey
  }
}
    fragment EditableKey on ApiKey {
  id
  version
  name
  description
  expiresAt
  allowedCidrs
  scopes
  metadata
  rateLimit {
    limit
    windowSeconds
  }
}`) as unknown as TypedDocumentString<EditableKeyQuery, EditableKeyQueryVariables>;
export const UpdateKeyDocument = new TypedDocumentString(`
    mutation UpdateKey($input: UpdateApiKeyInput!) {
  updateApiKey(input: $input) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<UpdateKeyMutation, UpdateKeyMutationVariables>;
export const RotateKeyDocument = new TypedDocumentString(`
    mutation RotateKey($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) {
    secret
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<RotateKeyMutation, RotateKeyMutationVariables>;
export const CompleteRotationDocument = new TypedDocumentString(`
    mutation CompleteRotation($id: ID!, $force: Boolean!) {
  completeApiKeyRotation(id: $id, force: $force) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<CompleteRotationMutation, CompleteRotationMutationVariables>;
export const KeysDocument = new TypedDocumentString(`
    query Keys($filter: ApiKeyFilter, $orderBy: ApiKeyOrder, $first: Int, $after: String, $last: Int, $before: String, $dayAgo: DateTime!, $now: DateTime!) {
  apiKeys(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    nodes {
      ...KeyRow
      attemptsAfterRevocation
      usage(bucket: HOUR, from: $dayAgo, to: $now) {
        start
        allowed
        denied
      }
    }
    pageInfo {
      startCursor
      endCursor
      hasNextPage
      hasPreviousPage
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<KeysQuery, KeysQueryVariables>;
export const KeyCountsDocument = new TypedDocumentString(`
    query KeyCounts($soon: DateTime!, $longAgo: DateTime!) {
  active: apiKeys(filter: {status: [ACTIVE]}, first: 1) {
    totalCount
  }
  expiring: apiKeys(filter: {status: [ACTIVE], expiresBefore: $soon}, first: 1) {
    totalCount
  }
  unused: apiKeys(filter: {notUsedSince: $longAgo}, first: 1) {
    totalCount
  }
  pending: apiKeys(filter: {status: [PENDING]}, first: 1) {
    totalCount
  }
  blocked: apiKeys(
    filter: {status: [SUSPENDED, POLICY_BLOCKED, OWNER_INACTIVE, TENANT_SUSPENDED]}
    first: 1
  ) {
    totalCount
  }
  expired: apiKeys(filter: {status: [EXPIRED]}, first: 1) {
    totalCount
  }
  revoked: apiKeys(filter: {status: [REVOKED]}, first: 1) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<KeyCountsQuery, KeyCountsQueryVariables>;
export const ScopePresetsDocument = new TypedDocumentString(`
    query ScopePresets {
  apiScopePresets {
    name
    description
    scopes
  }
}
    `) as unknown as TypedDocumentString<ScopePresetsQuery, ScopePresetsQueryVariables>;
export const RequiredScopesDocument = new TypedDocumentString(`
    query RequiredScopes($document: String!) {
  requiredScopes(document: $document) {
    availableToApiKeys
    scopes
    fields {
      coordinate
      path
      scopes
      sessionOnly
    }
  }
}
    `) as unknown as TypedDocumentString<RequiredScopesQuery, RequiredScopesQueryVariables>;
export const KeyToDuplicateDocument = new TypedDocumentString(`
    query KeyToDuplicate($id: ID!) {
  apiKey(id: $id) {
    ...EditableKey
    createdAt
    requestReason
    owner {
      id
    }
  }
}
    fragment EditableKey on ApiKey {
  id
  version
  name
  description
  expiresAt
  allowedCidrs
  scopes
  metadata
  rateLimit {
    limit
    windowSeconds
  }
}`) as unknown as TypedDocumentString<KeyToDuplicateQuery, KeyToDuplicateQueryVariables>;
export const CreateKeyDocument = new TypedDocumentString(`
    mutation CreateKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<CreateKeyMutation, CreateKeyMutationVariables>;
export const KeysOfPersonDocument = new TypedDocumentString(`
    query KeysOfPerson($filter: ApiKeyFilter!, $first: Int, $after: String, $last: Int, $before: String) {
  apiKeys(
    filter: $filter
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    nodes {
      ...KeyRow
    }
    pageInfo {
      startCursor
      endCursor
      hasNextPage
      hasPreviousPage
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<KeysOfPersonQuery, KeysOfPersonQueryVariables>;
export const PendingCountDocument = new TypedDocumentString(`
    query PendingCount {
  apiKeys(filter: {status: [PENDING]}, first: 1) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<PendingCountQuery, PendingCountQueryVariables>;
export const PolicyPreviewDocument = new TypedDocumentString(`
    query PolicyPreview($input: SetApiKeyPolicyInput!) {
  apiKeyPolicyPreview(input: $input) {
    ...Violation
  }
}
    fragment Violation on PolicyViolation {
  rules
  apiKey {
    id
    name
    keyPrefix
    lastUsedAt
    owner {
      name
    }
  }
}`) as unknown as TypedDocumentString<PolicyPreviewQuery, PolicyPreviewQueryVariables>;
export const SetPolicyDocument = new TypedDocumentString(`
    mutation SetPolicy($input: SetApiKeyPolicyInput!) {
  setApiKeyPolicy(input: $input) {
    policy {
      updatedAt
    }
    violationCount
    violations {
      ...Violation
    }
  }
}
    fragment Violation on PolicyViolation {
  rules
  apiKey {
    id
    name
    keyPrefix
    lastUsedAt
    owner {
      name
    }
  }
}`) as unknown as TypedDocumentString<SetPolicyMutation, SetPolicyMutationVariables>;
export const RequestDocument = new TypedDocumentString(`
    query Request($id: ID!) {
  apiKey(id: $id) {
    ...RequestedKey
  }
}
    fragment EditableKey on ApiKey {
  id
  version
  name
  description
  expiresAt
  allowedCidrs
  scopes
  metadata
  rateLimit {
    limit
    windowSeconds
  }
}
fragment RequestedKey on ApiKey {
  ...EditableKey
  status
  createdAt
  effectiveExpiresAt
  requestReason
  owner {
    id
    name
    kind
    role
  }
}`) as unknown as TypedDocumentString<RequestQuery, RequestQueryVariables>;
export const ComparableKeysDocument = new TypedDocumentString(`
    query ComparableKeys($ownerKind: UserKind!, $since: DateTime!) {
  apiKeys(
    filter: {ownerKind: $ownerKind, status: [ACTIVE]}
    orderBy: {field: LAST_USED_AT, direction: DESC}
    first: 100
  ) {
    nodes {
      id
      scopes
      unusedScopes(since: $since)
      owner {
        role
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ComparableKeysQuery, ComparableKeysQueryVariables>;
export const ApproveKeyDocument = new TypedDocumentString(`
    mutation ApproveKey($input: ApproveApiKeyInput!) {
  approveApiKey(input: $input) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<ApproveKeyMutation, ApproveKeyMutationVariables>;
export const RejectKeyDocument = new TypedDocumentString(`
    mutation RejectKey($id: ID!, $note: String) {
  rejectApiKey(id: $id, note: $note) {
    apiKey {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  effectiveScopes
  createdAt
  expiresAt
  effectiveExpiresAt
  lastUsedAt
  lastUsedIp
  suspendedAt
  revokedAt
  revocationReason
  version
  rotation {
    previousExpiresAt
  }
  owner {
    id
    name
    kind
    isActive
  }
}`) as unknown as TypedDocumentString<RejectKeyMutation, RejectKeyMutationVariables>;
export const RequestsDocument = new TypedDocumentString(`
    query Requests($first: Int, $after: String, $last: Int, $before: String) {
  apiKeys(
    filter: {status: [PENDING]}
    orderBy: {field: CREATED_AT, direction: ASC}
    first: $first
    after: $after
    last: $last
    before: $before
  ) {
    totalCount
    nodes {
      id
      name
      scopes
      createdAt
      effectiveExpiresAt
      requestReason
      owner {
        name
        role
      }
    }
    pageInfo {
      startCursor
      endCursor
      hasNextPage
      hasPreviousPage
    }
  }
}
    `) as unknown as TypedDocumentString<RequestsQuery, RequestsQueryVariables>;
export const ScopesDocument = new TypedDocumentString(`
    query Scopes {
  apiScopes {
    name
    description
    opens
    grantedTo
    grantableByMe
  }
}
    `) as unknown as TypedDocumentString<ScopesQuery, ScopesQueryVariables>;
export const WebhookDocument = new TypedDocumentString(`
    query Webhook($id: ID!, $first: Int, $after: String, $status: [DeliveryStatus!]) {
  webhookEndpoint(id: $id) {
    ...Endpoint
    deliveries(first: $first, after: $after, status: $status) {
      nodes {
        id
        kind
        apiKeyId
        status
        attempts
        nextAttemptAt
        lastStatus
        lastError
        createdAt
        payload
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment Endpoint on WebhookEndpoint {
  id
  url
  description
  kinds
  isEnabled
  disabledReason
  createdAt
  previousSecretExpiresAt
}`) as unknown as TypedDocumentString<WebhookQuery, WebhookQueryVariables>;
export const UpdateEndpointDocument = new TypedDocumentString(`
    mutation UpdateEndpoint($input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(input: $input) {
    webhookEndpoint {
      ...Endpoint
    }
  }
}
    fragment Endpoint on WebhookEndpoint {
  id
  url
  description
  kinds
  isEnabled
  disabledReason
  createdAt
  previousSecretExpiresAt
}`) as unknown as TypedDocumentString<UpdateEndpointMutation, UpdateEndpointMutationVariables>;
export const RotateEndpointDocument = new TypedDocumentString(`
    mutation RotateEndpoint($id: ID!, $overlapSeconds: Int!) {
  rotateWebhookSecret(id: $id, overlapSeconds: $overlapSeconds) {
    secret
    webhookEndpoint {
      ...Endpoint
    }
  }
}
    fragment Endpoint on WebhookEndpoint {
  id
  url
  description
  kinds
  isEnabled
  disabledReason
  createdAt
  previousSecretExpiresAt
}`) as unknown as TypedDocumentString<RotateEndpointMutation, RotateEndpointMutationVariables>;
export const TestEndpointDocument = new TypedDocumentString(`
    mutation TestEndpoint($id: ID!) {
  testWebhookEndpoint(id: $id) {
    __typename
  }
}
    `) as unknown as TypedDocumentString<TestEndpointMutation, TestEndpointMutationVariables>;
export const ReplayDeliveriesDocument = new TypedDocumentString(`
    mutation ReplayDeliveries($input: ReplayWebhookDeliveriesInput!) {
  replayWebhookDeliveries(input: $input) {
    count
  }
}
    `) as unknown as TypedDocumentString<ReplayDeliveriesMutation, ReplayDeliveriesMutationVariables>;
export const DeleteEndpointDocument = new TypedDocumentString(`
    mutation DeleteEndpoint($id: ID!) {
  deleteWebhookEndpoint(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteEndpointMutation, DeleteEndpointMutationVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks {
  webhookEndpoints {
    ...Endpoint
  }
}
    fragment Endpoint on WebhookEndpoint {
  id
  url
  description
  kinds
  isEnabled
  disabledReason
  createdAt
  previousSecretExpiresAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const CreateEndpointDocument = new TypedDocumentString(`
    mutation CreateEndpoint($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) {
    secret
    webhookEndpoint {
      ...Endpoint
    }
  }
}
    fragment Endpoint on WebhookEndpoint {
  id
  url
  description
  kinds
  isEnabled
  disabledReason
  createdAt
  previousSecretExpiresAt
}`) as unknown as TypedDocumentString<CreateEndpointMutation, CreateEndpointMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    kind
    scopes
    tenant {
      id
      name
    }
    user {
      id
      name
      email
      role
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($after: String) {
  users(first: 100, after: $after) {
    totalCount
    nodes {
      id
      name
      email
      kind
      role
      isActive
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;