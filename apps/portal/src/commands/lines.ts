const LF = 0x0a;
/** A row of the largest values that are accepted has a tenth of this. */
const LONGEST_LINE = 1024 * 1024;
const TOO_LONG = { fault: `is longer than ${LONGEST_LINE} bytes` } as const;
const NOT_UTF8 = { fault: 'is not UTF-8' } as const;

export interface Line {
  /** Counts from 1. */
  number: number;
  text: string | { fault: string };
}

/**
 * The lines of a text in UTF-8. LF alone ends a line: the line separators of Unicode may stand in a JSON text. A line of other bytes
 * is no text, since a replacement character would make it another text.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    length += part.length;
    // What is too long is not kept.
    if (length <= LONGEST_LINE) parts.push(part);
    else parts = [];
  };
  const end = (): Line => {
    const text = length > LONGEST_LINE ? TOO_LONG : textOf(Buffer.concat(parts));
    [parts, length] = [[], 0];
    return { number: number++, text };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, start)) {
      take(chunk.subarray(start, at));
      yield end();
      start = at + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield end();
}

function textOf(bytes: Buffer): Line['text'] {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return NOT_UTF8;
  }
}
