import type { Command } from 'commander';
import { parseInstant } from '#kernel';

/** Reads the instant of an option such as `--expires-at`. Ends the command with wrong usage where the text is no instant. */
export function readInstant(command: Command, option: string, text: string | undefined): Date | undefined {
  const instant = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && !instant)
    command.error(`error: ${option} must be RFC 3339 with an offset, such as 2030-01-31T00:00:00Z`);
  return instant;
}
