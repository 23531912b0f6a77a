/** `latchkey keys …` and `latchkey users …`. Prints one JSON object a line. */
import { USER_ROLES } from '#access/words';
import type { Administration, ApiKeyRow } from '#api-keys';
import { API_KEY_STATUSES, REVOCATION_REASONS } from '#api-keys/words';
import { InvalidInput, namingOptions } from '#kernel';
import { databaseUrl, settingsOf } from './application.js';
import { instantOf, oneOf, type Options, refuseOthers, requiredText, textOf, WrongUsage } from './options.js';

type Action = (administration: Administration, options: Options, ids: readonly string[]) => Promise<object[]>;

/** By the words of the call: what is done, and the options that the call needs and takes. */
const ACTIONS: Readonly<Record<string, readonly [Action, needed: readonly string[], taken: readonly string[]]>> = {
  'users create': [createUser, ['tenant', 'email'], ['role']],
  'keys create': [createKey, ['owner', 'name', 'scopes'], ['expires-at']],
  'keys list': [listKeys, ['owner'], []],
  'keys revoke': [revokeKeys, ['reason'], ['note']],
};
/** The options of these commands. */
export const TEXT_OPTIONS = [
  'app',
  ...new Set(Object.values(ACTIONS).flatMap(([, needed, taken]) => [...needed, ...taken])),
];
const TENANT_ROLES = USER_ROLES.filter((role) => role !== 'SUPER_ADMIN');
/** What the problems of an input are reported by, where it is not the name of the member. */
const REPORTED_AS = { ownerId: '--owner', ids: 'ID' };

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

/** The words that may follow these, as `create` follows `keys`. */
export function commandsOf(words: readonly string[]): string[] {
  const start = `${words.join(' ')} `;
  const commands = Object.keys(ACTIONS).filter((command) => command.startsWith(start));
  return commands.map((command) => command.slice(start.length));
}

async function run(action: Action, options: Options, ids: readonly string[]): Promise<object[]> {
  if (action !== revokeKeys && ids.length > 0) throw new WrongUsage(`${ids[0]} is one word too many.`);
  const url = databaseUrl('DATABASE_URL');
  const { schema, access, apiKeys } = await settingsOf(requiredText(options, 'app'));
  const { withAdministration } = await import('#api-keys');
  try {
    const application = { database: { url, ...schema }, access, apiKeys };
    const work = (administration: Administration) => action(administration, options, ids);
    return await namingOptions(() => withAdministration(application, work), REPORTED_AS);
  } catch (error) {
    throw error instanceof InvalidInput ? new WrongUsage(error.message) : error;
  }
}

async function createUser({ tenancy }: Administration, options: Options): Promise<object[]> {
  const [name, email] = [requiredText(options, 'tenant'), requiredText(options, 'email')];
  const role = oneOf(TENANT_ROLES, options, 'role', 'OPERATOR');
  const { tenant, account } = await tenancy.addServiceAccount(name, email, role);
  return [{ id: account.id, email: account.email, role: account.role, tenantId: tenant.id, tenant: tenant.name }];
}

async function createKey({ keys }: Administration, options: Options): Promise<object[]> {
  const [owner, name] = [requiredText(options, 'owner'), requiredText(options, 'name')];
  const scopes = requiredText(options, 'scopes').split(',');
  const { key, secret } = await keys.create({ owner, name, scopes, expiresAt: instantOf(options, 'expires-at') });
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
