import type { Answer } from './answer.js';
import type { GivenUser } from './given.js';
import { askKeys, keyIn, type KeyOperation } from './key-operations.js';
import { SET_POLICY } from './key-policy.js';
import { type Made, type Policy, type Presented, type Role, secretOf, type Tenant } from './key-life-model.js';
import type { AnyAction } from './key-life-requests.js';
import type { TestPortal } from './test-portal.js';

/** The index of one of the two instances. */
export type InstanceNumber = 0 | 1;
/** A key as an instance shows it. */
export interface ShownKey {
  id: string;
  status: string;
  version: number;
  effectiveScopes: string[];
  expiresAt: string | null;
  owner: { id: string };
  rotation: object | null;
}

const STATUSES = '[REVOKED, EXPIRED, SUSPENDED, TENANT_SUSPENDED, OWNER_INACTIVE, PENDING, POLICY_BLOCKED, ACTIVE]';
const KEYS = `{ apiKeys(first: 100, filter: { status: ${STATUSES} }, orderBy: { field: CREATED_AT, direction: ASC }) {
  nodes { id status version effectiveScopes expiresAt owner { id } rotation { startedAt } } } }`;
const SCOPES = '{ viewer { scopes } }';
const AGE = `update api_keys set
  created_at = created_at - $2::interval, expires_at = expires_at - $2::interval,
  last_used_at = last_used_at - $2::interval, suspended_at = suspended_at - $2::interval,
  revoked_at = revoked_at - $2::interval, rotation_started_at = rotation_started_at - $2::interval,
  previous_expires_at = previous_expires_at - $2::interval,
  previous_last_used_at = previous_last_used_at - $2::interval,
  new_first_used_at = new_first_used_at - $2::interval, pending_until = pending_until - $2::interval,
  approved_at = approved_at - $2::interval
  where tenant_id = $1`;
const OPERATIONS: Record<Exclude<AnyAction['kind'], 'use'>, KeyOperation> = {
  request: 'createApiKey',
  approve: 'approveApiKey',
  reject: 'rejectApiKey',
  create: 'createApiKey',
  update: 'updateApiKey',
  rotate: 'rotateApiKey',
  complete: 'completeApiKeyRotation',
  suspend: 'suspendApiKey',
  resume: 'resumeApiKey',
  revoke: 'revokeApiKeys',
  revokeOwn: 'revokeCurrentApiKey',
  transfer: 'transferApiKey',
};

/** One tenant of two instances of the application on one database. */
export class KeyLifeSystem {
  private constructor(
    private readonly instances: readonly [TestPortal, TestPortal],
    private readonly root: GivenUser,
    private readonly tenantId: string,
    /** Sessions of the owners. */
    private readonly sessions: readonly string[],
  ) {}

  /** A fresh tenant with a user for each role; `root` is a super admin, who may act in a suspended tenant too. */
  static async start(
    instances: readonly [TestPortal, TestPortal],
    root: GivenUser,
    roles: readonly Role[],
  ): Promise<{ system: KeyLifeSystem; tenant: Pick<Tenant, 'owners' | 'isSuspended' | 'keys'> }> {
    const [{ given }] = instances;
    const tenant = await given.tenant();
    const owners = await Promise.all(roles.map((role) => given.user({ tenant, role })));
    return {
      system: new KeyLifeSystem(
        instances,
        root,
        tenant.id,
        owners.map(({ session }) => session),
      ),
      tenant: {
        isSuspended: false,
        keys: [],
        owners: owners.map(({ id }, index) => ({ id, role: roles[index] ?? 'VIEWER', isActive: true })),
      },
    };
  }

  /** @returns the refusal as clients read it, or what was made */
  async act(place: InstanceNumber, action: AnyAction, tenant: Tenant): Promise<{ refusal: string } | Made> {
    const by = 'by' in action && action.by !== 'session' ? action.by : undefined;
    const key = 'key' in action ? tenant.keys[action.key] : undefined;
    const ask = by && key ? { key: secretOf(key, by) } : this.caller(action);
    if (action.kind === 'use')
      return madeIn(await this.instances[place].query(SCOPES, ask), () => ({ id: '', secret: '', createdAt: 0 }));
    const operation = OPERATIONS[action.kind];
    const variables = { ...variablesOf(action, tenant, by), ...(key ? { id: key.id } : {}) };
    const answer = await askKeys(this.instances[place], operation, variables, ask);
    return madeIn(answer, () => madeBy(answer, operation));
  }

