/** Errors that an answer shows with their code, and `Input`, which reports every problem of an input at once. */
export { Forbidden, Unauthenticated } from '#access';
export type { UnauthenticatedReason } from '#access';
export { AppError, Conflict, Input, InvalidInput, NotFound, RateLimited, ServiceUnavailable } from '#kernel';
export type { Problem } from '#kernel';
