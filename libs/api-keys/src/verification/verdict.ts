import type { ApiKeyPrincipal, ScopeCatalogue, ScopeSet, UnauthenticatedReason } from '#access';
import { UNUSABLE } from '../keys/api-key.status.js';
import type { ApiKeyStatus } from '../words.js';
import { stringsIn } from '../keys/stored-values.rules.js';
import { rateLimitOf } from '../limits/key-limits.rules.js';
import { AllowedNetworks } from '../limits/networks.rules.js';
import type { VerdictRow } from './verdict.sql.js';

/** Maximum life of a verdict, whatever the invalidation channel reports: an operator may have switched its triggers off. */
export const LONGEST_MS = 60_000;
/** Maximum number of scope sets kept for sharing; beyond it new sets are made each time. */
const SHARED_SETS = 1_000;

/** The verdict on a known key. Frozen: requests share the verdict and its principal. */
export interface Verdict {
  readonly apiKeyId: string;
  readonly tenantId: string;
  readonly userId: string;
  /** Null: the key may not be used, for the reason in `refusal`. */
  readonly principal: ApiKeyPrincipal | null;
  readonly refusal: UnauthenticatedReason | null;
  /** The networks that requests may come from; null: any network. */
  readonly networks: AllowedNetworks | null;
  /** The use has to be recorded before the request goes on, so the verdict is never remembered. False for an unusable key. */
  readonly awaitsFirstUse: boolean;
  /** Instant of `performance.now()` before the database was asked. */
  readonly askedAt: number;
  /** Instant of `performance.now()` from which on the verdict may not be used. */
  readonly deadline: number;
}

const REFUSALS: Record<ApiKeyStatus, UnauthenticatedReason | null> = { ...UNUSABLE, ACTIVE: null };

/** Turns rows into verdicts. Only this class knows both. */
export class VerdictReader {
  private readonly scopeSets = new Map<string, ScopeSet>();

  constructor(private readonly catalogue: Pick<ScopeCatalogue, 'cutDown'>) {}

  /**
   * @param askedAt instant of `performance.now()` before the row was requested. The database read its clock later, so counting
   *   `msLeft` from here ends the verdict a little early, never late.
   */
  read(row: VerdictRow, askedAt: number): Verdict {
    const { apiKeyId, tenantId, userId, msLeft } = row;
    const refusal = REFUSALS[row.status];
    const awaitsFirstUse = row.awaitsFirstUse && refusal === null;
    // The database's clock decides on expiry: an active key that is not certainly within its time is looked up again.
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
    const endsAtMs = row.endsAtMs ?? undefined;
    return Object.freeze({
      kind: 'API_KEY',
      apiKeyId,
      tenantId,
      userId,
      role,
      scopes,
      secretNumber,
      rateLimit,
      endsAtMs,
    });
  }

  /** Many keys share few different sets of scopes, so shared sets cost almost no memory. */
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

/** Null for most keys, which makes the check free. */
function networksOf({ allowedCidrs, policyCidrs }: VerdictRow): AllowedNetworks | null {
  return isOpen(allowedCidrs) && isOpen(policyCidrs) ? null : new AllowedNetworks(allowedCidrs, policyCidrs);
}
