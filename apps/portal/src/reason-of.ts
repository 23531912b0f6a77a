/** Node's AggregateError (one error per address) has an empty message. */
export function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
}
