import { Field, ID, ObjectType } from '@nestjs/graphql';
import { describedEnum } from '#graphql';
import type { UserRole } from '#access';
import type { TenantRow, UserRow } from './tenant-directory.js';

export const USER_ROLE = describedEnum(
  'UserRole',
  'From the highest: SUPER_ADMIN, TENANT_ADMIN, OPERATOR, VIEWER. A role opens the scopes that ' +
    '`Query.apiScopes { grantedTo }` lists.',
  {
    SUPER_ADMIN: 'The platform: every scope, in the tenant that the request names by `X-Tenant-Id`.',
    TENANT_ADMIN: 'Every scope of its tenant, its keys, policy, audit trail and users.',
    OPERATOR: 'Reads and changes the resources of its tenant.',
    VIEWER: 'Reads the resources of its tenant.',
  },
);
export const USER_KIND = describedEnum('UserKind', 'What stands behind a user.', {
  HUMAN: 'A person, who signs in at the identity provider.',
  SERVICE: 'A service account: owns keys, never signs in.',
});

@ObjectType('Tenant', { description: 'A customer of the portal.' })
export class TenantObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field({ description: 'What the customer is called; not unique.' })
  name!: string;
  @Field(() => Date, { nullable: true, description: 'While set, neither sessions nor keys of the tenant work.' })
  suspendedAt!: Date | null;
  @Field({ description: 'When it was added to the portal.' })
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
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field({ description: 'What the person or service account is called; not unique.' })
  name!: string;
  @Field(() => USER_KIND, { description: 'A person, or a service account.' })
  kind!: UserRow['kind'];
  @Field(() => USER_ROLE, { description: 'What it may do; a key that it owns never does more.' })
  role!: UserRole;
  @Field({ description: 'False: neither sessions nor keys of this user work.' })
  isActive!: boolean;
  @Field({ description: 'When it was added.' })
  createdAt!: Date;
  /** Has a resolver of its own, since only sessions may read the e-mail. */
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
