import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret: `whsec_` and 32 random bytes in base64. */
export const mintSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/**
 * The header `webhook-signature` of Standard Webhooks 1.0.0: one signature for each secret.
 * @param timestamp of the attempt, in seconds
 */
export function signaturesOf(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
