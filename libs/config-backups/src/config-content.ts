import { hash } from 'node:crypto';
import { LIMITS, type ProblemPath, type Problems } from '#kernel';

/** A configuration that can be kept exactly as it came. */
export interface ConfigContent {
  content: string;
  /** Of `content` in UTF-8, 64 lower-case hex characters. */
  sha256: string;
  /** Of `content` in UTF-8. */
  sizeBytes: number;
}

/** Adds every problem of `content`. Nothing is trimmed or put in another form: a backup is kept byte for byte. */
export function readContent(content: string, path: ProblemPath, problems: Problems): ConfigContent {
  const sizeBytes = Buffer.byteLength(content);
  const max = LIMITS.configBackupBytes;
  if (sizeBytes === 0) problems.add(path, 'TOO_SHORT', 'is empty.');
  if (sizeBytes > max) problems.add(path, 'TOO_LONG', `may have at most ${max} bytes in UTF-8, has ${sizeBytes}.`);
  if (!content.isWellFormed()) problems.add(path, 'MALFORMED', 'holds half of a surrogate pair.');
  else if (content.includes('\0')) problems.add(path, 'MALFORMED', 'holds a NUL.');
  return { content, sha256: hash('sha256', content, 'hex'), sizeBytes };
}
