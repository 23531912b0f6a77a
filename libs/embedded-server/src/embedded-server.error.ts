import { OperatorError } from '#kernel';

/** The embedded server cannot be started. The message names the cause; an operator needs nothing else. */
export class EmbeddedServerError extends OperatorError {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
