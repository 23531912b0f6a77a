const KEYS = 'libs/api-keys/src';
const DATABASE = 'libs/database/src';
const IN_TENANT = `using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** A defect that is planted alone, and what must notice it. */
export interface Mutant {
  defect: string;
  file: string;
  /** Stands once in the file. */
  from: string;
  to: string;
  spec: string;
  /** Words of the titles of the tests that are run, as Jest's `-t`; all of the spec where left out. */
  only?: string;
}

/** Defects in who may do what, in the life of keys and in what is kept secret. */
export const MUTANTS: readonly Mutant[] = [
  {
    defect: 'row level security is not forced on keys',
    file: `${KEYS}/migrations/20261122090100-api-keys.ts`,
    from: 'this.addSql(`alter table "api_keys" force row level security`);',
    to: '',
    spec: 'test/architecture/database.spec.ts',
    only: 'C1',
  },
  {
    defect: 'row level security of devices shows every tenant',
    file: 'libs/devices/src/migrations/20261122090200-devices.ts',
    from: IN_TENANT,
    to: 'using (true)',
    spec: 'test/e2e/tenant-isolation.spec.ts',
    only: 'by raw SQL',
  },
  {
    defect: 'a migration that has run somewhere is changed',
    file: 'libs/alerts/src/migrations/20261122100000-alerts.ts',
    from: 'grant select, insert, update on "alerts" to portal_app',
    to: 'grant select, insert, update, delete on "alerts" to portal_app',
    spec: 'test/faults/first-layout.spec.ts',
  },
  {
    defect: 'migrations run room by room, not by name',
    file: `${DATABASE}/tables/compose-schema.ts`,
    from: 'migrations: migrations.toSorted((one, other) => (one.name < other.name ? -1 : 1))',
    to: 'migrations',
    spec: `${DATABASE}/tables/compose-schema.spec.ts`,
  },
  {
    defect: 'two rooms may bring one migration, or one table',
    file: `${DATABASE}/tables/compose-schema.ts`,
    from: 'names.indexOf(name) < place',
    to: 'names.indexOf(name) > place',
    spec: `${DATABASE}/tables/compose-schema.spec.ts`,
  },
  {
    defect: 'the schema comparison does not know the change triggers',
    file: `${DATABASE}/migrator/orm.ts`,
    from: 'void meta.triggers.push(...(settings.triggers?.[meta.tableName] ?? [])),',
    to: 'undefined,',
    spec: 'test/architecture/database.spec.ts',
    only: 'that the entities describe',
  },
  {
    defect: 'the tenant is bound to the connection, not to the transaction',
    file: `${DATABASE}/tenant-database.ts`,
    from: "{ 'app.tenant_id': bound }",
    to: "{ 'app.tenant': bound }",
    spec: 'test/e2e/pool-of-one.spec.ts',
  },
  {
    defect: 'the guard is not bound to the application',
    file: 'apps/portal/src/portal.module.ts',
    from: '{ provide: APP_GUARD, useExisting: ApiKeyGuard },',
    to: '',
    spec: 'test/e2e/guard.spec.ts',
    only: 'HTTP handlers',
  },
  {
    defect: 'the operation gate lets everything through',
    file: 'libs/access/src/operation-gate.plugin.ts',
    from: 'if (refusals.length === 0) {',
    to: 'if (refusals.length >= 0) {',
    spec: 'test/e2e/guard.spec.ts',
    only: 'before it runs',
  },
  {
    defect: 'an undeclared resolver does not stop the start',
    file: 'libs/access/src/access-registry.ts',
    from: 'if (!access) undeclared.push(`${place} (${coordinate})`);',
    to: 'if (!access) continue;',
    spec: 'test/architecture/access.spec.ts',
    only: 'a query',
  },
  {
    defect: 'a scope is opened by one that begins like it',
    file: 'libs/access/src/access.rules.ts',
    from: 'if (!principal.scopes.has(scope))',
    to: 'if (![...principal.scopes].some((own) => scope.startsWith(own)))',
    spec: 'libs/access/src/access.rules.spec.ts',
  },
  {
    defect: 'a revoked key counts as an active one',
    file: `${KEYS}/keys/api-key-status.sql.ts`,
    from: `when api_keys.revoked_at is not null then 'REVOKED'`,
    to: `when false then 'REVOKED'`,
    spec: 'test/e2e/key-revocation.spec.ts',
  },
  {
    defect: 'an expiry is compared the wrong way round',
    file: `${KEYS}/keys/api-key-status.sql.ts`,
    from: '(${END} > now()) is not true',
    to: '(${END} < now()) is not true',
    spec: 'test/e2e/verification-expiry.spec.ts',
  },
  {
    defect: 'a remembered verdict outlives its key',
    file: `${KEYS}/verification/verdict.ts`,
    from: 'refusal === null ? (msLeft ?? LONGEST_MS) : LONGEST_MS',
    to: 'LONGEST_MS',
    spec: `${KEYS}/verification/verdict.spec.ts`,
  },
  {
    defect: 'a key lives for ever by an infinite expiry',
    file: `${KEYS}/migrations/20261122090100-api-keys.ts`,
    from: `check (isfinite(expires_at) and expires_at < '10000-01-01 00:00:00+00')`,
    to: 'check (true)',
    spec: 'test/e2e/edited-rows.spec.ts',
    only: 'T31',
  },
  {
    defect: 'a suspended tenant goes on',
    file: `${KEYS}/keys/api-key-status.sql.ts`,
    from: `when tenants.suspended_at is not null then 'TENANT_SUSPENDED'`,
    to: '',
    spec: 'test/e2e/roles.spec.ts',
    only: 'a suspended tenant stops',
  },
  {
    defect: 'an inactive owner goes on',
    file: `${KEYS}/keys/api-key-status.sql.ts`,
    from: 'users.is_active is not true or ',
    to: '',
    spec: 'test/e2e/roles.spec.ts',
    only: 'a deactivated owner stops',
  },
  {
    defect: 'a key keeps what the role of its owner has lost',
    file: `${KEYS}/verification/verdict.ts`,
    from: 'this.catalogue.cutDown(stringsIn(scopes), role, allowed)',
    to: 'new Set(stringsIn(scopes))',
    spec: 'test/e2e/roles.spec.ts',
    only: 'cuts a key down',
  },
  {
    defect: 'nobody looks at what a key may be granted',
    file: `${KEYS}/keys/key-authority.ts`,
    from: 'opened.every((scopes) => scopes.has(scope))',
    to: 'opened.some((scopes) => scopes.has(scope))',
    spec: 'test/e2e/key-creation.spec.ts',
    only: 'cannot grant',
  },
  {
    defect: 'a caller is not asked for again in the transaction',
    file: `${KEYS}/keys/key-authority.ts`,
    from: `if (!user?.isActive) throw new Unauthenticated('INVALID_SESSION');`,
    to: `if (!user) throw new Unauthenticated('INVALID_SESSION');`,
    spec: 'test/e2e/lost-authority.spec.ts',
    only: 'updateApiKey',
  },
  {
    defect: 'a revoked key makes its own successor',
    file: `${KEYS}/keys/key-authority.ts`,
    from: `if (key.status !== 'ACTIVE') throw new Unauthenticated(UNUSABLE[key.status]);`,
    to: '',
    spec: 'test/faults/stale-authority.spec.ts',
    only: 'T49',
  },
  {
    defect: 'the hash of a key is the key',
    file: `${KEYS}/keys/api-key.format.ts`,
    from: `return hash('sha256', plaintext, 'hex');`,
    to: 'return plaintext;',
    spec: 'test/e2e/key-creation.spec.ts',
    only: 'SHA-256',
  },
  {
    defect: 'letters of keys are drawn with a bias',
    file: `${KEYS}/keys/api-key.format.ts`,
    from: 'if (byte < FIRST_BIASED_BYTE && text.length < length)',
    to: 'if (text.length < length)',
    spec: `${KEYS}/keys/api-key.format.spec.ts`,
    only: 'favours no letter',
  },
  {
    defect: 'the checksum of a key is not looked at',
    file: `${KEYS}/keys/api-key.format.ts`,
    from: 'if (crc32(plaintext.slice(0, end)) === numberAt(plaintext, end)) return true;',
    to: 'if (end > 0) return true;',
    spec: `${KEYS}/keys/api-key.format.spec.ts`,
    only: 'any one letter changed',
  },
  {
    defect: 'the audit trail stores the secret',
    file: `${KEYS}/changes/key-creation.service.ts`,
    from: 'changes: diffBetween({}, auditedMembersOf(key)) }',
    to: 'changes: diffBetween({}, { ...auditedMembersOf(key), secret }) }',
    spec: 'test/e2e/stored-secrets.spec.ts',
    only: 'T1',
  },
  {
    defect: 'log lines are written as they come',
    file: 'apps/portal/src/http/logging.ts',
    from: 'redacted = jsonRedactor(apiKeys.prefix)',
    to: 'redacted = (line: string) => line',
    spec: 'test/e2e/shown-secrets.spec.ts',
    only: 'T11|T10',
  },
  {
    defect: 'a filter of keys compares instants more finely than they are printed',
    file: `${KEYS}/keys/api-key.filter.ts`,
    from: "api_keys.expires_at >= ${at(expiresAfter)} + interval '1 millisecond'",
    to: 'api_keys.expires_at > ${at(expiresAfter)}',
    spec: 'test/e2e/list-instants.spec.ts',
    only: 'expiresAfter',
  },
  {
    defect: 'the log prints characters that a terminal obeys',
    file: 'apps/portal/src/http/logging.ts',
    from: 'shownJson(redacted(line))',
    to: 'redacted(line)',
    spec: 'test/e2e/errors.spec.ts',
    only: 'a terminal',
  },
];
