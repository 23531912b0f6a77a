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
import { UseRecorder } from './use-recorder.js';

interface VerdictRow {
  apiKeyId: string;
  tenantId: string;
  userId: string;
  role: UserRole;
  scopes: unknown;
  status: ApiKeyStatus;
}

/**
 * Key, owner and tenant in one read. The only statement of this room that reads tables of another: a verdict in one
 * round trip is worth it.
 */
const VERDICT = `
  select api_keys.id as "apiKeyId", api_keys.tenant_id as "tenantId", users.id as "userId", users.role,
         api_keys.scopes, ${STATUS_SQL} as status
  from api_keys
  join users on users.id = api_keys.user_id
  join tenants on tenants.id = api_keys.tenant_id
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
    private readonly uses: UseRecorder,
  ) {}

  /**
   * Turns the plaintext of a key into the principal it stands for.
   *
   * One query, by the unique index on `key_hash`, as `portal_verifier`: the tenant is not known before this returns.
   * None at all for a wrong shape or checksum. Writes nothing.
   *
   * @throws {Unauthenticated} whenever there is no usable key
   * @throws {ServiceUnavailable} when the database is away: an outage must never look like a wrong key
   */
  async verify(plaintext: string): Promise<ApiKeyPrincipal> {
    if (!this.format.isWellFormed(plaintext)) throw new Unauthenticated('INVALID_KEY');
    const [row] = await this.database.select<VerdictRow>('verdict', VERDICT, [hashKey(plaintext)]);
    if (!row) throw new Unauthenticated('INVALID_KEY');
    if (row.status === 'REVOKED') this.uses.attemptedAfterRevocation(row.apiKeyId);
    if (row.status !== 'ACTIVE') throw new Unauthenticated(REASONS[row.status]);
    const { apiKeyId, tenantId, userId, role } = row;
    const scopes = this.catalogue.cutDown(stringsIn(row.scopes), role);
    return { kind: 'API_KEY', apiKeyId, tenantId, userId, role, scopes };
  }
}

/** A row that someone edited by hand may hold anything; what is no string opens nothing. */
function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
