import { EntitySchema } from '@mikro-orm/core';
import { Logger } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { ServiceUnavailable } from '#kernel';
import type { Schema } from '../tables/compose-schema.js';
import { VERIFIER_READS } from '../tables/row-security.js';
import { PUBLIC } from '../connections/schema-name.js';

/** How often the heartbeats of the invalidation channel have the catalogue checked. */
const DUE_MS = 1_000;
/** How often such a check compares everything, though the fingerprint of the catalogue has not changed. */
const WHOLE_DUE_MS = 30_000;

/**
 * Matches the stored expression `true`, in either order of its bytes. `pg_get_expr` would wait until nobody locks the table,
 * and with it each request that needs this check.
 */
const IS_TRUE = String.raw`^\{CONST :consttype 16 .*:constvalue 1 \[ (0 )*1 (0 )*\]\}$`;

const rowsOf = (catalogue: string) =>
  `(select sum(hashtextextended(concat_ws(' ', oid, xmin), 0)) from pg_catalog.${catalogue}`;

/**
 * Changes with every policy, with every right, table and switch of row level security of the tables, with the rights on their schema, and
 * with every member of a role: each change writes a row of the catalogue, which gets another xmin. Rights on single columns are left
 * out, since they are spread over many rows.
 */
const fingerprintOf = (tables: string, schema: string) => `concat_ws(' ',
    ${rowsOf('pg_policy')}),
    ${rowsOf('pg_class')} where relnamespace = '${schema}'::regnamespace and relname = any(${tables})),
    ${rowsOf('pg_namespace')} where nspname = '${schema}'),
    ${rowsOf('pg_auth_members')}))`;

/**
 * Selects what the tables in `$1` lack of their declared row security, and of the rights of `portal_verifier`. Always one row: no
 * row would prove nothing.
 */
const faultsSql = (schema: string) => `select array(
    select format('the table %s %s', declared.name, fault)
    from jsonb_to_recordset($1::jsonb) as declared (name text, policies jsonb, "isRead" boolean)
    left join pg_catalog.pg_class on relname = declared.name and relnamespace = '${schema}'::regnamespace
    cross join lateral (
      select 'has no row level security, or not for its owner' where (relrowsecurity and relforcerowsecurity) is not true
      union all
      select 'lacks the policy ' || policy.name
      from jsonb_to_recordset(declared.policies) as policy (
        name text, command "char", roles text[], "isOpen" boolean, "isRestrictive" boolean)
      where not exists (
        select from pg_policy where polrelid = pg_class.oid and polname = policy.name
          and polpermissive <> policy."isRestrictive"
          and polcmd in (policy.command, '*')
          and polroles @> policy.roles::regrole[]::oid[]
          and (polqual::text ~ '${IS_TRUE}') = policy."isOpen")
      union all
      select 'has a policy that shows further rows to portal_app' where exists (
        select from pg_policy where polrelid = pg_class.oid and polpermissive and polcmd <> 'a'
          and polroles && array[0, 'portal_app'::regrole::oid]
          and polname not in (select name from jsonb_to_recordset(declared.policies) as policy (name text)))
      union all
      select 'has a policy that hides rows from portal_verifier' where declared."isRead" and exists (
        select from pg_policy where polrelid = pg_class.oid and not polpermissive
          and polroles && array[0, 'portal_verifier'::regrole::oid] and polcmd in ('r', '*'))
      union all
      select 'may not be read by portal_verifier' where declared."isRead" and (
        has_schema_privilege('portal_verifier', '${schema}', 'usage')
          and has_any_column_privilege('portal_verifier', pg_class.oid, 'select')) is not true
    ) as faults (fault)
  ) as faults,
  ${fingerprintOf('$2::name[]', schema)} as fingerprint`;

/**
 * Whether the database has the policies and grants that the entities declare. Where a policy is missing, as after a restore
 * without policies, no statement fails: rows are missing, and a good key looks unknown; or rows of other tenants are seen.
 */
export class RowSecurityCheck {
  private readonly logger = new Logger('Database');
  private readonly declared: string;
  private readonly listeners: (() => void)[] = [];
  private checkedAt = -Infinity;
  private comparedAt = -Infinity;
  private faults = '';
  /** Of the catalogue in which the last check has found nothing missing. */
  private wholeFingerprint: string | undefined;
  private readonly tables: readonly string[];
  private readonly faultsSql: string;
  private readonly fingerprintSql: string;

