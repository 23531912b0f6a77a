import { hash } from 'node:crypto';
import { type Input, LIMITS } from '#kernel';

/** A configuration that can be stored exactly as it came. */
export interface ConfigContent {
  content: string;
  /** SHA-256 of `content` in UTF-8, 64 lower-case hex characters. */
  sha256: string;
  /** Bytes of `content` in UTF-8. */
  sizeBytes: number;
}

/** A configuration as it came. Nothing is trimmed or normalised: a backup is stored byte for byte. */
export function readContent(input: Input<string>): ConfigContent {
  const content = input.value;
  const sizeBytes = Buffer.byteLength(content);
  const max = LIMITS.configBackupBytes;
  if (sizeBytes === 0) input.refuse('TOO_SHORT', 'is empty.');
  if (sizeBytes > max) input.refuse('TOO_LONG', `may have at most ${max} bytes in UTF-8, has ${sizeBytes}.`);
  if (!content.isWellFormed()) input.refuse('MALFORMED', 'holds half of a surrogate pair.');
  else if (content.includes('\0')) input.refuse('MALFORMED', 'holds a NUL.');
  return { content, sha256: hash('sha256', content, 'hex'), sizeBytes };
}
