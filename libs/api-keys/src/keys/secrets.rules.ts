/** What tells which secrets open a key. Numbers grow with every rotation. */
export interface Secrets {
  readonly secretNumber: number;
  readonly previousSecretNumber: number | null;
  readonly previousExpiresAt: Date | null;
  readonly newFirstUsedAt: Date | null;
}

/** `CURRENT`: the newest. `PREVIOUS`: an older one that still opens the key. `ENDED`: it opens nothing any more. */
export type SecretState = 'CURRENT' | 'PREVIOUS' | 'ENDED';

/** Do two secrets open the key at `now`? */
export function isRotating({ previousExpiresAt }: Secrets, now: Date): boolean {
  return previousExpiresAt !== null && previousExpiresAt > now;
}

/** Has the newest secret been used, or is there nobody left who could still need the one before? */
export function isSettled(key: Secrets, now: Date): boolean {
  return !isRotating(key, now) || key.newFirstUsedAt !== null;
}

export function stateOfSecret(key: Secrets, number: number, now: Date): SecretState {
  if (number === key.secretNumber) return 'CURRENT';
  return number === key.previousSecretNumber && isRotating(key, now) ? 'PREVIOUS' : 'ENDED';
}
