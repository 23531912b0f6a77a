/** The facts that decide which secrets open a key. Numbers grow with every rotation. */
export interface Secrets {
  readonly secretNumber: number;
  readonly previousSecretNumber: number | null;
  readonly previousExpiresAt: Date | null;
  readonly newFirstUsedAt: Date | null;
}

/**
 * `CURRENT`: the newest secret. `PREVIOUS`: an older secret that still opens the key. `ENDED`: a secret that no longer opens the
 * key.
 */
export type SecretState = 'CURRENT' | 'PREVIOUS' | 'ENDED';

/** True if two secrets open the key at `now`. */
export function isRotating({ previousExpiresAt }: Secrets, now: Date): boolean {
  return previousExpiresAt !== null && previousExpiresAt > now;
}

/** True if the newest secret has been used, or if the old secret no longer works. */
export function isSettled(key: Secrets, now: Date): boolean {
  return !isRotating(key, now) || key.newFirstUsedAt !== null;
}

export function stateOfSecret(key: Secrets, number: number, now: Date): SecretState {
  if (number === key.secretNumber) return 'CURRENT';
  return number === key.previousSecretNumber && isRotating(key, now) ? 'PREVIOUS' : 'ENDED';
}
