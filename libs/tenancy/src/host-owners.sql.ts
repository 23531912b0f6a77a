import { hash } from 'node:crypto';
import type { RepeatedStep } from '#database';

/**
 * The application's own table of tenants. `table` is its name in exact case, with its schema unless that is `public`. Every other member is
 * an SQL expression over a row of the table, such as `id` or `"closedAt" is not null`; a function outside of `pg_catalog` needs its
 * schema.
 */
export interface HostTenants {
  table: string;
  /** A UUID. For a number: `lpad(to_hex(id), 32, '0')`. */
  id: string;
  name: string;
  /** True: no key of the tenant works. Default: `false`. */
  isSuspended?: string;
}

/** The application's own table of users, in the same way. A user whose tenant is null has no working key. */
export interface HostUsers {
  table: string;
  id: string;
  tenantId: string;
  /** `TENANT_ADMIN`, `OPERATOR` or `VIEWER`; with any other value no key of the user works. */
  role: string;
  /** False: no key of the user works. */
  isActive: string;
  /** Unique over all tenants. Where it is left out or null: the id, at `users.invalid`. */
  email?: string;
  /** Where it is left out or null: the e-mail. */
  name?: string;
}

export interface HostOwners {
  tenants: HostTenants;
  users: HostUsers;
}

/** A table of Latchkey's that follows a table of the application. */
interface Followed {
  target: 'tenants' | 'users';
  /** The application's table, quoted. */
  table: string;
  /** Expressions over a row of the application's table, with their types, by the name of the option. */
  options: Readonly<Record<string, readonly [expression: string, type: string]>>;
  /** Values of the columns, over a row `host` with a column for each option. */
  columns: Readonly<Record<string, string>>;
  /** Values of columns that a change computes from the row as it is (`known`) and as it would be (`excluded`). */
  updates?: Readonly<Record<string, string>>;
  /** Condition on `host`. */
  isKept: string;
  /** What a row gets that has an id and is kept no more. Left out where each row with an id is kept. */
  otherwise?: string;
}

/**
 * The tables `tenants` and `users` follow the application's own tables by triggers, in the transaction of each change. The change
 * triggers of `tenants` and `users` then end what has to end.
 * @throws {Error} naming a wrong option
 */
export function hostOwnerSteps({ tenants, users }: HostOwners): RepeatedStep[] {
  return [tenantsOf(tenants), usersOf(users)].map(stepOf);
}

function tenantsOf({ table, id, name, isSuspended = 'false' }: HostTenants): Followed {
  return {
    target: 'tenants',
    table: quotedTable('tenants.table', table),
    options: { id: [id, 'uuid'], name: [name, 'text'], isSuspended: [isSuspended, 'boolean'] },
    columns: {
      id: 'host."id"',
      name: `left(coalesce(host."name", ''), 200)`,
      suspended_at: `case when host."isSuspended" then now() end`,
    },
    updates: {
      suspended_at: 'case when excluded.suspended_at is not null then coalesce(known.suspended_at, now()) end',
    },
    isKept: 'host."id" is not null',
  };
}

function usersOf({ table, id, tenantId, role, isActive, email = 'null', name = 'null' }: HostUsers): Followed {
  const itsEmail = `coalesce(host."email", host."id"::text || '@users.invalid')`;
  const isRole = `host."role" in ('TENANT_ADMIN', 'OPERATOR', 'VIEWER')`;
  return {
    target: 'users',
    table: quotedTable('users.table', table),
    options: {
      id: [id, 'uuid'],
      tenantId: [tenantId, 'uuid'],
      role: [role, 'text'],
      isActive: [isActive, 'boolean'],
      email: [email, 'text'],
      name: [name, 'text'],
    },
    columns: {
      id: 'host."id"',
      tenant_id: 'host."tenantId"',
      role: `case when ${isRole} then host."role" else 'VIEWER' end`,
      is_active: `coalesce(host."isActive" and ${isRole}, false)`,
      email: `left(lower(${itsEmail}), 320)`,
      name: `left(coalesce(host."name", ${itsEmail}), 200)`,
    },
    isKept: 'host."id" is not null and host."tenantId" is not null',
    otherwise: 'is_active = false',
  };
}

function stepOf(followed: Followed): RepeatedStep {
  const { target, table, options } = followed;
  const mark = hash('sha256', statementsIn('', followed).join());
  const follow = (schema: string) => `"${schema}"."follow_${target}"()`;
  return {
    name: `hostOwners ${target}`,
    checks: Object.entries(options).map(([option, [expression, type]]) => ({
      option: `hostOwners: ${target}.${option}`,
      statement: `select (${expression})::${type} from ${table} as ${aliasOf(table)} limit 0`,
    })),
    statements: (schema) => [
      ...statementsIn(schema, followed),
      ...asJobs(`comment on function ${follow(schema)} is '${mark}'`),
    ],
    isDone: (schema) => `
      coalesce(obj_description(to_regprocedure('${follow(schema)}'), 'pg_proc') = '${mark}', false)
      and (select count(*) = ${EVENTS.length} from pg_trigger where tgenabled = 'A'
        and tgfoid = to_regprocedure('${follow(schema)}') and tgrelid in (${oidOf(table)}))`,
  };
}

