import { InvalidInput, type Problem } from './invalid-input.js';

/**
 * Reports the problems of an input by the names of a command's options: `expiresAt` is `--expires-at`.
 * @param names the option names that differ from the members' names
 */
export async function namingOptions<Result>(
  work: () => Promise<Result>,
  names: Readonly<Record<string, string>> = {},
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.problems.map((problem) => named(problem, names)));
  }
}

function named(problem: Problem, names: Readonly<Record<string, string>>): Problem {
  const [member, ...rest] = problem.path.map(String);
  const option = names[member ?? ''] ?? `--${kebab(member ?? '')}`;
  const { suggestions = [] } = problem;
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return { ...problem, path: [option, ...rest], message: problem.message + hint };
}

const kebab = (member: string) => member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
