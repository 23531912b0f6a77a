/** Columns: who asks. */
export const CALLERS = [
  'nobody',
  'a key with all scopes',
  'a key with none of the needed',
  'a viewer',
  'an operator',
  'a tenant admin',
  'a super admin in the tenant',
  'a super admin in none',
  "another tenant's admin",
  'an operator, of its own key',
  'an operator, of its pending key',
] as const;
export type Caller = (typeof CALLERS)[number];

/**
 * `open`: the operation runs. `own`: it runs and neither sees nor changes anything of the tenant. `no way`: the field
 * itself is open, and nothing that leads to it is. Else the reason of the refusal.
 */
export type Outcome =
  | 'open'
  | 'own'
  | 'no way'
  | 'MISSING_CREDENTIAL'
  | 'MISSING_SCOPE'
  | 'SESSION_REQUIRED'
  | 'ROLE_REQUIRED'
  | 'KEY_REQUIRED'
  | 'TENANT_REQUIRED';

const CREDENTIAL = 'MISSING_CREDENTIAL';
const SCOPE = 'MISSING_SCOPE';
const SESSION = 'SESSION_REQUIRED';
const ROLE = 'ROLE_REQUIRED';
const KEY = 'KEY_REQUIRED';
const TENANT = 'TENANT_REQUIRED';

/** One outcome for each caller, in the order of `CALLERS`. */
export const OUTCOMES = {
  public: ['open', 'open', 'open', 'open', 'open', 'open', 'open', 'open', 'own', 'open', 'open'],
  anyone: [CREDENTIAL, 'open', 'open', 'open', 'open', 'open', 'open', 'open', 'own', 'open', 'open'],
  anyoneInTenant: [CREDENTIAL, 'open', 'open', 'open', 'open', 'open', 'open', TENANT, 'own', 'open', 'open'],
  rotation: [CREDENTIAL, 'open', 'open', 'own', 'own', 'open', 'open', TENANT, 'own', 'open', 'open'],
  keysInTenant: [CREDENTIAL, 'open', 'open', KEY, KEY, KEY, KEY, KEY, KEY, KEY, KEY],
  sessions: [CREDENTIAL, SESSION, SESSION, 'open', 'open', 'open', 'open', 'open', 'own', 'open', 'open'],
  ownKeys: [CREDENTIAL, SESSION, SESSION, 'own', 'own', 'open', 'open', TENANT, 'own', 'open', 'open'],
  sessionsInTenant: [CREDENTIAL, SESSION, SESSION, 'open', 'open', 'open', 'open', TENANT, 'own', 'open', 'open'],
  admins: [CREDENTIAL, SESSION, SESSION, ROLE, ROLE, 'open', 'open', TENANT, 'own', ROLE, ROLE],
  viewersScope: [CREDENTIAL, 'open', SCOPE, 'open', 'open', 'open', 'open', TENANT, 'own', 'open', 'open'],
  operatorsScope: [CREDENTIAL, 'open', SCOPE, SCOPE, 'open', 'open', 'open', TENANT, 'own', 'open', 'open'],
  behindOperators: [CREDENTIAL, 'open', SCOPE, 'no way', 'open', 'open', 'open', TENANT, 'own', 'open', 'open'],
} as const satisfies Record<string, readonly Outcome[]>;
