import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { JobsDatabase } from '#database';
import { Conflict, Input, LIMITS, NotFound, type Page, type PageArguments } from '#kernel';
import { TenancyAdministration } from '#tenancy';
import type { ApiKeyEventFilter, ApiKeyEventRow } from '../audit/api-key-event.reader.js';
import { ApiKeyEventService } from '../audit/api-key-event.service.js';
import type { SystemActor } from '../audit/audit-trail.js';
import { type Approval, ApprovalService, type Rejection } from '../changes/approval.service.js';
import { type Revocation, RevocationService } from '../changes/revocation.service.js';
import type { ApiKeyFilter } from '../keys/api-key.filter.js';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { ApiKeyService } from '../keys/api-key.service.js';
import { type RotatedKey, RotationService } from '../changes/rotation.service.js';
import { SuspensionService } from '../changes/suspension.service.js';
import { TransferService } from '../changes/transfer.service.js';
import { KeyCreationService, type NewApiKey } from '../changes/key-creation.service.js';

/** A user of some tenant, by e-mail; upper and lower case are the same. */
interface OwnedBy {
  owner: string;
}

/**
 * What an operator does to keys from the command line, or an application without sessions does for its own keys. The same rules
 * apply as for an administrator, except for the caller's authority: there is no caller. The audit trail names the system as the
 * actor.
 */
@Injectable()
export class KeyAdministration {
  constructor(
    private readonly jobs: JobsDatabase,
    private readonly users: TenancyAdministration,
    private readonly list: ApiKeyService,
    private readonly trail: ApiKeyEventService,
    private readonly creations: KeyCreationService,
    private readonly revocations: RevocationService,
    private readonly approvals: ApprovalService,
    private readonly rotations: RotationService,
    private readonly suspensions: SuspensionService,
    private readonly transfers: TransferService,
  ) {}

  /**
   * Makes a key. The plaintext is returned here and never stored.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} no such owner
   * @throws {Conflict} INVALID_STATE: the owner is not active, or belongs to no tenant
   */
  async create({
    owner,
    ...input
  }: OwnedBy & Omit<NewApiKey, 'ownerId' | 'idempotencyKey'>): Promise<{ key: ApiKeyRow; secret: string }> {
    const { ownerId, by } = await this.ownerOf(owner);
    const { key, secret } = await this.creations.create(by, new Input({ ...input, ownerId }));
    if (secret === null) throw new Error('A new key must have a secret.');
    return { key, secret };
  }

  /**
   * Keys of a tenant, newest first, one at a time as they are read.
   * @throws {InvalidInput} for a tenant id that is no UUID
   * @throws {NotFound} no such tenant
   */
  async *keys(tenantId: string, filter: ApiKeyFilter = {}): AsyncGenerator<ApiKeyRow> {
    const by = systemOf(await this.users.tenant(tenantId));
    yield* nodesOf((page) => this.list.page(by, filter, null, page));
  }

  /**
   * Revokes all of the keys, which must belong to one tenant, or none. A key that is revoked already stays as it is.
   * @returns at most 100 of the keys, and their total number
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound} when one of the keys, or the owner, is unknown
   */
  async revoke({
    owner,
    ids,
    ...why
  }: Partial<OwnedBy> & Omit<Revocation, 'ownerId'>): Promise<{ keys: ApiKeyRow[]; count: number }> {
    if (owner === undefined) {
      const by = systemOf(await this.tenantOf(new Input({ ids: ids ?? [] }).read(readFirstId)));
      return this.revocations.revoke(by, new Input({ ids, ...why }));
    }
    const { ownerId, by } = await this.ownerOf(owner);
    return this.revocations.revoke(by, new Input({ ids, ownerId, ...why }));
  }

