import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSchema, isObjectType } from 'graphql';
import type { Answer } from '../support/answer.js';
import { askStream } from '../support/event-stream.js';
import { ALL_SCOPES, type GivenTenant, type GivenUser } from '../support/given.js';
import { makeOwnKey, setMemberKeys } from '../support/members.js';
import { type Ask, TestPortal } from '../support/test-portal.js';
import { makeEndpoint } from '../support/webhooks.js';
import { CALLERS, type Outcome, OUTCOMES } from './access-outcomes.js';
import { ACCESS_TABLE, type AccessRow } from './access-table.js';
import { usePortal } from '../support/hooks.js';

const ACCESS_DIRECTIVES = new Set(['requiresScopes', 'sessionOnly', 'authenticated', 'public']);

/** Every root field of the committed schema, and every field that declares access. */
const COORDINATES = (() => {
  const schema = buildSchema(readFileSync(resolve(import.meta.dirname, '../../schema.graphql'), 'utf8'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__')) return [];
    return Object.values(type.getFields())
      .filter(({ astNode }) => {
        const declares = astNode?.directives?.some(({ name }) => ACCESS_DIRECTIVES.has(name.value));
        return roots.includes(type) || declares;
      })
      .map(({ name }) => `${type.name}.${name}`);
  });
})();

const isMutation = ({ document }: AccessRow) => document.startsWith('mutation');
const mayChange = ({ row, outcome }: { row: AccessRow; outcome?: Outcome }) => isMutation(row) && outcome === 'open';

const cells = COORDINATES.flatMap((coordinate) => {
  const row = ACCESS_TABLE[coordinate];
  if (!row) return [];
  const all = CALLERS.map((caller, n) => ({ coordinate, caller, row, outcome: OUTCOMES[row.outcomes][n] }));
  // Reports of leaks from one address are limited, and whose key it is matters to no public field.
  return row.outcomes === 'public' ? all.filter(({ caller }) => !caller.startsWith('an operator, of its')) : all;
});

it('the table has a row for every field that declares access, and some fields declare access', () => {
  expect(COORDINATES.length).toBeGreaterThan(10);
  expect(COORDINATES.filter((coordinate) => !ACCESS_TABLE[coordinate])).toEqual([]);
});

