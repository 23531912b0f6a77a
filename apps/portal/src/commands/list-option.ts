import { InvalidArgumentError, Option } from 'commander';

/** An option with several values. People join them by commas, which are part of no value: the error says what to do instead. */
export function listOption(flags: string, description: string, choices?: readonly string[]): Option {
  const option = new Option(flags, description);
  if (choices) option.choices(choices);
  const { parseArg: chosen } = option;
  return option.argParser<string[] | undefined>((value, previous) => {
    if (value.includes(',')) throw new InvalidArgumentError('Separate the values by spaces, not by commas.');
    return chosen ? chosen(value, previous) : [...(previous ?? []), value];
  });
}
