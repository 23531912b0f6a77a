/** For tests of other rooms only: how deliveries are signed, and how they are claimed. */
export { claimDue } from './webhooks/delivery-claims.sql.js';
export { mintSecret, signaturesOf } from './webhooks/webhook-secret.format.js';
