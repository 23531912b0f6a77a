/** One error of an answer, as clients read it. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; reason?: string; [member: string]: unknown };
}

/** One thing that is wrong with an input. */
export interface Problem {
  path: (string | number)[];
  code: string;
  message: string;
  rule?: string;
  suggestions?: string[];
}

interface Body {
  data?: Record<string, unknown> | null;
  errors?: AnswerError[];
}

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** An answer that came back over HTTP. */
export class Answer {
  private parsed: Body | undefined;

  constructor(
    readonly status: number,
    readonly headers: Headers,
    /** The body, byte for byte. */
    readonly text: string,
  ) {}

  get body(): Body {
    return (this.parsed ??= JSON.parse(this.text) as Body);
  }

  get errors(): AnswerError[] {
    return this.body.errors ?? [];
  }

  /** Code of the first error, or of a problem document; undefined where there is none. */
  get code(): string | undefined {
    return this.errors[0]?.extensions.code ?? (this.body as { code?: string } | null)?.code;
  }

  get reason(): string | undefined {
    return this.errors[0]?.extensions.reason;
  }

  /** The problems of the input that its errors list; empty where there are none. */
  get problems(): Problem[] {
    return this.errors.flatMap(({ extensions }) => (extensions['problems'] ?? []) as Problem[]);
  }

  /** The path and the code of each problem, and the rule where the problem breaks a tenant's policy. */
  get problemCodes(): string[][] {
    return this.problems.map(({ path, code, rule }) => [path.join('.'), code, ...(rule === undefined ? [] : [rule])]);
  }

  /** `data`, of an answer that is expected to have no error. */
  get data(): Record<string, unknown> {
    if (this.errors.length > 0 || !this.body.data) throw new Error(`Expected data, got ${this.status} ${this.text}`);
    return this.body.data;
  }

  /** The value at a path of `data`, such as `createApiKey.apiKey.id`. */
  at<Value = Json>(path: string): Value {
    let value: unknown = this.data;
    for (const member of path.split('.')) value = (value as Record<string, unknown> | null)?.[member];
    return value as Value;
  }
}
