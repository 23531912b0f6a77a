import { OperatorError, parseInstant } from '#kernel';

/** Something about the call is wrong, as the message says. */
export class WrongUsage extends OperatorError {}

/** The options of a call, by their names. */
export type Options = Readonly<Partial<Record<string, string | boolean>>>;

/** @throws {WrongUsage} for an option that the command does not take */
export function refuseOthers(command: string, options: Options, taken: readonly string[]): void {
  const other = Object.keys(options).find((name) => !taken.includes(name));
  if (other !== undefined) throw new WrongUsage(`"${command}" takes no --${other}.`);
}

export function textOf(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** @throws {WrongUsage} */
export function requiredText(options: Options, name: string): string {
  const value = textOf(options, name);
  if (!value) throw new WrongUsage(`--${name} is missing.`);
  return value;
}

/** @throws {WrongUsage} for a word that is none of `words` */
export function oneOf<Word extends string>(words: readonly Word[], options: Options, name: string, usual?: Word): Word {
  const value = textOf(options, name) ?? usual;
  const word = words.find((known) => known === value);
  if (word === undefined) throw new WrongUsage(`--${name} has to be one of ${words.join(', ')}.`);
  return word;
}

/** @throws {WrongUsage} */
export function instantOf(options: Options, name: string): Date | undefined {
  const value = textOf(options, name);
  if (value === undefined) return undefined;
  const instant = parseInstant(value);
  if (!instant) throw new WrongUsage(`--${name} has to be RFC 3339 with an offset, such as 2030-01-31T00:00:00Z.`);
  return instant;
}
