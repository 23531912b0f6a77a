/** What webhooks report, by the names of the API. On the wire `API_KEY_ROTATED` is `api_key.rotated`. */
export const NOTIFICATION_KINDS = [
  'API_KEY_CREATED',
  'API_KEY_UPDATED',
  'API_KEY_ROTATED',
  'API_KEY_ROTATION_ADOPTED',
  'API_KEY_ROTATION_COMPLETED',
  'API_KEY_SUSPENDED',
  'API_KEY_RESUMED',
  'API_KEY_REVOKED',
  'API_KEY_TRANSFERRED',
  'API_KEY_LEAK_REPORTED',
  'API_KEY_POLICY_CHANGED',
  'API_KEY_APPROVAL_REQUESTED',
  'API_KEY_APPROVED',
  'API_KEY_REJECTED',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];
