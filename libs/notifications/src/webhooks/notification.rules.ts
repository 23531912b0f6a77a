import type { JsonObject } from '#kernel';
import type { NotificationKind } from '../words.js';

/** The kind on the wire: `API_KEY_ROTATED` is `api_key.rotated`. The triggers of the migrations spell kinds the same way. */
export const wireKind = (kind: NotificationKind): string => kind.toLowerCase().replace('api_key_', 'api_key.');

/** The body of a delivery that an administrator asks for, to try an endpoint. */
export function testPayload(kind: NotificationKind, tenantId: string, at: Date): JsonObject {
  return { type: wireKind(kind), timestamp: at.toISOString(), data: { tenantId, test: true } };
}
