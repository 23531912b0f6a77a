import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Unauthenticated } from '#access';
import { ApiKeyFormat } from '#api-keys';
import { trusted, verifierOf } from '../support/portal.js';
import { storedKey } from '../support/stored-keys.js';
import type { Way } from './way.js';
import { CLIENT, clientOf } from '../support/clients.js';

/** Kept ready: making a key takes longer than verifying it. */
const READY = 10_000;
/** No stored key has a number from here on. */
const UNKNOWN_FROM = 1_000_000_000;

/**
 * The verifier, asked for what it knows and for what it does not.
 * @param remembering with a cache that holds every stored key
 * @param asking without a cache
 */
export async function ours(
  remembering: NestFastifyApplication,
  asking: NestFastifyApplication,
  stored: number,
): Promise<Way[]> {
  const [cached, uncached] = [verifierOf(remembering), verifierOf(asking)];
  const known = Array.from({ length: Math.min(READY, stored) }, (_, n) =>
    storedKey(1 + n * Math.floor(stored / Math.min(READY, stored))),
  );
  requireWellFormed(remembering, known);
  for (let from = 0; from < known.length; from += 64)
    await Promise.all(known.slice(from, from + 64).map((key) => cached.verify(key, CLIENT)));
  const malformed = known.map((key) => `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`);
  let stranger = UNKNOWN_FROM;
  const [next, nextAsked, nextMalformed] = [inTurn(known), inTurn(known), inTurn(malformed)];
  return [
    {
      name: 'ours, remembered',
      work: () => cached.verify(next(), CLIENT),
      inFlight: [1, 64],
      isPlain: true,
      ready: (forMs) => trusted(remembering, forMs),
    },
    { name: 'ours, uncached', work: () => uncached.verify(nextAsked(), CLIENT), inFlight: [1, 64] },
    {
      name: 'ours, unknown key',
      work: () => refused(() => cached.verify(storedKey(stranger++), clientOf(stranger))),
      inFlight: [1, 64],
    },
    {
      name: 'ours, malformed key',
      work: () => refused(() => cached.verify(nextMalformed(), CLIENT)),
      inFlight: [1],
      isPlain: true,
    },
  ];
}

function requireWellFormed(app: NestFastifyApplication, keys: readonly string[]): void {
  const format = app.get(ApiKeyFormat, { strict: false });
  if (!keys.every((key) => format.isWellFormed(key))) throw new Error('The stored keys are not of the right shape.');
}

function inTurn(keys: readonly string[]): () => string {
  let turn = 0;
  return () => keys[turn++ % keys.length] ?? '';
}

/** @throws {Error} when the key is let in */
function refused(verify: () => unknown): unknown {
  try {
    const verdict = verify();
    if (verdict instanceof Promise) return verdict.then(letIn, expectRefusal);
  } catch (error) {
    return expectRefusal(error);
  }
  return letIn();
}

function letIn(): never {
  throw new Error('A key was let in that is not good.');
}

function expectRefusal(error: unknown): void {
  if (!(error instanceof Unauthenticated)) throw error;
}
