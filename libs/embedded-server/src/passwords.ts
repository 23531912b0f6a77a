import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { EmbeddedServerError } from './embedded-server.error.js';

/**
 * Reads the password that a cluster was made with.
 *
 * @throws {EmbeddedServerError} if the file is gone: the cluster knows only a hash of the password
 */
export async function readPassword(file: string, dataDirectory: string): Promise<string> {
  const password = await readIfThere(file);
  if (password !== undefined) return password;
  throw new EmbeddedServerError(
    `${file} is missing, without which nobody can enter ${dataDirectory}: put it back, or remove that folder too.`,
  );
}

/** Reads the password in the file, or makes one of 24 random bytes, in base64url: no character needs escaping in a URL. */
export async function makePassword(file: string): Promise<string> {
  const existing = await readIfThere(file);
  if (existing !== undefined) return existing;
  const password = randomBytes(24).toString('base64url');
  await writeFile(`${file}.new`, `${password}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return password;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
