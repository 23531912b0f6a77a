import type { NotificationKind } from '../generated/graphql.js';

/** What an endpoint can be sent, in the order in which it happens to a key. */
export const KIND_NAMES: Readonly<Record<NotificationKind, string>> = {
  API_KEY_APPROVAL_REQUESTED: 'Approval requested',
  API_KEY_APPROVED: 'Approved',
  API_KEY_REJECTED: 'Rejected',
  API_KEY_CREATED: 'Made',
  API_KEY_UPDATED: 'Changed',
  API_KEY_ROTATED: 'Rotated',
  API_KEY_ROTATION_ADOPTED: 'New secret first used',
  API_KEY_ROTATION_COMPLETED: 'Overlap ended',
  API_KEY_SUSPENDED: 'Suspended',
  API_KEY_RESUMED: 'Resumed',
  API_KEY_REVOKED: 'Revoked',
  API_KEY_TRANSFERRED: 'Transferred',
  API_KEY_EXPIRING: 'Expires soon',
  API_KEY_EXPIRED: 'Expired',
  API_KEY_USED_AFTER_REVOCATION: 'Used after revocation',
  API_KEY_LEAK_REPORTED: 'Leak reported',
  API_KEY_POLICY_CHANGED: 'Policy changed',
};

/** What an endpoint is sent, in words. No kind is every kind. */
export const namesOf = (kinds: readonly NotificationKind[]): string =>
  kinds.length === 0 ? 'Everything' : kinds.map((kind) => KIND_NAMES[kind]).join(', ');

/** In the order of the form. */
export const KINDS = Object.keys(KIND_NAMES) as NotificationKind[];

/** As a delivery names it: `api_key.rotated`. */
export const typeOf = (kind: NotificationKind): string => kind.toLowerCase().replace('api_key_', 'api_key.');