const [OLD, NEW] = ['old table as old_rows', 'new table as new_rows'];
const EVENTS = [
  ['insert', `referencing ${NEW}`],
  ['update', `referencing ${OLD} ${NEW}`],
  ['delete', `referencing ${OLD}`],
  ['truncate', ''],
] as const;

/** By the catalogue: to_regclass fails for a login without rights on the schema. */
const oidOf = (table: string): string => `
  select pg_class.oid from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where format('"%s"."%s"', nspname, relname) = '${table}'`;
const aliasOf = (table: string): string => table.slice(table.indexOf('.') + 1);
const asJobs = (...statements: string[]): string[] => ['set local role portal_jobs', ...statements, 'reset role'];

function statementsIn(schema: string, followed: Followed): string[] {
  const { target, table } = followed;
  const [name, copy] = [`"${schema}"."follow_${target}"`, `"${schema}"."${target}_to_follow"`];
  // Other schemas of the database may follow the table, too. Triggers work in the order of their names: tenants before users.
  const trigger = (event: string) => `"latchkey_${target}_${event}_${schema}"`;
  return [
    `grant create, usage on schema "${schema}" to portal_jobs`,
    ...asJobs(
      // Its triggers go with it, wherever they are.
      `drop function if exists ${name}() cascade`,
      functionOf(schema, followed),
      `revoke execute on function ${name}() from public`,
      `grant execute on function ${name}() to session_user`,
    ),
    `revoke create on schema "${schema}" from portal_jobs`,
    ...EVENTS.flatMap(([event, referencing]) => [
      `create trigger ${trigger(event)} after ${event} on ${table} ${referencing}
        for each statement execute function ${name}()`,
      // In sessions of replication, too.
      `alter table ${table} enable always trigger ${trigger(event)}`,
    ]),
    // A trigger that is being made locks the table, so no row comes in between. The role reads a copy and not the table.
    `create table ${copy} as select host.* from ${hostRows(followed, table)}`,
    `grant select on ${copy} to portal_jobs`,
    ...asJobs(
      `delete from "${schema}"."${target}" as known where not exists (select from ${copy} as host where host."id" = known.id)`,
      ...upsert(schema, followed, `${copy} as host`),
    ),
    `drop table ${copy}`,
  ];
}

/** The function works as `portal_jobs`, whatever login changes the application's table. */
function functionOf(schema: string, followed: Followed): string {
  const [name, rows] = [`"${schema}"."follow_${followed.target}"`, `"${schema}"."${followed.target}"`];
  const [before, after] = [hostRows(followed, 'old_rows'), hostRows(followed, 'new_rows')];
  return `
    create function ${name}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $follow$
    begin
      if tg_op = 'TRUNCATE' then
        delete from ${rows};
        return null;
      end if;
      if tg_op = 'DELETE' then
        delete from ${rows} where id in (${idsOf(before)});
        return null;
      end if;
      if tg_op = 'UPDATE' then
        delete from ${rows} where id in (${idsOf(before)} except ${idsOf(after)});
      end if;
      ${upsert(schema, followed, after).join('; ')};
      return null;
    end $follow$`;
}

/** A row for each row of `source`, with a column for each option. */
function hostRows({ table, options }: Followed, source: string): string {
  const columns = Object.entries(options).map(
    ([option, [expression, type]]) => `(${expression})::${type} as "${option}"`,
  );
  return `(select ${columns.join(', ')} from ${source} as ${aliasOf(table)}) as host`;
}

const idsOf = (host: string): string => `select host."id" from ${host}`;

/** Rows that say the same already stay as they are, so their change triggers announce nothing. */
function upsert(
  schema: string,
  { target, columns, updates = {}, isKept, otherwise }: Followed,
  host: string,
): string[] {
  const rows = `"${schema}"."${target}"`;
  const changed = Object.keys(columns).filter((column) => column !== 'id');
  const values = changed.map((column) => updates[column] ?? `excluded.${column}`);
  return [
    `insert into ${rows} as known (${Object.keys(columns).join(', ')})
      select ${Object.values(columns).join(', ')} from ${host} where ${isKept}
      on conflict (id) do update set ${changed.map((column, index) => `${column} = ${values[index]}`).join(', ')}
      where (${changed.map((column) => `known.${column}`).join(', ')}) is distinct from (${values.join(', ')})`,
    ...(otherwise ? [`update ${rows} set ${otherwise} where id in (${idsOf(host)} where not (${isKept}))`] : []),
  ];
}

/** @throws {Error} for a text that is no name of a table */
function quotedTable(option: string, name: string): string {
  const parts = name.split('.');
  if (parts.length > 2 || !parts.every((part) => /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(part)))
    throw new Error(`hostOwners: ${option}: "${name}" is no name of a table, such as accounts or sales.accounts.`);
  return (parts.length === 1 ? ['public', ...parts] : parts).map((part) => `"${part}"`).join('.');
}