  async setPolicy(place: InstanceNumber, policy: Policy): Promise<void> {
    const answer = await this.instances[place].query(SET_POLICY, { ...this.asRoot, variables: { input: policy } });
    answer.at('setApiKeyPolicy.policy');
  }

  async setOwnerActive(id: string, isActive: boolean): Promise<void> {
    await this.console('update users set is_active = $2 where id = $1', [id, isActive]);
  }

  async setSuspended(isSuspended: boolean): Promise<void> {
    await this.console('update tenants set suspended_at = case when $2 then now() end where id = $1', [
      this.tenantId,
      isSuspended,
    ]);
  }

  /** Lets time pass: every instant of the tenant's keys moves into the past. */
  async age(ms: number): Promise<void> {
    await this.console(AGE, [this.tenantId, `${ms} ms`]);
  }

  /** All keys as an instance shows them, oldest first. */
  async shownBy(place: InstanceNumber): Promise<ShownKey[]> {
    return (await this.instances[place].query(KEYS, this.asRoot)).at<ShownKey[]>('apiKeys.nodes');
  }

  /** The outcome of a request with this secret: the reason of its refusal, or its scopes. */
  async present(place: InstanceNumber, secret: string): Promise<string> {
    const answer = await this.instances[place].query(SCOPES, { key: secret });
    return answer.reason ?? answer.at<string[]>('viewer.scopes').join(' ');
  }

  /** Waits until these instances have heard of all that is committed. */
  async settle(...places: readonly InstanceNumber[]): Promise<void> {
    await Promise.all(
      places.map(async (place) => {
        const instance = this.instances[place];
        // Sends a heartbeat right now, rather than at its time: every change before it has been reported once it comes back.
        instance.invalidations.noteOwnWrite(this.tenantId);
        await instance.settled(this.tenantId);
      }),
    );
  }

  private async console(statement: string, values: unknown[]): Promise<void> {
    await this.instances[0].database.sql(statement, values);
    await this.settle(0, 1);
  }

  private caller(action: AnyAction) {
    return action.kind === 'request' ? { session: this.sessions[action.owner] } : this.asRoot;
  }

  private get asRoot() {
    return { session: this.root.session, headers: { 'x-tenant-id': this.tenantId } };
  }
}

function variablesOf(action: Exclude<AnyAction, { kind: 'use' }>, tenant: Tenant, by: Presented | undefined): object {
  const iso = (at: number | null | undefined) => (at == null ? at : new Date(at).toISOString());
  const id = 'key' in action ? tenant.keys[action.key]?.id : undefined;
  const ownerId = 'owner' in action ? tenant.owners[action.owner]?.id : undefined;
  switch (action.kind) {
    case 'create':
      return { input: { name: 'made', ownerId, scopes: action.scopes, expiresAt: iso(action.expiresAt) } };
    case 'request':
      return { input: { name: 'asked', scopes: action.scopes, expiresAt: iso(action.expiresAt) } };
    case 'approve':
      return { input: { id, expectedVersion: (tenant.keys[action.key]?.version ?? 0) - action.versionsBehind } };
    case 'update': {
      const { scopes, expiresAt, expectedVersion } = action;
      return { input: { id, scopes, expiresAt: iso(expiresAt), expectedVersion } };
    }
    case 'rotate':
      return { input: { overlapSeconds: action.overlapSeconds, ...(by ? {} : { id }) } };
    case 'revoke':
      return { input: { ids: [id], reason: 'UNUSED' } };
    case 'complete':
      return { force: action.force };
    default:
      return { ownerId };
  }
}

function madeIn(answer: Answer, made: () => Made): { refusal: string } | Made {
  const [error] = answer.errors;
  if (!error) return made();
  const { code, reason, status } = error.extensions;
  if (code === 'BAD_USER_INPUT') {
    const problems = answer.problemCodes.map((problem) => problem.join(' '));
    return { refusal: `${code} ${problems.sort().join(', ')}` };
  }
  return { refusal: [code, reason, status].filter((word) => typeof word === 'string').join(' ') };
}

function madeBy(answer: Answer, operation: KeyOperation): Made {
  const { id, createdAt } = keyIn(answer, operation);
  const payload = answer.data[operation] as { secret?: string };
  return { id, secret: payload.secret ?? '', createdAt: Date.parse(createdAt) };
}
