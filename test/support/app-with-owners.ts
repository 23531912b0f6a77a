import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessModule, RequireScopes } from '#access';
import { ApiKeyGuard, ApiKeysModule } from '#api-keys';
import { API_KEYS_SCHEMA } from '#api-keys/schema';
import { DatabaseModule } from '#database';
import { composeSchema } from '#database/schema';
import { HttpErrorFilter } from '#http';
import { type HostOwners, hostOwners, TENANCY_SCHEMA } from '#tenancy/schema';

/** Tables as another application has them: numbers as ids, names in two cases, people who can read but not be owners yet. */
export const HOST_TABLES = `
  create schema crm;
  create table crm."Accounts" (id serial primary key, title text not null, "closedAt" timestamptz);
  create table crm.members (
    id uuid primary key default gen_random_uuid(), account_id integer references crm."Accounts" on delete cascade,
    mail text not null unique, is_admin boolean not null default false, job text not null default 'staff', left_at timestamptz);
  alter table crm."Accounts" owner to portal;
  alter table crm.members owner to portal;
  grant all on schema crm to portal;
  insert into crm."Accounts" (title) values ('First'), ('Second');
  insert into crm.members (account_id, mail) values (1, 'Early@Example.test')`;

export const OWNERS: HostOwners = {
  tenants: {
    table: 'crm.Accounts',
    id: `lpad(to_hex(id), 32, '0')`,
    name: 'title',
    isSuspended: '"closedAt" is not null',
  },
  users: {
    table: 'crm.members',
    id: 'members.id',
    tenantId: `lpad(to_hex(account_id), 32, '0')`,
    role: `case when is_admin then 'TENANT_ADMIN' when job = 'staff' then 'VIEWER' end`,
    isActive: 'left_at is null',
    email: 'mail',
  },
};
export const ROOMS = [TENANCY_SCHEMA, API_KEYS_SCHEMA];
export const SCHEMA = composeSchema([...ROOMS, hostOwners(OWNERS)], { schema: 'latchkey' });
const roleScopes = {
  SUPER_ADMIN: [],
  TENANT_ADMIN: ['things:read', 'things:write'],
  OPERATOR: [],
  VIEWER: ['things:read'],
};

@Controller('things')
class ThingsController {
  @Get()
  @RequireScopes('things:read')
  read(): string {
    return 'things';
  }

  @Get('more')
  @RequireScopes('things:write')
  write(): string {
    return 'more';
  }
}

/** An application with HTTP handlers only, beside tables of its own. */
@Module({})
export class AppWithOwners {
  /** @param directUrl where `url` leads through a pooler */
  static on(url: string, directUrl = url): DynamicModule {
    const scopes = ['things:read', 'things:write'].map((name) => ({ name, description: name }));
    return {
      module: AppWithOwners,
      imports: [
        DatabaseModule.forRoot({ url, directUrl, ...SCHEMA }),
        AccessModule.forRoot({ scopes, roleScopes }),
        ApiKeysModule.forRoot({ prefix: 'host', cacheSize: 100 }),
      ],
      controllers: [ThingsController],
      providers: [
        { provide: APP_GUARD, useExisting: ApiKeyGuard },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
      ],
    };
  }
}