  /** @param isPrepared true on connections that keep prepared statements */
  constructor(
    { entities, schema = PUBLIC }: Pick<Schema, 'entities' | 'schema'>,
    private readonly isPrepared: boolean,
  ) {
    const declared = declaredBy(entities);
    this.faultsSql = faultsSql(schema);
    this.fingerprintSql = `select ${fingerprintOf('$1::name[]', schema)} as fingerprint`;
    this.declared = JSON.stringify(declared);
    this.tables = declared.map(({ name }) => name);
  }

  /** Calls `listener` when something is found to be missing. `listener` must not throw. */
  onLoss(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** True unless the last check has found that something is missing. */
  get isWhole(): boolean {
    return this.faults === '';
  }

  /** True a second after the last check, and as long as something is missing. */
  get isDue(): boolean {
    return !this.isWhole || performance.now() - this.checkedAt > DUE_MS;
  }

  /** @throws {ServiceUnavailable} where the last check has found that something is missing */
  require(): void {
    if (!this.isWhole) throw new ServiceUnavailable({ cause: new Error(this.faults) });
  }

  /** Costs a twentieth of `run` while nothing has changed. @throws any error of the driver */
  async runAgain(client: ClientBase): Promise<void> {
    const mayConfirm = this.isWhole && performance.now() - this.comparedAt < WHOLE_DUE_MS;
    await (mayConfirm ? this.confirm(client, 'row-security-again') : this.run(client));
  }

  /** @throws any error of the driver */
  async run(client: ClientBase): Promise<void> {
    const askedAt = performance.now();
    const statement = { ...this.nameOf('row-security'), text: this.faultsSql, values: [this.declared, this.tables] };
    const { rows } = await client.query<{ faults: string[]; fingerprint: string }>(statement);
    if (askedAt < this.checkedAt) return;
    this.checkedAt = askedAt;
    this.comparedAt = askedAt;
    this.note((rows[0]?.faults ?? ['the catalogue does not answer']).join('; '));
    this.wholeFingerprint = this.isWhole ? rows[0]?.fingerprint : undefined;
  }

  /** Checks only if the catalogue has changed since a check that found nothing missing. @throws any error of the driver */
  async confirm(client: ClientBase, name = 'row-security-print'): Promise<void> {
    const askedAt = performance.now();
    const statement = { ...this.nameOf(name), text: this.fingerprintSql, values: [this.tables] };
    const { rows } = await client.query<{ fingerprint: string }>(statement);
    if (rows[0]?.fingerprint !== this.wholeFingerprint) await this.run(client);
    else this.checkedAt = Math.max(this.checkedAt, askedAt);
  }

  private nameOf(name: string): { name?: string } {
    return this.isPrepared ? { name } : {};
  }

  private note(faults: string): void {
    if (faults === this.faults) return;
    const wasWhole = this.isWhole;
    this.faults = faults;
    if (this.isWhole) return this.logger.log('Row level security is whole again.');
    this.logger.error(`Row level security is not whole, and every credential is answered 503: ${faults}.`);
    if (wasWhole) for (const listener of this.listeners) listener();
  }
}

interface DeclaredPolicy {
  name: string | undefined;
  /** As `pg_policy.polcmd` has it. */
  command: 'r' | '*';
  roles: string[];
  /** True for a policy that shows every row. */
  isOpen: boolean;
  isRestrictive: boolean;
}

interface DeclaredTable {
  name: string;
  policies: DeclaredPolicy[];
  /** True if verdicts on credentials are read from this table. */
  isRead: boolean;
}

function declaredBy(entities: Schema['entities']): DeclaredTable[] {
  return entities.flatMap((entity) => {
    const meta = EntitySchema.REGISTRY.get(entity)?.meta;
    if (!meta?.rowLevelSecurity) return [];
    const policies = meta.policies.map(({ name, command, roles = [], using, type }): DeclaredPolicy => ({
      name,
      command: command === 'select' ? 'r' : '*',
      roles,
      isOpen: using === 'true',
      isRestrictive: type === 'restrictive',
    }));
    return [{ name: meta.tableName, policies, isRead: policies.some(({ name }) => name === VERIFIER_READS.name) }];
  });
}
