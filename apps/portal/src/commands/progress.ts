/** Without a terminal, progress goes to a log, which needs a line now and then and not one per batch. */
const LINE_EVERY = 100_000;

export interface Progress {
  /** @param count everything done so far */
  report(count: number): void;
  end(): void;
}

/** Reports the progress of long work: on a terminal by rewriting one line, otherwise by a line for each 100,000. */
export function progressOf(what: string, stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): Progress {
  let reported = 0;
  return {
    report(count) {
      if (stream.isTTY) stream.write(`\r${count} ${what}`);
      else if (count - reported >= LINE_EVERY) stream.write(`${count} ${what}\n`);
      else return;
      reported = count;
    },
    end() {
      if (stream.isTTY && reported > 0) stream.write('\n');
    },
  };
}
