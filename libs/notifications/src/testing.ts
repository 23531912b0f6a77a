/** For tests of other rooms only: how deliveries are signed. */
export { mintSecret, signaturesOf } from './webhooks/webhook-secret.format.js';
