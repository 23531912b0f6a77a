/**
 * Errors that an answer shows with their code, and `Input`, which reports every problem of an input at once. `OperatorError`: its message
 * says all that an operator needs, as those of a start that is stopped do.
 */
export { Forbidden, Unauthenticated } from '#access';
export type { UnauthenticatedReason } from '#access';
export {
  AppError,
  Conflict,
  Input,
  InvalidInput,
  NotFound,
  OperatorError,
  RateLimited,
  ServiceUnavailable,
} from '#kernel';
export type { Problem } from '#kernel';
