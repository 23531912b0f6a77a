import { API_KEY_STATUSES, type ApiKeyStatus } from '../words.js';
import { type ActionEffect, effectOf, type KeyAction } from './key-states.rules.js';

const SUSPENDED_AT = new Date('2030-01-01T00:00:00.000Z');

/** The table of the public contract: what an action comes to, by the status of a key that is not suspended. */
const UNSUSPENDED: Record<KeyAction, Partial<Record<ApiKeyStatus, ActionEffect>>> = {
  update: { ACTIVE: 'DONE', POLICY_BLOCKED: 'DONE', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE', EXPIRED: 'DONE' },
  rotate: { ACTIVE: 'DONE', POLICY_BLOCKED: 'DONE' },
  complete: { ACTIVE: 'DONE', POLICY_BLOCKED: 'DONE' },
  suspend: {
    ACTIVE: 'DONE',
    POLICY_BLOCKED: 'DONE',
    OWNER_INACTIVE: 'DONE',
    TENANT_SUSPENDED: 'DONE',
    EXPIRED: 'DONE',
  },
  resume: {
    ACTIVE: 'NOTHING',
    POLICY_BLOCKED: 'NOTHING',
    OWNER_INACTIVE: 'NOTHING',
    TENANT_SUSPENDED: 'NOTHING',
    EXPIRED: 'NOTHING',
  },
  transfer: { ACTIVE: 'DONE', POLICY_BLOCKED: 'DONE', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE' },
  revoke: {
    ACTIVE: 'DONE',
    POLICY_BLOCKED: 'DONE',
    OWNER_INACTIVE: 'DONE',
    TENANT_SUSPENDED: 'DONE',
    EXPIRED: 'DONE',
    REVOKED: 'NOTHING',
  },
};

/** The same of a suspended key. */
const SUSPENDED: typeof UNSUSPENDED = {
  update: { SUSPENDED: 'DONE', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE', EXPIRED: 'DONE' },
  rotate: {},
  complete: {},
  suspend: { SUSPENDED: 'NOTHING', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE', EXPIRED: 'NOTHING' },
  resume: { SUSPENDED: 'DONE', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE', EXPIRED: 'DONE' },
  transfer: { SUSPENDED: 'DONE', OWNER_INACTIVE: 'DONE', TENANT_SUSPENDED: 'DONE' },
  revoke: {
    SUSPENDED: 'DONE',
    OWNER_INACTIVE: 'DONE',
    TENANT_SUSPENDED: 'DONE',
    EXPIRED: 'DONE',
    REVOKED: 'NOTHING',
  },
};

type Row = [action: KeyAction, status: ApiKeyStatus, what: string, suspendedAt: Date | null, effect: ActionEffect];
const ACTIONS = Object.keys(UNSUSPENDED) as KeyAction[];
/** A suspended key is neither ACTIVE nor POLICY_BLOCKED, and no other has the status SUSPENDED. */
const ROWS = ACTIONS.flatMap((action) =>
  API_KEY_STATUSES.flatMap((status) => {
    const rows: Row[] = [];
    if (status !== 'SUSPENDED')
      rows.push([action, status, 'not suspended', null, UNSUSPENDED[action][status] ?? 'CONFLICT']);
    if (status !== 'ACTIVE' && status !== 'POLICY_BLOCKED')
      rows.push([action, status, 'suspended', SUSPENDED_AT, SUSPENDED[action][status] ?? 'CONFLICT']);
    return rows;
  }),
);

it.each(ROWS)('to %s a key that is %s and %s comes to its effect', (action, status, _, suspendedAt, expected) => {
  expect(effectOf(action, { status, suspendedAt })).toBe(expected);
});
