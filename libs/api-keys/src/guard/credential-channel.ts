import { tracingChannel } from 'node:diagnostics_channel';

/** Publishes each verification of a request's credential, as it begins and ends. Costs nothing while nobody subscribes. */
export const credentialChannel = tracingChannel<unknown, object>('latchkey:credential');
