import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import type { WalPosition } from './wal-position.js';

/** The bytes that a token begins with, before it is enciphered. */
const MARK = 'LKCT';
const TOKEN = /^[\w-]{22}$/;
const CIPHER = 'aes-128-ecb';
/** More tokens in one header are not read. */
const MOST_TOKENS = 16;

/**
 * A position as clients see it: one enciphered block. The growth of the log is the sum of all tenants' changes, and no tenant should
 * read it off. Its key comes from the identifier of the database's system, which every instance knows and no client does. A forged
 * token does no more than choose the server that reads.
 */
export function tokenOf({ timeline, lsn }: WalPosition, system: string): string {
  const block = Buffer.alloc(16);
  block.write(MARK);
  block.writeUInt32BE(timeline, 4);
  block.writeBigUInt64BE(lsn, 8);
  return createCipheriv(CIPHER, keyOf(system), null).setAutoPadding(false).update(block).toString('base64url');
}

/** Undefined for a text that is no token of this system. */
export function readToken(token: string, system: string): WalPosition | undefined {
  if (!TOKEN.test(token)) return undefined;
  const block = createDecipheriv(CIPHER, keyOf(system), null)
    .setAutoPadding(false)
    .update(Buffer.from(token, 'base64url'));
  if (block.toString('latin1', 0, 4) !== MARK) return undefined;
  return { timeline: block.readUInt32BE(4), lsn: block.readBigUInt64BE(8) };
}

/** The tokens of a header: one, or several separated by commas. Undefined where they are too many. */
export function tokensIn(header: string): string[] | undefined {
  const tokens = header.split(',', MOST_TOKENS + 1).map((token) => token.trim());
  return tokens.length > MOST_TOKENS ? undefined : tokens.filter((token) => token !== '');
}

const keyOf = (system: string): Buffer =>
  hash('sha256', `latchkey consistency token ${system}`, 'buffer').subarray(0, 16);
