/** Where there is no terminal, a log wants a line now and then and not one a batch. */
const LINE_EVERY = 100_000;

export interface Progress {
  /** @param count all that was done so far */
  tell(count: number): void;
  end(): void;
}

/** Tells how far long work is: over and over in one line of a terminal, else in a line for each 100,000. */
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
