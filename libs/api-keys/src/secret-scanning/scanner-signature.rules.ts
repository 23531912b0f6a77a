import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { BadKeySet } from '#kernel';

const CURVE = 'prime256v1';
/** Base64 of a DER signature, which has at most 72 bytes on our curve, and some more on others. */
const SIGNATURE = /^[0-9A-Za-z+/]{8,200}={0,2}$/;
/** More than any scanner has published. */
const MOST_KEYS = 100;

/** A scanner's public keys by their identifiers. Null: the scanner publishes a key there that we cannot use. */
export type ScannerKeys = ReadonlyMap<string, KeyObject | null>;

/** @throws {BadKeySet} */
export function readScannerKeys(json: unknown): ScannerKeys {
  const { public_keys: published } = (json ?? {}) as { public_keys?: unknown };
  if (!Array.isArray(published)) throw new BadKeySet('The scanner publishes no list of keys.');
  const keys = new Map<string, KeyObject | null>();
  for (const entry of published.slice(0, MOST_KEYS) as ({ key_identifier?: unknown; key?: unknown } | null)[])
    if (typeof entry?.key_identifier === 'string') keys.set(entry.key_identifier, usableKey(entry.key));
  if (keys.size === 0) throw new BadKeySet('The scanner publishes no keys.');
  return keys;
}

function usableKey(pem: unknown): KeyObject | null {
  if (typeof pem !== 'string') return null;
  try {
    const key = createPublicKey({ key: pem, format: 'pem' });
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === CURVE ? key : null;
  } catch {
    return null;
  }
}

export const isSignature = (text: string): boolean => SIGNATURE.test(text);

/** True if the holder of this key signed exactly these bytes: ECDSA on P-256 over their SHA-256. */
export function isSignedBy(key: KeyObject, body: Uint8Array, signature: string): boolean {
  return verify('sha256', body, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
}