describe('access', () => {
  let api: TestPortal;
  let tenant: GivenTenant;
  let others: GivenTenant;
  /** The fields read by every case that changes nothing: queries, and refused callers. */
  let shared: Record<string, string>;
  /** Of the state of a tenant: SQL that gives a digest of each of its tables. */
  let digests: string;
  const keys = new Map<string, string>();
  let users: Record<'VIEWER' | 'OPERATOR' | 'TENANT_ADMIN' | 'SUPER_ADMIN' | 'other', GivenUser>;
  usePortal(async (started) => {
    api = started;
    tenant = await api.given.tenant();
    others = await api.given.tenant();
    users = {
      VIEWER: await api.given.user({ tenant, role: 'VIEWER' }),
      OPERATOR: await api.given.user({ tenant, role: 'OPERATOR' }),
      TENANT_ADMIN: await api.given.admin(tenant),
      SUPER_ADMIN: await api.given.user({ role: 'SUPER_ADMIN' }),
      other: await api.given.admin(others),
    };
    // The first session ties a person to the identity provider's subject: no part of what the cells look at.
    for (const { session } of Object.values(users)) await api.query('{ viewer { kind } }', { session });
    await setMemberKeys(api, tenant, 'APPROVAL');
    shared = await facts(true);
    digests = await digestsOfTables();
  });

  async function credentialOf({ caller, row, outcome }: (typeof cells)[number]): Promise<Ask> {
    const session = (user: GivenUser, named?: GivenTenant): Ask => ({
      session: user.session,
      ...(named ? { headers: { 'x-tenant-id': named.id } } : {}),
    });
    const key = async (scopes: string[]): Promise<Ask> => {
      const isOwn = mayChange({ row, outcome });
      const known = isOwn ? undefined : keys.get(scopes.join());
      const secret = known ?? (await api.given.apiKey({ tenant, scopes })).secret;
      if (!isOwn) keys.set(scopes.join(), secret);
      return { key: secret };
    };
    switch (caller) {
      case 'nobody':
        return {};
      case 'a key with all scopes':
        return key(ALL_SCOPES);
      case 'a key with none of the needed':
        return key(ALL_SCOPES.filter((scope) => !row.scopes?.includes(scope)));
      case 'a viewer':
        return session(users.VIEWER);
      case 'an operator':
      case 'an operator, of its own key':
      case 'an operator, of its pending key':
        return session(users.OPERATOR);
      case 'a tenant admin':
        return session(users.TENANT_ADMIN);
      case 'a super admin in the tenant':
        return session(users.SUPER_ADMIN, tenant);
      case 'a super admin in none':
        return session(users.SUPER_ADMIN);
      case "another tenant's admin":
        return session(users.other);
    }
  }

  /** Things of the tenant, fresh for each cell that may change them: no other relies on those. */
  async function facts(needsEndpoint: boolean): Promise<Record<string, string>> {
    const text = `t-${randomUUID()}`;
    const { id: key } = await api.given.apiKey({ tenant, name: `key ${text}` });
    const { id: device } = await api.given.device({ tenant, hostname: `device-${text}` });
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    // A tenant may have a limited number of endpoints only.
    const endpoint = needsEndpoint ? (await makeEndpoint(api, users.TENANT_ADMIN)).id : '';
    return { text, key, device, owner: users.TENANT_ADMIN.id, soon, endpoint };
  }

  /** What the document of a cell names: of an operator who asks of a key of its own, that one. */
  async function variablesOf(cell: (typeof cells)[number]): Promise<Record<string, string>> {
    const variables = mayChange(cell) ? await facts(cell.row.document.includes('$endpoint')) : shared;
    const owner = users.OPERATOR;
    if (cell.caller === 'an operator, of its own key')
      return { ...variables, owner: owner.id, key: (await api.given.apiKey({ tenant, owner })).id };
    if (cell.caller === 'an operator, of its pending key')
      return { ...variables, owner: owner.id, key: (await makeOwnKey(api, owner)).id };
    return variables;
  }

  it.each(cells)('$coordinate, asked by $caller: $outcome', async (cell) => {
    const { row, outcome } = cell;
    const variables = await variablesOf(cell);
    const credential = await credentialOf(cell);
    const before = isMutation(row) && outcome !== 'open' ? await stateOf(tenant) : undefined;
    const isStream = row.document.startsWith('subscription');
    const answer = isStream
      ? await askStream(api, row.document, credential)
      : await api.query(row.document, { ...credential, variables });
    if (outcome === 'open') expectOpen(answer, cell);
    else if (outcome === 'own') await expectOwn(answer, variables, before);
    else {
      expectRefused(answer, row, outcome);
      if (before) expect(await stateOf(tenant)).toEqual(before);
    }
  });

  function expectOpen(answer: Answer, { row, caller }: (typeof cells)[number]): void {
    const codes = answer.errors.map(({ extensions }) => extensions.code);
    const pending = caller === 'an operator, of its pending key' ? (row.admitsWhilePending ?? []) : [];
    const admitted = [...(row.admits ?? []), ...pending];
    expect(codes.filter((code) => !admitted.includes(code))).toEqual([]);
    expect(answer.status).toBe(200);
    if (codes.length === 0) expect(Object.values(answer.data)).not.toContain(null);
  }

  function expectRefused(answer: Answer, row: AccessRow, reason: Outcome | undefined): void {
    const isAnonymous = reason === 'MISSING_CREDENTIAL';
    expect(answer.status).toBe(isAnonymous ? 401 : 403);
    expect(answer.body).not.toHaveProperty('data');
    const at = answer.errors.filter(({ path }) => isAnonymous || path?.join('.') === row.path);
    expect(at.map(({ extensions }) => extensions.reason)).toEqual(reason === 'no way' ? [] : [reason]);
    if (reason === 'MISSING_SCOPE') expect(at[0]?.extensions['requiredScopes']).toEqual(row.scopes);
  }

  /** The operation ran in the caller's own tenant: nothing of this one came out, and nothing of it changed. */
  async function expectOwn(answer: Answer, given: Record<string, string>, before: unknown): Promise<void> {
    expect(answer.status).toBe(200);
    for (const mark of [given['key'], given['device'], given['owner'], tenant.id, tenant.name])
      expect(answer.text).not.toContain(mark);
    if (before) expect(await stateOf(tenant)).toEqual(before);
  }

  const stateOf = ({ id }: GivenTenant) => api.database.sql(digests, [id]);

  /** What covers every row of a tenant, but for what use of a key leaves behind. */
  async function digestsOfTables(): Promise<string> {
    const tables = await api.database.sql<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where a.attname = 'tenant_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
    );
    // Each write of a row gives it a newer `xmin`, and nobody has to read the row. Uses write to keys, so keys are read.
    const ofKeys = `sum(hashtextextended((to_jsonb(t) - 'last_used_at' - 'last_used_ip' - 'attempts_after_revocation')::text, 0))`;
    return tables
      .filter(({ name }) => !/usage|scope_use|addresses|attempt/.test(name))
      .map(
        ({ name }) => `select '${name}' as name, count(*)::int as count,
        ${name === 'api_keys' ? ofKeys : 'max(xmin::text::bigint)'} as digest from ${name} t where tenant_id = $1`,
      )
      .join(' union all ');
  }
});
