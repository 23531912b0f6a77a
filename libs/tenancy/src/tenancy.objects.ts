import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { USER_ROLES, type UserRole } from '#access';
import type { TenantRow, UserRow } from './tenant-directory.js';

export const USER_ROLE = Object.fromEntries(USER_ROLES.map((role) => [role, role])) as { [Role in UserRole]: Role };
const USER_KIND = { HUMAN: 'HUMAN', SERVICE: 'SERVICE' } as const;

registerEnumType(USER_ROLE, {
  name: 'UserRole',
  description: 'Highest first. A role opens the scopes that `Query.apiScopes { grantedTo }` lists.',
  valuesMap: {
    SUPER_ADMIN: { description: 'The platform: every scope, in the tenant that the request names by `X-Tenant-Id`.' },
    TENANT_ADMIN: { description: 'Every scope of its tenant, its keys, policy, audit trail and users.' },
    OPERATOR: { description: 'Reads and changes the resources of its tenant.' },
    VIEWER: { description: 'Reads the resources of its tenant.' },
  },
});
registerEnumType(USER_KIND, {
  name: 'UserKind',
  description: 'What stands behind a user.',
  valuesMap: {
    HUMAN: { description: 'A person, who signs in at the identity provider.' },
    SERVICE: { description: 'A service account: owns keys, never signs in.' },
  },
});

@ObjectType('Tenant', { description: 'A customer of the portal.' })
export class TenantObject {
  @Field(() => ID)
  id!: string;
  @Field()
  name!: string;
  @Field(() => Date, { nullable: true, description: 'While set, neither sessions nor keys of the tenant work.' })
  suspendedAt!: Date | null;
  @Field()
  createdAt!: Date;

  static from(row: TenantRow): TenantObject {
    return Object.assign(new TenantObject(), {
      id: row.id,
      name: row.name,
      suspendedAt: row.suspendedAt,
      createdAt: row.createdAt,
    });
  }
}

@ObjectType('User', { description: 'A person or a service account of a tenant, or of the platform.' })
export class UserObject {
  @Field(() => ID)
  id!: string;
  @Field()
  name!: string;
  @Field(() => USER_KIND)
  kind!: UserRow['kind'];
  @Field(() => USER_ROLE)
  role!: UserRole;
  @Field({ description: 'False: neither sessions nor keys of this user work.' })
  isActive!: boolean;
  @Field()
  createdAt!: Date;
  /** Shown by a resolver of its own, since it is for sessions only. */
  email!: string;

  static from(row: UserRow): UserObject {
    return Object.assign(new UserObject(), {
      id: row.id,
      name: row.name,
      kind: row.kind,
      role: row.role,
      isActive: row.isActive,
      createdAt: row.createdAt,
      email: row.email,
    });
  }
}
