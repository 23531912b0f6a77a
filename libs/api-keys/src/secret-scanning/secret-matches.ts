import { isUtf8 } from 'node:buffer';
import { LIMITS } from '#kernel';
import { BadMatches, TooManyMatches } from './secret-scanning.errors.js';

/** One text that a scanner found and that has the shape of our keys. */
export interface SecretMatch {
  readonly token: string;
  /** The scanner's name of our pattern. */
  readonly type: string;
  readonly url: string | undefined;
  readonly source: string | undefined;
}

/**
 * The matches in the body of a genuine request. An entry without a token is left out, so that it does not cost the others.
 * @throws {BadMatches} for a body that is no list
 * @throws {TooManyMatches}
 */
export function readMatches(body: Buffer): SecretMatch[] {
  const list = parsed(body);
  if (!Array.isArray(list)) throw new BadMatches();
  if (list.length > LIMITS.secretScanning.matches) throw new TooManyMatches();
  return list.flatMap((entry: Record<string, unknown> | null) => {
    const [token, type, url, source] = ['token', 'type', 'url', 'source'].map((name) => textIn(entry?.[name]));
    return token === undefined ? [] : [{ token, type: type ?? '', url, source: source?.toLowerCase() }];
  });
}

function parsed(body: Buffer): unknown {
  if (!isUtf8(body)) throw new BadMatches();
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new BadMatches({ cause });
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
