import { InvalidInput, LIMITS } from '#kernel';

const shown = new WeakMap<object, number>();

/**
 * Counts a content each time the answer to `request` shows it: a content that is read once may be shown many times.
 * @throws {InvalidInput} LIMIT_REACHED: with this content the answer would be too large to hold in memory
 */
export function countShown(request: object, bytes: number): void {
  const sum = (shown.get(request) ?? 0) + bytes;
  shown.set(request, sum);
  if (sum <= LIMITS.configContentBytes) return;
  const message = `Contents of at most ${LIMITS.configContentBytes} bytes can be shown together: ask for fewer.`;
  throw new InvalidInput([{ path: ['first'], code: 'LIMIT_REACHED', message }]);
}
