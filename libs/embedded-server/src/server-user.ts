import { EmbeddedServerError } from './embedded-server.error.js';
import { runProgram, succeeds } from './run-program.js';
import type { ProgramUser } from './run-program.js';

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Chooses the user for PostgreSQL when this process runs as root: `postgres`, made if absent, or else `nobody`. */
export async function chooseServerUser(announce: (line: string) => void): Promise<ProgramUser> {
  const existing = await findUser('postgres');
  if (existing) return existing;
  if (
    await succeeds('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'])
  ) {
    announce('PostgreSQL refuses to run as root: the user "postgres" was made for it.');
    return findUser('postgres');
  }
  const nobody = await findUser('nobody');
  if (nobody) return nobody;
  throw new EmbeddedServerError(
    'PostgreSQL refuses to run as root, and this machine has no user for it: make one named "postgres".',
  );
}

/** True if the user may enter the folder and every folder above it. */
export async function canEnter(folder: string, user: ProgramUser): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'test -x "$0"', folder], user);
}

async function findUser(name: string): Promise<ProgramUser> {
  try {
    const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])]);
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}
