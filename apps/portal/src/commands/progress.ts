/** Without a terminal, progress goes to a log, which needs a line now and then and not one per batch. */
const LINE_EVERY = 100_000;

export interface Progress {
  /** @param count everything done so far */
  tell(count: number): void;
  end(): void;
}

/** Reports the progress of long work: on a terminal by rewriting one line, otherwise by a line for each 100,000. */
export function progressOf(what: string, stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): Progress {
  let told = 0;
  return {
    tell(count) {
      if (stream.isTTY) stream.write(`\r${count} ${what}`);
      else if (count - told >= LINE_EVERY) stream.write(`${count} ${what}\n`);
      else return;
      told = count;
    },
    end() {
      if (stream.isTTY && told > 0) stream.write('\n');
    },
  };
}
