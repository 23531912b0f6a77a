import type { IncomingMessage } from 'node:http';

const NO_VALUES: readonly string[] = [];

/**
 * Every value of a header. Where a header comes several times, Node silently keeps the first value. `headersDistinct` has all
 * values, but parses all headers to get them.
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
