import { tracingChannel } from 'node:diagnostics_channel';
import type { NotificationKind } from '../words.js';
import type { Attempted } from './delivery-attempts.rules.js';

/** An attempt of a delivery. Holds nothing of the endpoint. */
export interface AttemptMessage {
  /** The trace of the change that wrote the delivery; null where the change was not traced. */
  readonly traceparent: string | null;
  readonly kind: NotificationKind;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** Set once the attempt has ended. */
  result?: Attempted;
}

/** Publishes each attempt of a webhook delivery, as it begins and ends. Costs nothing while nobody subscribes. */
export const webhookAttemptChannel = tracingChannel<unknown, AttemptMessage>('latchkey:webhook-attempt');
