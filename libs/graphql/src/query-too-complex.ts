import { AppError } from '#kernel';

/** The measures of an operation that have a limit. */
export type QueryLimit =
  'TOKENS' | 'DEPTH' | 'ALIASES' | 'ROOT_FIELDS' | 'DIRECTIVES' | 'COST' | 'NAME_LENGTH' | 'FIELDS';

const MEASURED: Record<QueryLimit, string> = {
  TOKENS: 'tokens in the document',
  DEPTH: 'levels of fields or of fragments',
  ALIASES: 'aliases',
  ROOT_FIELDS: 'root fields',
  DIRECTIVES: 'directives',
  COST: 'list items in the answer',
  NAME_LENGTH: 'characters in an alias or in the name of the operation',
  FIELDS: 'fields in the answer',
};

/** The operation is larger than any caller may send. Nothing of it ran. */
export class QueryTooComplex extends AppError {
  readonly code = 'QUERY_TOO_COMPLEX';
  override readonly httpStatus = 400;

  /** @param actual a lower bound: counting stops soon after the limit */
  constructor(
    readonly reason: QueryLimit,
    readonly limit: number,
    readonly actual: number,
  ) {
    super(`The operation has more than ${limit} ${MEASURED[reason]}.`);
  }

  override details(): Record<string, unknown> {
    return { reason: this.reason, limit: this.limit, actual: this.actual };
  }
}
