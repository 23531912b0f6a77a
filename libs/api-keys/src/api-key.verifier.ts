import { Injectable } from '@nestjs/common';
import {
  type ApiKeyPrincipal,
  ScopeCatalogue,
  Unauthenticated,
  type UnauthenticatedReason,
  type UserRole,
} from '#access';
import { VerifierDatabase } from '#database';
import { ApiKeyFormat, hashKey } from './api-key.format.js';
import { type ApiKeyStatus, STATUS_SQL } from './api-key.status.js';
import { rateLimitOf } from './key-limits.policy.js';
import { AllowedNetworks } from './networks.policy.js';
import { UnknownKeyLimiter } from './unknown-key-limiter.js';

interface VerdictRow {
  apiKeyId: string;
  tenantId: string;
  userId: string;
  role: UserRole;
  scopes: unknown;
  status: ApiKeyStatus;
  allowedCidrs: unknown;
  rateLimit: number | null;
  rateLimitWindowSeconds: number | null;
  policyScopes: unknown;
  policyCidrs: unknown;
}

/** A key that is good, and from where. */
export interface VerifiedKey extends ApiKeyPrincipal {
  /** The key's own networks and those of its tenant's policy. */
  readonly networks: AllowedNetworks;
}

/**
 * Key, owner, tenant and its policy in one read. The only statement of this room that reads tables of another: a verdict in one
 * round trip is worth it.
 */
const VERDICT = `
  select api_keys.id as "apiKeyId", api_keys.tenant_id as "tenantId", users.id as "userId", users.role,
         api_keys.scopes, api_keys.allowed_cidrs as "allowedCidrs", api_keys.rate_limit as "rateLimit",
         api_keys.rate_limit_window_seconds as "rateLimitWindowSeconds",
         api_key_policies.allowed_scopes as "policyScopes",
         coalesce(api_key_policies.allowed_cidrs, '[]') as "policyCidrs",
         ${STATUS_SQL} as status
  from api_keys
  join users on users.id = api_keys.user_id
  join tenants on tenants.id = api_keys.tenant_id
  left join api_key_policies on api_key_policies.tenant_id = api_keys.tenant_id
  where api_keys.key_hash = $1`;

const REASONS: Record<Exclude<ApiKeyStatus, 'ACTIVE'>, UnauthenticatedReason> = {
  REVOKED: 'REVOKED_KEY',
  EXPIRED: 'EXPIRED_KEY',
  SUSPENDED: 'SUSPENDED_KEY',
  TENANT_SUSPENDED: 'TENANT_SUSPENDED',
  OWNER_INACTIVE: 'OWNER_INACTIVE',
  POLICY_BLOCKED: 'POLICY_BLOCKED',
};

@Injectable()
export class ApiKeyVerifier {
  constructor(
    private readonly format: ApiKeyFormat,
    private readonly database: VerifierDatabase,
    private readonly catalogue: ScopeCatalogue,
    private readonly unknownKeys: UnknownKeyLimiter,
  ) {}

  /**
   * Turns the plaintext of a key into the principal it stands for.
   *
   * One query, by the unique index on `key_hash`, as `portal_verifier`: the tenant is not known before this returns.
   * None at all for a wrong shape or checksum. Writes nothing.
   *
   * @param address of the client, as `normalisedAddress` returns it. It is only counted here: whether the key may
   *   come from there is the caller's to ask of `networks`
   * @throws {Unauthenticated} whenever there is no usable key
   * @throws {RateLimited} when the address has presented too many keys that nobody has
   * @throws {ServiceUnavailable} when the database is away: an outage must never look like a wrong key
   */
  async verify(plaintext: string, address: string): Promise<VerifiedKey> {
    if (!this.format.isWellFormed(plaintext)) throw new Unauthenticated('INVALID_KEY');
    this.unknownKeys.requireOpen(address);
    const [row] = await this.database.select<VerdictRow>('verdict', VERDICT, [hashKey(plaintext)]);
    if (!row) {
      await this.unknownKeys.count(address);
      throw new Unauthenticated('INVALID_KEY');
    }
    if (row.status !== 'ACTIVE') throw new Unauthenticated(REASONS[row.status]);
    return this.verified(row);
  }

  private verified(row: VerdictRow): VerifiedKey {
    const { apiKeyId, tenantId, userId, role } = row;
    const allowed = row.policyScopes === null ? null : stringsIn(row.policyScopes);
    return {
      kind: 'API_KEY',
      apiKeyId,
      tenantId,
      userId,
      role,
      scopes: this.catalogue.cutDown(stringsIn(row.scopes), role, allowed),
      rateLimit: rateLimitOf(row.rateLimit, row.rateLimitWindowSeconds),
      networks: new AllowedNetworks(row.allowedCidrs, row.policyCidrs),
    };
  }
}

/** A row that someone edited by hand may hold anything; what is no string opens nothing. */
function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
