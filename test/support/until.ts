import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until `condition` holds. @throws {Error} after `withinMs`, naming `what` */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}.`);
    await wait(2);
  }
}
