import { InvalidInput, LIMITS } from '#kernel';

const shown = new WeakMap<object, number>();

/**
 * Counts a content that the answer to `request` shows, as often as it shows it: what is read once may go out many times.
 * @throws {InvalidInput} LIMIT_REACHED: with this one they are too much to be held in memory
 */
export function countShown(request: object, bytes: number): void {
  const sum = (shown.get(request) ?? 0) + bytes;
  shown.set(request, sum);
  if (sum <= LIMITS.configContentBytes) return;
  const message = `Contents of at most ${LIMITS.configContentBytes} bytes can be shown together: ask for fewer.`;
  throw new InvalidInput([{ path: ['first'], code: 'LIMIT_REACHED', message }]);
}
