import { type ApiKeyPrincipal, type ScopeCatalogue, Unauthenticated, type UnauthenticatedReason } from '#access';
import type { ApiKeyStatus } from './api-key.status.js';
import type { VerdictRow } from './verdict.sql.js';

/** Nothing is relied on for longer, whatever the change channel says: someone may have switched its triggers off. */
export const LONGEST_MS = 60_000;
/** Sets of scopes kept to be shared; beyond it they are made anew. */
const SHARED_SETS = 1_000;

/** What a known key is worth. Frozen: requests share it, and its principal. */
export interface Verdict {
  readonly apiKeyId: string;
  readonly tenantId: string;
  readonly userId: string;
  /** Null: the key may not be used, for `refusal`. */
  readonly principal: ApiKeyPrincipal | null;
  readonly refusal: UnauthenticatedReason | null;
  /** Instant of `performance.now()` before the database was asked. */
  readonly askedAt: number;
  /** Instant of `performance.now()` from which on the verdict may not be used any more. */
  readonly deadline: number;
}

const REFUSALS: Record<ApiKeyStatus, UnauthenticatedReason | null> = {
  ACTIVE: null,
  REVOKED: 'REVOKED_KEY',
  EXPIRED: 'EXPIRED_KEY',
  SUSPENDED: 'SUSPENDED_KEY',
  TENANT_SUSPENDED: 'TENANT_SUSPENDED',
  OWNER_INACTIVE: 'OWNER_INACTIVE',
  POLICY_BLOCKED: 'POLICY_BLOCKED',
};

/** Turns rows into verdicts: the one place that knows both. */
export class VerdictReader {
  private readonly scopeSets = new Map<string, ReadonlySet<string>>();

  constructor(private readonly catalogue: Pick<ScopeCatalogue, 'cutDown'>) {}

  /**
   * @param askedAt instant of `performance.now()` before the row was asked for. The database's clock was read later,
   *   so that counting `msLeft` from here ends the verdict a little early, never late.
   */
  read(row: VerdictRow, askedAt: number): Verdict {
    const { apiKeyId, tenantId, userId, role, status, msLeft } = row;
    const refusal = REFUSALS[status];
    // The clock that refuses is the database's: an active key that is not provably in time is asked for again.
    const deadline = askedAt + Math.min(LONGEST_MS, refusal === null ? (msLeft ?? LONGEST_MS) : LONGEST_MS);
    const principal: ApiKeyPrincipal | null =
      refusal === null
        ? Object.freeze({ kind: 'API_KEY', apiKeyId, tenantId, userId, role, scopes: this.scopesOf(row) })
        : null;
    return Object.freeze({ apiKeyId, tenantId, userId, principal, refusal, askedAt, deadline });
  }

  /** Many keys have few different sets of scopes: shared, they cost no memory. */
  private scopesOf({ scopes, role }: VerdictRow): ReadonlySet<string> {
    const effective = this.catalogue.cutDown(stringsIn(scopes), role);
    const name = [...effective].sort().join(' ');
    const known = this.scopeSets.get(name);
    if (known) return known;
    if (this.scopeSets.size < SHARED_SETS) this.scopeSets.set(name, effective);
    return effective;
  }
}

/**
 * The principal of a key that may be used.
 * @param verdict null: there is no such key
 * @throws {Unauthenticated} for every other
 */
export function principalIn(verdict: Verdict | null): ApiKeyPrincipal {
  if (verdict?.principal) return verdict.principal;
  throw new Unauthenticated(verdict?.refusal ?? 'INVALID_KEY');
}

/** A row that someone edited by hand may hold anything; what is no string opens nothing. */
function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
