import { setImmediate as turn } from 'node:timers/promises';

/** Bytes on the heap that something still holds. @throws {Error} unless Node.js was started with `--expose-gc` */
export async function heapBytes(): Promise<number> {
  const { gc } = globalThis;
  if (!gc) throw new Error('Start Node.js with --expose-gc.');
  // What ended in this turn of the event loop is let go of in the next one.
  for (let pass = 0; pass < 4; pass++) {
    await turn();
    await gc();
  }
  return process.memoryUsage().heapUsed;
}
