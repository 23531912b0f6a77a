import type { ScopeSet } from './scope-set.js';
import type { UserRole } from './words.js';

interface PrincipalBase {
  /** Null only for a super admin who named no tenant. */
  readonly tenantId: string | null;
  /** The portal user: the user of the session, or the owner of the key. */
  readonly userId: string;
  readonly role: UserRole;
  /** The scopes that this request really has. For a key: its scopes that the role of its owner opens now. */
  readonly scopes: ScopeSet;
}

/** A portal user with a session. */
export interface UserPrincipal extends PrincipalBase {
  readonly kind: 'USER';
  /**
   * The user itself, if its role is below TENANT_ADMIN: database sessions show such a caller its own keys and no others. The
   * authentication of the request sets this member, whatever a `SessionVerifier` returns.
   */
  readonly memberId?: string | null;
  /** The session is refused from this instant on. Left out: only a new verification finds its end. */
  readonly endsAt?: Date;
}

/** A script with an API key. */
export interface ApiKeyPrincipal extends PrincipalBase {
  readonly kind: 'API_KEY';
  readonly tenantId: string;
  readonly apiKeyId: string;
  /** Rate limit of the key: the number of requests, and the seconds in which they are counted. Null: no limit. */
  readonly rateLimit: { readonly limit: number; readonly windowSeconds: number } | null;
  /** Number of the key's secret that was presented; a rotation adds the next number. */
  readonly secretNumber: number;
  /**
   * When the presented secret ends if nothing changes, in milliseconds since 1970: a `Date` could be changed. Left out: never.
   */
  readonly endsAtMs?: number;
}

/** The verified caller of a request. Frozen with all its members: requests share the object or parts of it. */
export type Principal = UserPrincipal | ApiKeyPrincipal;

/** A principal that acts within a tenant. The operation gate lets only such principals through to a tenant's field. */
export type TenantPrincipal = Principal & { readonly tenantId: string };

/** A principal that changes something, with the client's address if the change came by a request. */
export type Actor = TenantPrincipal & { readonly ip?: string };

/** Any caller, a system without a credential included. */
interface PossibleMember {
  readonly kind: string;
  readonly memberId?: string | null;
}

/** The user of a session below TENANT_ADMIN, which may see and change its own keys only; null for every other caller. */
export const memberIdOf = ({ memberId = null }: PossibleMember): string | null => memberId;

export const isMember = (by: PossibleMember): boolean => memberIdOf(by) !== null;