  /**
   * Gives a key a new secret, which is returned here and never stored.
   * @throws {InvalidInput}
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE
   */
  async rotate({ id, overlapSeconds }: { id: string; overlapSeconds: number }): Promise<RotatedKey> {
    return this.rotations.rotate(await this.systemFor(id), new Input({ id, overlapSeconds }));
  }

  /** @throws {InvalidInput} @throws {NotFound} @throws {Conflict} INVALID_STATE */
  async suspend(id: string): Promise<ApiKeyRow> {
    return this.suspensions.suspend(await this.systemFor(id), id);
  }

  /** Throws as `suspend` does. */
  async resume(id: string): Promise<ApiKeyRow> {
    return this.suspensions.resume(await this.systemFor(id), id);
  }

  /**
   * Gives a key to another user of its tenant.
   * @throws {InvalidInput} SCOPE_NOT_GRANTABLE where no scope would be left
   * @throws {NotFound} no such key, or no such user in its tenant
   * @throws {Conflict} INVALID_STATE
   */
  async transfer(id: string, newOwner: string): Promise<ApiKeyRow> {
    const by = await this.systemFor(id);
    return this.transfers.transfer(by, id, (await this.users.user(newOwner)).id);
  }

  /**
   * What happened to the keys and to the policy of a tenant, newest first, one event at a time as they are read.
   * @throws {InvalidInput}
   * @throws {NotFound} no such tenant
   */
  async *events(tenantId: string, filter: ApiKeyEventFilter = {}): AsyncGenerator<ApiKeyEventRow> {
    const by = systemOf(await this.users.tenant(tenantId));
    yield* nodesOf((page) => this.trail.page(by, filter, page));
  }

  /**
   * Approves a member's request for a key, as it is now or narrower.
   * @throws {InvalidInput} all problems at once
   * @throws {NotFound}
   * @throws {Conflict} INVALID_STATE unless the key is pending; VERSION_MISMATCH
   */
  async approve(approval: Approval): Promise<ApiKeyRow> {
    return this.approvals.approve(await this.systemFor(approval.id), new Input(approval));
  }

  /** Refuses a member's request for a key. Throws as `approve` does. */
  async reject(rejection: Rejection): Promise<ApiKeyRow> {
    return this.approvals.reject(await this.systemFor(rejection.id), new Input(rejection));
  }

  private async systemFor(id: string): Promise<SystemActor> {
    return systemOf(await this.tenantOf(Input.argument('id', id).read((input) => input.id())));
  }

  private async ownerOf(email: string): Promise<{ ownerId: string; by: SystemActor }> {
    const { id, tenantId } = await this.users.user(email);
    if (!tenantId) throw new Conflict('INVALID_STATE', 'A super admin belongs to no tenant and cannot own keys.');
    return { ownerId: id, by: systemOf({ id: tenantId }) };
  }

  /** The tenant of a key; of several keys, of the first: keys of another tenant then count as unknown. */
  private async tenantOf(keyId: string | undefined): Promise<{ id: string }> {
    const { rows } = await this.jobs.read((session) =>
      sql<{ id: string }>`select tenant_id as id from api_keys where id = ${keyId}::uuid`.execute(session),
    );
    if (!rows[0]) throw new NotFound('API key');
    return rows[0];
  }
}

/** Every node of a list, which is read page by page. */
async function* nodesOf<Node>(read: (page: PageArguments) => Promise<Page<Node>>): AsyncGenerator<Node> {
  for (let after: string | undefined; ;) {
    const { nodes, pageInfo } = await read({ first: LIMITS.pageSize.max, after });
    yield* nodes;
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor ?? undefined;
  }
}

function readFirstId(input: Input<{ ids: readonly string[] }>): string | undefined {
  const ids = input.at('ids');
  const [first] = ids.items().map((id) => id.id());
  if (first === undefined) ids.refuse('TOO_SHORT', 'names no key.');
  return first;
}

const systemOf = ({ id }: { id: string }): SystemActor => ({ kind: 'SYSTEM', tenantId: id });
