import type { ScopeSet } from './scope-set.js';
import type { UserRole } from './words.js';

interface PrincipalBase {
  /** Null only for a super admin who named no tenant. */
  readonly tenantId: string | null;
  /** The portal user: of a session its own, of a key its owner. */
  readonly userId: string;
  readonly role: UserRole;
  /** What this request may really do. Of a key: its scopes cut down to what its owner's role opens now. */
  readonly scopes: ScopeSet;
}

/** A portal user with a session. */
export interface UserPrincipal extends PrincipalBase {
  readonly kind: 'USER';
}

/** A script with an API key. */
export interface ApiKeyPrincipal extends PrincipalBase {
  readonly kind: 'API_KEY';
  readonly tenantId: string;
  readonly apiKeyId: string;
  /** So many requests within so many seconds; null: unlimited. */
  readonly rateLimit: { readonly limit: number; readonly windowSeconds: number } | null;
  /** Which of the key's secrets was presented; a rotation gives the next number. */
  readonly secretNumber: number;
}

/** Who makes a request, verified. Frozen, all that hangs on it too: requests share it, or parts of it. */
export type Principal = UserPrincipal | ApiKeyPrincipal;

/** A principal that acts within a tenant: every principal that the operation gate lets through to a tenant's field. */
export type TenantPrincipal = Principal & { readonly tenantId: string };

/** A principal that changes something, and the client's address where a request asked for it. */
export type Actor = TenantPrincipal & { readonly ip?: string };
