import type { ApiKeyPrincipal, ScopeCatalogue, ScopeSet, UnauthenticatedReason } from '#access';
import { UNUSABLE } from '../keys/api-key.status.js';
import type { ApiKeyStatus } from '../words.js';
import { stringsIn } from '../keys/stored-values.rules.js';
import { rateLimitOf } from '../limits/key-limits.rules.js';
import { AllowedNetworks } from '../limits/networks.rules.js';
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
  /** Where requests may come from; null: from anywhere. */
  readonly networks: AllowedNetworks | null;
  /** Its use has to be noted before it goes on, so it is never remembered. Never of a key that may not be used. */
  readonly awaitsFirstUse: boolean;
  /** Instant of `performance.now()` before the database was asked. */
  readonly askedAt: number;
  /** Instant of `performance.now()` from which on the verdict may not be used any more. */
  readonly deadline: number;
}

const REFUSALS: Record<ApiKeyStatus, UnauthenticatedReason | null> = { ...UNUSABLE, ACTIVE: null };

/** Turns rows into verdicts: the one place that knows both. */
export class VerdictReader {
  private readonly scopeSets = new Map<string, ScopeSet>();

  constructor(private readonly catalogue: Pick<ScopeCatalogue, 'cutDown'>) {}

  /**
   * @param askedAt instant of `performance.now()` before the row was asked for. The database's clock was read later,
   *   so that counting `msLeft` from here ends the verdict a little early, never late.
   */
  read(row: VerdictRow, askedAt: number): Verdict {
    const { apiKeyId, tenantId, userId, msLeft } = row;
    const refusal = REFUSALS[row.status];
    const awaitsFirstUse = row.awaitsFirstUse && refusal === null;
    // The clock that refuses is the database's: an active key that is not provably in time is asked for again.
    const deadline = askedAt + Math.min(LONGEST_MS, refusal === null ? (msLeft ?? LONGEST_MS) : LONGEST_MS);
    const principal = refusal === null ? this.principalOf(row) : null;
    const networks = networksOf(row);
    return Object.freeze({
      apiKeyId,
      tenantId,
      userId,
      principal,
      refusal,
      networks,
      awaitsFirstUse,
      askedAt,
      deadline,
    });
  }

  private principalOf(row: VerdictRow): ApiKeyPrincipal {
    const { apiKeyId, tenantId, userId, role, secretNumber } = row;
    const rateLimit = rateLimitOf(row.rateLimit, row.rateLimitWindowSeconds);
    const scopes = this.scopesOf(row);
    return Object.freeze({ kind: 'API_KEY', apiKeyId, tenantId, userId, role, scopes, secretNumber, rateLimit });
  }

  /** Many keys have few different sets of scopes: shared, they cost no memory. */
  private scopesOf({ scopes, role, policyScopes }: VerdictRow): ScopeSet {
    const allowed = policyScopes === null ? null : stringsIn(policyScopes);
    const effective = this.catalogue.cutDown(stringsIn(scopes), role, allowed);
    const name = [...effective].sort().join(' ');
    const known = this.scopeSets.get(name);
    if (known) return known;
    if (this.scopeSets.size < SHARED_SETS) this.scopeSets.set(name, effective);
    return effective;
  }
}

const isOpen = (list: unknown): boolean => Array.isArray(list) && list.length === 0;

/** Null, as of most keys, costs a request nothing. */
function networksOf({ allowedCidrs, policyCidrs }: VerdictRow): AllowedNetworks | null {
  return isOpen(allowedCidrs) && isOpen(policyCidrs) ? null : new AllowedNetworks(allowedCidrs, policyCidrs);
}
