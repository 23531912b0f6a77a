import type { ApiKeyStatus } from '../words.js';

/** The actions on a key. */
export type KeyAction = 'update' | 'rotate' | 'complete' | 'suspend' | 'resume' | 'transfer' | 'revoke';

/**
 * The effect of an action on a key of some status. `ONCE_SUSPENDED` and `UNLESS_SUSPENDED` run or do nothing, depending on
 * whether the key is suspended: a status such as EXPIRED hides this.
 */
type Cell = 'DONE' | 'NOTHING' | 'CONFLICT' | 'ONCE_SUSPENDED' | 'UNLESS_SUSPENDED';
export type ActionEffect = 'DONE' | 'NOTHING' | 'CONFLICT';

/** All actions that a key allows, by its status. The public contract has the same table. */
const KEY_STATES: Record<KeyAction, Record<ApiKeyStatus, Cell>> = {
  update: row('DONE', 'DONE', 'DONE', 'DONE', 'CONFLICT'),
  rotate: row('DONE', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT'),
  complete: row('DONE', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT'),
  suspend: row('DONE', 'NOTHING', 'DONE', 'UNLESS_SUSPENDED', 'CONFLICT'),
  resume: row('NOTHING', 'DONE', 'ONCE_SUSPENDED', 'ONCE_SUSPENDED', 'CONFLICT'),
  transfer: row('DONE', 'DONE', 'DONE', 'CONFLICT', 'CONFLICT'),
  revoke: row('DONE', 'DONE', 'DONE', 'DONE', 'NOTHING'),
};

/** One line of the table. POLICY_BLOCKED has the line of ACTIVE, TENANT_SUSPENDED the line of OWNER_INACTIVE. */
function row(
  active: Cell,
  suspended: Cell,
  ownerInactive: Cell,
  expired: Cell,
  revoked: Cell,
): Record<ApiKeyStatus, Cell> {
  return {
    ACTIVE: active,
    POLICY_BLOCKED: active,
    SUSPENDED: suspended,
    OWNER_INACTIVE: ownerInactive,
    TENANT_SUSPENDED: ownerInactive,
    EXPIRED: expired,
    REVOKED: revoked,
  };
}

/** The effect of `action` for this key now. */
export function effectOf(action: KeyAction, key: { status: ApiKeyStatus; suspendedAt: Date | null }): ActionEffect {
  const cell = KEY_STATES[action][key.status];
  if (cell === 'ONCE_SUSPENDED') return key.suspendedAt ? 'DONE' : 'NOTHING';
  if (cell === 'UNLESS_SUSPENDED') return key.suspendedAt ? 'NOTHING' : 'DONE';
  return cell;
}
