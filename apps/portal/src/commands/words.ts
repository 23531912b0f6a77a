import type { UserRole } from '#access';
import type { ApiKeyStatus, RevocationReason } from '#api-keys';

/** Words that options take, every one of them: the compiler holds them to the rooms' own, and no room is loaded. */
const wordsOf = <Word extends string>(words: Readonly<Record<Word, true>>) => Object.keys(words) as Word[];

export const ROLES = wordsOf<UserRole>({ SUPER_ADMIN: true, TENANT_ADMIN: true, OPERATOR: true, VIEWER: true });
export const KEY_STATUSES = wordsOf<ApiKeyStatus>({
  REVOKED: true,
  EXPIRED: true,
  SUSPENDED: true,
  TENANT_SUSPENDED: true,
  OWNER_INACTIVE: true,
  POLICY_BLOCKED: true,
  ACTIVE: true,
});
export const REVOCATION_REASONS = wordsOf<RevocationReason>({
  COMPROMISED: true,
  OWNER_LEFT: true,
  SUPERSEDED: true,
  UNUSED: true,
  POLICY: true,
  OTHER: true,
});
