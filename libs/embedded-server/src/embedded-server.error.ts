/** Why the embedded server cannot be had. The message is for people and says all there is to say. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
