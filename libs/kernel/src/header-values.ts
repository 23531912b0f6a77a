import type { IncomingMessage } from 'node:http';

const NO_VALUES: readonly string[] = [];

/**
 * Every value of a header. Node keeps the first of several silently; `headersDistinct` tells of all, and reads all
 * headers for it.
 * @param name in lower case
 */
export function headerValues({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): readonly string[] {
  let values = NO_VALUES;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index];
    if (sent?.length === name.length && sent.toLowerCase() === name) values = [...values, rawHeaders[index + 1] ?? ''];
  }
  return values;
}
