/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which keys to list: all given members must hold. Without `status`, revoked and expired keys are left out. */
export type ApiKeyFilter = {
  /** Keys whose `expiresAt` is earlier; those that never expire are left out. */
  expiresBefore?: string | null | undefined;
  /** Keys that no request has used since; those that were never used, too. */
  notUsedSince?: string | null | undefined;
  /** Keys of this user. */
  ownerId?: string | null | undefined;
  /** A scope that was granted, whether in effect or not. */
  scope?: string | null | undefined;
  /** Text within name, description or key prefix, at most 200 characters; case-insensitive, taken literally. It reads every key of the tenant. */
  search?: string | null | undefined;
  /** Keys in one of these states. An empty list admits none. */
  status?: Array<ApiKeyStatus> | null | undefined;
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

/** Derived by the server. Of several the first holds: REVOKED, EXPIRED, SUSPENDED, TENANT_SUSPENDED, OWNER_INACTIVE, POLICY_BLOCKED, ACTIVE. */
export type ApiKeyStatus =
  /** It works, within its scopes. */
  | 'ACTIVE'
  /** `expiresAt` has passed. A new one revives the key. */
  | 'EXPIRED'
  /** Its owner is not active. */
  | 'OWNER_INACTIVE'
  /** It breaks its tenant's policy; it works again once it no longer does. */
  | 'POLICY_BLOCKED'
  /** Ended for good; the row stays, for audit. */
  | 'REVOKED'
  /** Stopped until someone resumes it. */
  | 'SUSPENDED'
  /** Its tenant is suspended. */
  | 'TENANT_SUSPENDED';

/** Which way a list runs. */
export type OrderDirection =
  /** Smallest or oldest first. */
  | 'ASC'
  /** Greatest or newest first. */
  | 'DESC';

/** What proved who is calling. */
export type PrincipalKind =
  /** An API key, whoever holds it. */
  | 'API_KEY'
  /** A portal user's session. */
  | 'USER';

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

/** Which keys to end: `ids`, or all keys of one owner; exactly one of the two. */
export type RevokeApiKeysInput = {
  /** 1 to 100 keys; all or none of them. */
  ids?: Array<string> | null | undefined;
  /** At most 2,000 characters, for those who ask later. */
  note?: string | null | undefined;
  /** Every key of this user. */
  ownerId?: string | null | undefined;
  /** Why; it is kept with the keys. */
  reason?: RevocationReason;
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

export type KeyRowFragment = { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } };

export type RevocationImpactQueryVariables = Exact<{
  ids?: Array<string> | string | null | undefined;
  ownerId?: string | null | undefined;
}>;


export type RevocationImpactQuery = { apiKeyRevocationImpact: Array<{ lastUsedAt: string | null, requestsLast24h: number, scopesUsedLast30d: Array<string>, apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus } }> };

export type RevokeKeysMutationVariables = Exact<{
  input: RevokeApiKeysInput;
}>;


export type RevokeKeysMutation = { revokeApiKeys: { count: number, apiKeys: Array<{ id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } }> } | null };

export type SuspendKeyMutationVariables = Exact<{
  id: string;
}>;


export type SuspendKeyMutation = { suspendApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

export type ResumeKeyMutationVariables = Exact<{
  id: string;
}>;


export type ResumeKeyMutation = { resumeApiKey: { apiKey: { id: string, name: string, keyPrefix: string, status: ApiKeyStatus, scopes: Array<string>, effectiveScopes: Array<string>, createdAt: string, expiresAt: string | null, effectiveExpiresAt: string | null, lastUsedAt: string | null, lastUsedIp: string | null, suspendedAt: string | null, revokedAt: string | null, revocationReason: RevocationReason | null, version: number, rotation: { previousExpiresAt: string } | null, owner: { id: string, name: string, kind: UserKind, isActive: boolean } } } | null };

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


export type KeyCountsQuery = { active: { totalCount: number }, expiring: { totalCount: number }, unused: { totalCount: number }, blocked: { totalCount: number }, expired: { totalCount: number }, revoked: { totalCount: number } };

export type ScopesQueryVariables = Exact<{ [key: string]: never; }>;


export type ScopesQuery = { apiScopes: Array<{ name: string, description: string, opens: Array<string>, grantedTo: Array<UserRole>, grantableByMe: boolean }> };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { kind: PrincipalKind, scopes: Array<string>, tenant: { id: string, name: string } | null, user: { id: string, name: string, email: string, role: UserRole } } };

export type UsersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type UsersQuery = { users: { totalCount: number, nodes: Array<{ id: string, name: string, email: string, kind: UserKind, role: UserRole, isActive: boolean, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

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