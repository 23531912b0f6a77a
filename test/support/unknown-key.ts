import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A key of the right shape, with the right checksum, that nobody has. Made as the contract describes, not as the code does.
 * @param start of its random part
 * @param extra letters: two are routing letters, another number makes a key of a wrong length
 */
export function unknownKey(start = '', extra = 0): string {
  const letters = Array.from(randomBytes(43 + extra - start.length), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return withChecksum(`mktp_${start}${letters.join('')}`);
}

/** A key's prefix and random part, with the checksum that ends it. */
export function withChecksum(body: string): string {
  let rest = crc32(body);
  let checksum = '';
  while (checksum.length < 6) {
    checksum = ALPHABET.charAt(rest % ALPHABET.length) + checksum;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return body + checksum;
}
