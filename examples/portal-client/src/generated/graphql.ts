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

/** When a change is answered. */
export type Settled =
  /** With its commit. Other instances follow within milliseconds, in the worst case within 2 s. */
  | 'COMMITTED'
  /** When no instance can accept the key any more, whatever happens to any of them: 1.5 s later. */
  | 'EVERYWHERE';

/** What stands behind a user. */
export type UserKind =
  /** A person, who signs in at the identity provider. */
  | 'HUMAN'
  /** A service account: owns keys, never signs in. */
  | 'SERVICE';

export type KeyFragment = { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, version: number };

export type KeysQueryVariables = Exact<{
  filter?: ApiKeyFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type KeysQuery = { apiKeys: { nodes: Array<{ id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, version: number }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CreateKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateKeyMutation = { createApiKey: { secret: string | null, apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, version: number } } | null };

export type RotateKeyMutationVariables = Exact<{
  input: RotateApiKeyInput;
}>;


export type RotateKeyMutation = { rotateApiKey: { secret: string, apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, version: number, rotation: { previousExpiresAt: string } | null } } | null };

export type CompleteRotationMutationVariables = Exact<{
  id: string;
  force: boolean;
}>;


export type CompleteRotationMutation = { completeApiKeyRotation: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, version: number } } | null };

export type RevokeKeysMutationVariables = Exact<{
  input: RevokeApiKeysInput;
}>;


export type RevokeKeysMutation = { revokeApiKeys: { count: number, apiKeys: Array<{ id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, version: number }> } | null };

export type EventsSubscriptionVariables = Exact<{
  filter?: ApiKeyEventFilter | null | undefined;
}>;


export type EventsSubscription = { apiKeyEvents: { id: string, at: string, kind: ApiKeyEventKind, apiKeyId: string | null, apiKeyName: string | null, actorName: string | null, changes: Record<string, unknown> } };

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
export const KeyFragmentDoc = new TypedDocumentString(`
    fragment Key on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  expiresAt
  lastUsedAt
  version
}
    `, {"fragmentName":"Key"}) as unknown as TypedDocumentString<KeyFragment, unknown>;
export const KeysDocument = new TypedDocumentString(`
    query Keys($filter: ApiKeyFilter, $after: String) {
  apiKeys(filter: $filter, first: 100, after: $after) {
    nodes {
      ...Key
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  expiresAt
  lastUsedAt
  version
}`) as unknown as TypedDocumentString<KeysQuery, KeysQueryVariables>;
export const CreateKeyDocument = new TypedDocumentString(`
    mutation CreateKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    apiKey {
      ...Key
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  expiresAt
  lastUsedAt
  version
}`) as unknown as TypedDocumentString<CreateKeyMutation, CreateKeyMutationVariables>;
export const RotateKeyDocument = new TypedDocumentString(`
    mutation RotateKey($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) {
    secret
    apiKey {
      ...Key
      rotation {
        previousExpiresAt
      }
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  expiresAt
  lastUsedAt
  version
}`) as unknown as TypedDocumentString<RotateKeyMutation, RotateKeyMutationVariables>;
export const CompleteRotationDocument = new TypedDocumentString(`
    mutation CompleteRotation($id: ID!, $force: Boolean!) {
  completeApiKeyRotation(id: $id, force: $force) {
    apiKey {
      ...Key
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  expiresAt
  lastUsedAt
  version
}`) as unknown as TypedDocumentString<CompleteRotationMutation, CompleteRotationMutationVariables>;
export const RevokeKeysDocument = new TypedDocumentString(`
    mutation RevokeKeys($input: RevokeApiKeysInput!) {
  revokeApiKeys(input: $input) {
    count
    apiKeys {
      ...Key
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  keyPrefix
  status
  scopes
  expiresAt
  lastUsedAt
  version
}`) as unknown as TypedDocumentString<RevokeKeysMutation, RevokeKeysMutationVariables>;
export const EventsDocument = new TypedDocumentString(`
    subscription Events($filter: ApiKeyEventFilter) {
  apiKeyEvents(filter: $filter) {
    id
    at
    kind
    apiKeyId
    apiKeyName
    actorName
    changes
  }
}
    `) as unknown as TypedDocumentString<EventsSubscription, EventsSubscriptionVariables>;