import { AppError } from './app-error.js';
import { LIMITS } from './limits.js';

export type ProblemCode =
  | 'REQUIRED'
  | 'TOO_LONG'
  | 'TOO_SHORT'
  | 'TOO_MANY'
  | 'OUT_OF_RANGE'
  | 'MALFORMED'
  | 'DUPLICATE'
  | 'UNKNOWN_SCOPE'
  | 'SCOPE_NOT_GRANTABLE'
  | 'POLICY_VIOLATION'
  | 'NOT_IN_FUTURE'
  | 'INVALID_CURSOR'
  | 'LIMIT_REACHED';

export type ProblemPath = readonly (string | number)[];

/** One problem of an input. `path` leads from the field's arguments to the value, such as `['input', 'scopes', 1]`. */
export interface Problem {
  path: ProblemPath;
  code: ProblemCode;
  message: string;
  suggestions?: readonly string[];
  rule?: string;
}

/**
 * Input that fits the schema but breaks a rule of ours. Lists all problems, not only the first, as far as one answer has room.
 */
export class InvalidInput extends AppError {
  readonly code = 'BAD_USER_INPUT';
  readonly problems: readonly Problem[];

  /** @param found the number of all problems, where `problems` holds only the first of them */
  constructor(problems: readonly Problem[], found = problems.length) {
    const shown = fitting(problems.slice(0, LIMITS.problems.count).map(shortened));
    if (shown.length < found)
      shown.push({ path: [], code: 'TOO_MANY', message: `And ${found - shown.length} more problems.` });
    const sentences = shown.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
    super(sentences.join(' ').slice(0, LIMITS.problems.textLength));
    this.problems = shown;
  }

  override details(): Record<string, unknown> {
    return { problems: this.problems };
  }
}

/** A value that a client sent, as the rules of this room see it. `Input` is the only implementation. */
export interface Refusable<Value> {
  readonly value: Value;
  refuse(code: ProblemCode, message: string): void;
  /** The place that `path` leads to from here. */
  below(path: ProblemPath): Refusable<unknown>;
}

/** Collects problems while an input is read, so that a client sees all problems at once. */
export class Problems {
  /** The first problems, as many as an answer lists. */
  private readonly found: Problem[] = [];
  /** The paths of all problems. */
  private readonly paths = new Set<string>();
  private count = 0;

  /** Another list that begins with the problems found so far. */
  copy(): Problems {
    const copy = new Problems();
    copy.found.push(...this.found);
    for (const path of this.paths) copy.paths.add(path);
    copy.count = this.count;
    return copy;
  }

  add(
    path: ProblemPath,
    code: ProblemCode,
    message: string,
    members: Pick<Problem, 'suggestions' | 'rule'> = {},
  ): void {
    this.count++;
    this.paths.add(path.join('.'));
    if (this.found.length < LIMITS.problems.count) this.found.push({ path, code, message, ...members });
  }

  /** True if exactly this value has a problem. */
  hasAt(path: ProblemPath): boolean {
    return this.paths.has(path.join('.'));
  }

  get any(): boolean {
    return this.count > 0;
  }

  /** @throws {InvalidInput} if any problem was added. */
  throwIfAny(): void {
    if (this.any) throw new InvalidInput(this.found, this.count);
  }
}

/** Shortens a path or a message: either may hold text that a client sent, of any length. */
function shortened(problem: Problem): Problem {
  const { textLength } = LIMITS.problems;
  const path = problem.path.map((step) => (typeof step === 'string' ? step.slice(0, textLength) : step));
  return { ...problem, path, message: problem.message.slice(0, textLength) };
}

/** As many problems as fit into an answer, and at least one. */
function fitting(problems: readonly Problem[]): Problem[] {
  let size = 0;
  return problems.filter((problem, index) => {
    size += JSON.stringify(problem).length;
    return index === 0 || size <= LIMITS.problems.length;
  });
}
