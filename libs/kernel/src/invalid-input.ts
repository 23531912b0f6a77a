import { AppError } from './app-error.js';

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

/** One thing wrong with an input. `path` leads from the field's arguments to it, such as `['input', 'scopes', 1]`. */
export interface Problem {
  path: ProblemPath;
  code: ProblemCode;
  message: string;
  suggestions?: readonly string[];
  rule?: string;
}

/** Input that the schema admits and we do not. Carries all problems found, not the first. */
export class InvalidInput extends AppError {
  readonly code = 'BAD_USER_INPUT';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join(' '));
  }

  override details(): Record<string, unknown> {
    return { problems: this.problems };
  }
}

/** Gathers problems while an input is read, so that a client learns of all of them at once. */
export class Problems {
  private readonly found: Problem[] = [];

  /** Another list, which begins with what was found so far. */
  copy(): Problems {
    const copy = new Problems();
    copy.found.push(...this.found);
    return copy;
  }

  add(
    path: ProblemPath,
    code: ProblemCode,
    message: string,
    members: Pick<Problem, 'suggestions' | 'rule'> = {},
  ): void {
    this.found.push({ path, code, message, ...members });
  }

  /** Is there a problem with exactly this member already? */
  hasAt(path: ProblemPath): boolean {
    const wanted = path.join('.');
    return this.found.some((problem) => problem.path.join('.') === wanted);
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  /** @throws {InvalidInput} when anything was added. */
  throwIfAny(): void {
    if (this.any) throw new InvalidInput(this.found);
  }
}
