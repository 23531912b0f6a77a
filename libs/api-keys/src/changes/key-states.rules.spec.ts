import { API_KEY_STATUSES, type ApiKeyStatus } from '../words.js';
import { type KeyAction, type ActionEffect, effectOf } from './key-states.rules.js';

const SUSPENDED_AT = new Date('2030-01-01T00:00:00.000Z');

/** The table of the public contract: what an action comes to, by the status of a key that is not suspended. */
const UNSUSPENDED: Record<KeyAction, Partial<Record<ApiKeyStatus, ActionEffect>>> = {
  update: all('DONE', 'ACTIVE', 'POLICY_BLOCKED', 'PENDING', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'),
  rotate: all('DONE', 'ACTIVE', 'POLICY_BLOCKED'),
  complete: all('DONE', 'ACTIVE', 'POLICY_BLOCKED'),
  suspend: all('DONE', 'ACTIVE', 'POLICY_BLOCKED', 'PENDING', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'),
  resume: all('NOTHING', 'ACTIVE', 'POLICY_BLOCKED', 'PENDING', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'),
  transfer: all('DONE', 'ACTIVE', 'POLICY_BLOCKED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED'),
  revoke: {
    ...all('DONE', 'ACTIVE', 'POLICY_BLOCKED', 'PENDING', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'),
    REVOKED: 'NOTHING',
  },
  approve: all('DONE', 'PENDING'),
  reject: all('DONE', 'PENDING'),
};

/** The same of a suspended key. */
const SUSPENDED: typeof UNSUSPENDED = {
  update: all('DONE', 'SUSPENDED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'),
  rotate: {},
  complete: {},
  suspend: { SUSPENDED: 'NOTHING', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE', EXPIRED: 'NOTHING' },
  resume: all('DONE', 'SUSPENDED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'),
  transfer: all('DONE', 'SUSPENDED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED'),
  revoke: { ...all('DONE', 'SUSPENDED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED'), REVOKED: 'NOTHING' },
  approve: {},
  reject: {},
};

function all(effect: ActionEffect, ...statuses: ApiKeyStatus[]): Partial<Record<ApiKeyStatus, ActionEffect>> {
  return Object.fromEntries(statuses.map((status) => [status, effect]));
}

type Row = [action: KeyAction, status: ApiKeyStatus, what: string, suspendedAt: Date | null, effect: ActionEffect];
const ACTIONS = Object.keys(UNSUSPENDED) as KeyAction[];
/** A suspended key is neither ACTIVE, POLICY_BLOCKED nor PENDING, and no other has the status SUSPENDED. */
const ROWS = ACTIONS.flatMap((action) =>
  API_KEY_STATUSES.flatMap((status) => {
    const rows: Row[] = [];
    if (status !== 'SUSPENDED')
      rows.push([action, status, 'not suspended', null, UNSUSPENDED[action][status] ?? 'CONFLICT']);
    if (status !== 'ACTIVE' && status !== 'POLICY_BLOCKED' && status !== 'PENDING')
      rows.push([action, status, 'suspended', SUSPENDED_AT, SUSPENDED[action][status] ?? 'CONFLICT']);
    return rows;
  }),
);

it.each(ROWS)('the action %s on a key that is %s and %s has its effect', (action, status, _, suspendedAt, expected) => {
  expect(effectOf(action, { status, suspendedAt, approvedAt: null })).toBe(expected);
});

it.each(API_KEY_STATUSES)(
  'a repeated approval of a key that is now %s does nothing, unless the key has ended',
  (status) => {
    const isOver = status === 'REVOKED' || status === 'EXPIRED';
    const expected = status === 'PENDING' ? 'DONE' : isOver ? 'CONFLICT' : 'NOTHING';
    expect(effectOf('approve', { status, suspendedAt: null, approvedAt: SUSPENDED_AT })).toBe(expected);
  },
);
