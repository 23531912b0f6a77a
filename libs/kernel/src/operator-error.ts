/**
 * A failure whose message says all that an operator needs: the command line prints the message alone. Every other failure is
 * printed with its stack.
 */
export class OperatorError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}
