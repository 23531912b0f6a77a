import type { ApiKeyStatus } from '../words.js';

/** The actions on a key. */
export type KeyAction =
  'update' | 'rotate' | 'complete' | 'suspend' | 'resume' | 'transfer' | 'revoke' | 'approve' | 'reject';

/**
 * The effect of an action on a key of some status. `ONCE_SUSPENDED` and `UNLESS_SUSPENDED` run or do nothing, depending on
 * whether the key is suspended: a status such as EXPIRED hides this. `REPEATED` does nothing for a key that was approved before.
 */
type Cell = 'DONE' | 'NOTHING' | 'CONFLICT' | 'ONCE_SUSPENDED' | 'UNLESS_SUSPENDED' | 'REPEATED';
export type ActionEffect = 'DONE' | 'NOTHING' | 'CONFLICT';

/** The members of a key that decide. */
interface StatefulKey {
  status: ApiKeyStatus;
  suspendedAt: Date | null;
  approvedAt: Date | null;
}

/** All actions that a key allows, by its status. The public contract has the same table. */
const KEY_STATES: Record<KeyAction, Record<ApiKeyStatus, Cell>> = {
  update: row('DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'CONFLICT'),
  rotate: row('DONE', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT'),
  complete: row('DONE', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT'),
  suspend: row('DONE', 'DONE', 'NOTHING', 'DONE', 'UNLESS_SUSPENDED', 'CONFLICT'),
  resume: row('NOTHING', 'NOTHING', 'DONE', 'ONCE_SUSPENDED', 'ONCE_SUSPENDED', 'CONFLICT'),
  transfer: row('DONE', 'CONFLICT', 'DONE', 'DONE', 'CONFLICT', 'CONFLICT'),
  revoke: row('DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'NOTHING'),
  approve: row('REPEATED', 'DONE', 'REPEATED', 'REPEATED', 'CONFLICT', 'CONFLICT'),
  reject: row('CONFLICT', 'DONE', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT'),
};

/** One line of the table. POLICY_BLOCKED has the line of ACTIVE, TENANT_SUSPENDED the line of OWNER_INACTIVE. */
function row(
  active: Cell,
  pending: Cell,
  suspended: Cell,
  ownerInactive: Cell,
  expired: Cell,
  revoked: Cell,
): Record<ApiKeyStatus, Cell> {
  return {
    ACTIVE: active,
    POLICY_BLOCKED: active,
    PENDING: pending,
    SUSPENDED: suspended,
    OWNER_INACTIVE: ownerInactive,
    TENANT_SUSPENDED: ownerInactive,
    EXPIRED: expired,
    REVOKED: revoked,
  };
}

/** The effect of `action` for this key now. */
export function effectOf(action: KeyAction, key: StatefulKey): ActionEffect {
  const cell = KEY_STATES[action][key.status];
  if (cell === 'ONCE_SUSPENDED') return key.suspendedAt ? 'DONE' : 'NOTHING';
  if (cell === 'UNLESS_SUSPENDED') return key.suspendedAt ? 'NOTHING' : 'DONE';
  if (cell === 'REPEATED') return key.approvedAt ? 'NOTHING' : 'CONFLICT';
  return cell;
}
