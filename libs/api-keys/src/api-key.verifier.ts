import { Injectable } from '@nestjs/common';
import { type ApiKeyPrincipal, ScopeCatalogue, Unauthenticated, type UserRole } from '#access';
import { VerifierDatabase } from '#database';
import { FirstUses } from './first-uses.js';
import { ApiKeyFormat, hashKey } from './api-key.format.js';
import { type ApiKeyStatus, STATUS_SQL, UNUSABLE } from './api-key.status.js';
import { UseRecorder } from './use-recorder.js';

interface VerdictRow {
  apiKeyId: string;
  tenantId: string;
  userId: string;
  role: UserRole;
  scopes: unknown;
  status: ApiKeyStatus;
  /** Which secret of the key was presented. */
  secretNumber: number;
  /** Is it a new one that nobody has used, beside an old one that still works? */
  awaitsFirstUse: boolean;
}

/**
 * Key, owner and tenant in one read. The only statement of this room that reads tables of another: a verdict in one
 * round trip is worth it.
 */
const VERDICT = `
  select api_keys.id as "apiKeyId", api_keys.tenant_id as "tenantId", users.id as "userId", users.role,
         api_keys.scopes, secret.number as "secretNumber",
         case
           when secret.number = api_keys.secret_number
             or secret.number = api_keys.previous_secret_number and api_keys.previous_expires_at > now()
           then ${STATUS_SQL} else 'REVOKED'
         end as status,
         coalesce(secret.number = api_keys.secret_number and api_keys.new_first_used_at is null
           and api_keys.previous_expires_at > now(), false) as "awaitsFirstUse"
  from (
    select id, secret_number from api_keys where key_hash = $1
    union all
    select api_key_id, secret_number from api_key_former_secrets where key_hash = $1
  ) as secret (key_id, number)
  join api_keys on api_keys.id = secret.key_id
  join users on users.id = api_keys.user_id
  join tenants on tenants.id = api_keys.tenant_id`;

@Injectable()
export class ApiKeyVerifier {
  constructor(
    private readonly format: ApiKeyFormat,
    private readonly database: VerifierDatabase,
    private readonly catalogue: ScopeCatalogue,
    private readonly firstUses: FirstUses,
    private readonly uses: UseRecorder,
  ) {}

  /**
   * Turns the plaintext of a key into the principal it stands for.
   *
   * One query, by unique indexes on hashes, as `portal_verifier`: the tenant is not known before this returns.
   * None at all for a wrong shape or checksum. Writes nothing but the first use of a new secret, once per rotation.
   *
   * @throws {Unauthenticated} whenever there is no usable key
   * @throws {ServiceUnavailable} when the database is away: an outage must never look like a wrong key
   */
  async verify(plaintext: string): Promise<ApiKeyPrincipal> {
    if (!this.format.isWellFormed(plaintext)) throw new Unauthenticated('INVALID_KEY');
    const [row] = await this.database.select<VerdictRow>('verdict', VERDICT, [hashKey(plaintext)]);
    if (!row) throw new Unauthenticated('INVALID_KEY');
    if (row.status === 'REVOKED') this.uses.attemptedAfterRevocation(row.apiKeyId);
    if (row.status !== 'ACTIVE') throw new Unauthenticated(UNUSABLE[row.status]);
    if (row.awaitsFirstUse) await this.firstUses.note(row);
    const { apiKeyId, tenantId, userId, role, secretNumber } = row;
    const scopes = this.catalogue.cutDown(stringsIn(row.scopes), role);
    return { kind: 'API_KEY', apiKeyId, tenantId, userId, role, scopes, secretNumber };
  }
}

/** A row that someone edited by hand may hold anything; what is no string opens nothing. */
function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
