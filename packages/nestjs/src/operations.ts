/** For those who run the application: whether it is ready for requests, the metrics of the guard, and what can be traced. */
export { credentialChannel, GuardReadings } from '#api-keys';
export { Readiness, requireRoles, statementChannel } from '#database';
export type { Health, StatementMessage } from '#database';
export type { Reading, Sample } from '#kernel';
