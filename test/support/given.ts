import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import type { UserRole } from '#access';
import { TenancyAdministration } from '#tenancy';
import type { DevelopmentIssuer } from '#sessions';
import type { Answer } from './answer.js';

export interface GivenTenant {
  id: string;
  name: string;
}
export interface GivenUser {
  id: string;
  email: string;
  tenantId: string | null;
  role: UserRole;
  /** A session token. */
  session: string;
}
export interface GivenKey {
  id: string;
  secret: string;
  tenant: GivenTenant;
  /** The admin who made it and owns it unless another owner was given. */
  admin: GivenUser;
}
export interface GivenDevice {
  id: string;
  hostname: string;
}

/** All scopes, in the order of the catalogue. */
export const ALL_SCOPES = PORTAL_ACCESS.scopes.map(({ name }) => name);
/** Those that an operator may have, too: such a key can be an operator's, and be transferred to one. */
const RESOURCE_SCOPES = ALL_SCOPES.filter((scope) => PORTAL_ACCESS.roleScopes.OPERATOR.includes(scope));
/** Makes a key, and asks for these fields of it. */
export const createKey = (fields: string): string =>
  `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { ${fields} } } }`;
export const CREATE_KEY = createKey('id');
const CREATE_DEVICE = `mutation ($input: CreateDeviceInput!) { createDevice(input: $input) { device { id hostname } } }`;

/** The application through which facts are made. */
interface Api {
  readonly issuer: DevelopmentIssuer;
  query(query: string, ask: { session: string; variables: Record<string, unknown> }): Promise<Answer>;
}

/** Facts for tests: each call makes what it names, fresh, and whatever that needs. */
export class Given {
  private readonly admins = new Map<string, Promise<GivenUser>>();

  constructor(
    private readonly api: Api,
    private readonly app: INestApplicationContext,
  ) {}

  async tenant(name = `Tenant ${randomUUID().slice(0, 8)}`): Promise<GivenTenant> {
    const { id } = await this.administration.addTenant(name);
    return { id, name };
  }

  /** A user with a session; of a new tenant unless one is given, and of none for SUPER_ADMIN. */
  async user({
    tenant,
    role = 'TENANT_ADMIN',
    kind = 'HUMAN',
  }: { tenant?: GivenTenant; role?: UserRole; kind?: 'HUMAN' | 'SERVICE' } = {}): Promise<GivenUser> {
    const tenantId = role === 'SUPER_ADMIN' ? null : (tenant ?? (await this.tenant())).id;
    const email = `${role.toLowerCase()}-${randomUUID().slice(0, 8)}@example.test`;
    const { id } = await this.administration.addUser({ tenantId, email, name: email, role, kind });
    return { id, email, tenantId, role, session: await this.api.issuer.token(email, 3600, new Date()) };
  }

  /** The tenant's own admin: one, however often it is asked for. */
  admin(tenant: GivenTenant): Promise<GivenUser> {
    const known = this.admins.get(tenant.id) ?? this.user({ tenant });
    this.admins.set(tenant.id, known);
    return known;
  }

  /** A key with every scope of the resources unless some are given; further members go into the input as they are. */
  async apiKey({
    tenant: given,
    owner,
    scopes = RESOURCE_SCOPES,
    ...input
  }: {
    tenant?: GivenTenant;
    scopes?: readonly string[];
    owner?: GivenUser;
    [member: string]: unknown;
  } = {}): Promise<GivenKey> {
    const tenant = given ?? (await this.tenant());
    const admin = await this.admin(tenant);
    const answer = await this.api.query(CREATE_KEY, {
      session: admin.session,
      variables: { input: { name: 'given', scopes, ...(owner ? { ownerId: owner.id } : {}), ...input } },
    });
    return { id: answer.at('createApiKey.apiKey.id'), secret: answer.at('createApiKey.secret'), tenant, admin };
  }

  async device({ tenant, ...input }: { tenant: GivenTenant; [member: string]: unknown }): Promise<GivenDevice> {
    const { session } = await this.admin(tenant);
    const answer = await this.api.query(CREATE_DEVICE, {
      session,
      variables: { input: { hostname: `sw-${randomUUID().slice(0, 8)}`, ipAddress: '10.0.0.1', ...input } },
    });
    return answer.at<GivenDevice>('createDevice.device');
  }

  private get administration(): TenancyAdministration {
    return this.app.get(TenancyAdministration, { strict: false });
  }
}
