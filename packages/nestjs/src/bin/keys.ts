/** `latchkey keys …` and `latchkey users …`. Prints one JSON object a line. */
import { USER_ROLES } from '#access/words';
import type { Administration, ApiKeyRow } from '#api-keys';
import { API_KEY_STATUSES, REVOCATION_REASONS } from '#api-keys/words';
import { InvalidInput } from '#kernel';
import { databaseUrl, settingsOf } from './application.js';
import { instantOf, oneOf, type Options, refuseOthers, requiredText, textOf, WrongUsage } from './options.js';

type Action = (administration: Administration, options: Options, ids: readonly string[]) => Promise<object[]>;

/** By the words of the call: what is done, and the options that the call needs and takes. */
const ACTIONS: Readonly<Record<string, readonly [Action, needed: readonly string[], taken: readonly string[]]>> = {
  'users create': [createUser, ['tenant', 'email'], ['role']],
  'keys create': [createKey, ['owner', 'name', 'scopes'], ['expires']],
  'keys list': [listKeys, ['owner'], []],
  'keys revoke': [revokeKeys, ['reason'], ['note']],
};
const TENANT_ROLES = USER_ROLES.filter((role) => role !== 'SUPER_ADMIN');
/** The options behind the members of an input, where their names differ. */
const OPTION_OF: Readonly<Record<string, string>> = { ownerId: '--owner', expiresAt: '--expires', ids: 'ID' };

/** The action of these words; undefined where there is none. */
export function actionOf(words: readonly string[]): ((options: Options) => Promise<object[]>) | undefined {
  const command = words.slice(0, 2).join(' ');
  const [action, needed = [], taken = []] = ACTIONS[command] ?? [];
  if (!action) return undefined;
  return async (options) => {
    refuseOthers(command, options, ['app', ...needed, ...taken]);
    for (const name of ['app', ...needed]) requiredText(options, name);
    return run(action, options, words.slice(2));
  };
}

async function run(action: Action, options: Options, ids: readonly string[]): Promise<object[]> {
  if (action !== revokeKeys && ids.length > 0) throw new WrongUsage(`${ids[0]} is one word too many.`);
  const url = databaseUrl('DATABASE_URL');
  const { schema, access, apiKeys } = await settingsOf(requiredText(options, 'app'));
  const { withAdministration } = await import('#api-keys');
  try {
    const application = { database: { url, ...schema }, access, apiKeys };
    return await withAdministration(application, (administration) => action(administration, options, ids));
  } catch (error) {
    throw error instanceof InvalidInput ? new WrongUsage(sentenceOf(error)) : error;
  }
}

async function createUser({ tenancy }: Administration, options: Options): Promise<object[]> {
  const [name, email] = [requiredText(options, 'tenant'), requiredText(options, 'email')];
  const role = oneOf(TENANT_ROLES, options, 'role', 'OPERATOR');
  const [tenant, another] = (await tenancy.tenants()).filter((known) => known.name === name);
  if (another) throw new WrongUsage(`--tenant: several tenants are called ${name}.`);
  const { id: tenantId } = tenant ?? (await tenancy.addTenant(name));
  const user = await tenancy.addUser({ tenantId, email, name: email, role, kind: 'SERVICE' });
  return [{ id: user.id, email: user.email, role: user.role, tenantId, tenant: name }];
}

async function createKey({ keys }: Administration, options: Options): Promise<object[]> {
  const [owner, name] = [requiredText(options, 'owner'), requiredText(options, 'name')];
  const scopes = requiredText(options, 'scopes').split(',');
  const { key, secret } = await keys.create({ owner, name, scopes, expiresAt: instantOf(options, 'expires') });
  return [{ ...shown(key), key: secret }];
}

async function listKeys({ keys, tenancy }: Administration, options: Options): Promise<object[]> {
  const { id: ownerId, tenantId } = await tenancy.user(requiredText(options, 'owner'));
  const found: object[] = [];
  if (tenantId === null) return found;
  const owned = keys.keys(tenantId, { ownerId, status: API_KEY_STATUSES });
  for await (const key of owned) found.push(shown(key));
  return found;
}

async function revokeKeys({ keys }: Administration, options: Options, ids: readonly string[]): Promise<object[]> {
  if (ids.length === 0) throw new WrongUsage('The id of a key is missing; "keys list" prints the ids.');
  const reason = oneOf(REVOCATION_REASONS, options, 'reason');
  return (await keys.revoke({ ids, reason, note: textOf(options, 'note') })).keys.map(shown);
}

function shown({ id, name, scopes, keyPrefix, expiresAt, revokedAt }: ApiKeyRow): object {
  return { id, name, scopes, keyPrefix, expiresAt, revokedAt };
}

function sentenceOf({ problems }: InvalidInput): string {
  return problems
    .map(({ path: [member = '', ...rest], message, suggestions = [] }) => {
      const option = OPTION_OF[String(member)] ?? `--${member}`;
      const meant = suggestions.length > 0 ? ` Is ${suggestions.join(' or ')} meant?` : '';
      return `${[option, ...rest].join('.')}: ${message}${meant}`;
    })
    .join('\n');
}
