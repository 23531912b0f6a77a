import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until `condition` holds. @throws {Error} after `withinMs`, naming `what` */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const begunAt = performance.now();
  while (!(await condition())) {
    const waited = performance.now() - begunAt;
    if (waited > withinMs) throw new Error(`Not within ${withinMs} ms: ${what}.`);
    // What takes long is asked for less often: the answers cost the other tests their time.
    await wait(Math.min(2 + waited / 20, 100));
  }
}
