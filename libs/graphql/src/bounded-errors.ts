import type { GraphQLFormattedError } from 'graphql';
import { LIMITS } from '#kernel';

const { count, locations: places, messageBytes, bytes } = LIMITS.errors;

/** Shortens an error: its message may quote a long request, and it has a location for each node concerned. */
export function boundedError<Shown extends GraphQLFormattedError>(error: Shown): Shown {
  return {
    ...error,
    message: cut(error.message),
    ...(error.locations && { locations: error.locations.slice(0, places) }),
  };
}

/** As many errors as fit into one answer, and at least one. The last error gives the number of the errors left out. */
export function boundedErrors(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  let size = 0;
  const firstHidden = errors.findIndex((error, index) => {
    size += Buffer.byteLength(JSON.stringify(error));
    return index >= count || (index > 0 && size > bytes);
  });
  if (firstHidden === -1) return errors;
  const code = errors[firstHidden]?.extensions?.['code'];
  const shown = errors.slice(0, firstHidden);
  return [...shown, { message: `And ${errors.length - firstHidden} more errors.`, extensions: { code } }];
}

function cut(message: string): string {
  const encoded = Buffer.from(message);
  if (encoded.length <= messageBytes) return message;
  // Decoded as a stream, which drops half a character at the end.
  return `${new TextDecoder().decode(encoded.subarray(0, messageBytes - 3), { stream: true })}…`;
}
