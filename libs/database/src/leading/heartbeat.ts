import { createHmac, hash } from 'node:crypto';

/** Channel of the heartbeats of all instances. */
export const HEARTBEAT_CHANNEL = 'latchkey_heartbeats';

/** What signs the heartbeats of one instance. */
export interface HeartbeatSigner {
  /** The instance. */
  readonly sender: string;
  readonly secret: string;
}

/** A NOTIFY of one instance, which proves something to all. */
export interface Heartbeat {
  readonly sender: string;
  /** The end of the server's log of changes when the heartbeat was sent, or a little earlier. */
  readonly position: bigint;
}

/** Sender, position and signature. Positions have digits only, so nothing can be appended to what was signed. */
const HEARTBEAT = /^([0-9a-f]{16}) (\d{1,20}) ([0-9a-f]{64})$/;

/** Where a connection leads to: one database on one running server. */
export const placeOf = (startedAt: string, database: string): string => `${startedAt} ${database}`;

/** The secret of heartbeats at one place. Servers that are copies of each other share the key, and not this secret. */
export const heartbeatSecret = (key: string, place: string): string =>
  createHmac('sha256', key).update(place).digest('hex');

/**
 * SQL that sends a heartbeat. PostgreSQL reports the process that has sent a notification, and the signature names this process too:
 * a login that listens and sends the same text again has another process.
 * @param names of the parameters `sender` and `secret`, and of the column with the position
 */
export const heartbeatSql = ({ sender, secret, position }: Record<'sender' | 'secret' | 'position', string>): string =>
  `pg_catalog.pg_notify('${HEARTBEAT_CHANNEL}', pg_catalog.concat_ws(' ', ${sender}, ${position}, pg_catalog.encode(
    pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(' ', ${secret}, pg_catalog.pg_backend_pid(), ${sender}, ${position}), 'UTF8')),
    'hex')))`;

/**
 * Undefined for a text that no instance has signed for this place and this process. Any login of the database may send such texts.
 * @param processId the process that has sent the notification, as the server reports it
 */
export function readHeartbeat(text: string, processId: number, secret: string): Heartbeat | undefined {
  const [, sender, position, signature] = HEARTBEAT.exec(text) ?? [];
  if (sender === undefined || position === undefined) return undefined;
  const signed = hash('sha256', [secret, processId, sender, position].join(' '));
  return signature === signed ? { sender, position: BigInt(position) } : undefined;
}
