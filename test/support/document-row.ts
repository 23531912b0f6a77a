/** The expected outcome of a row of a bad or odd document. */
export type DocumentOutcome =
  | { ok: true }
  /** 400 without data, unless it is about a field; several codes where the size of the stack decides which limit is met first. */
  | { codes: readonly string[]; reason?: string; status?: 200 };

export interface DocumentRow {
  id: string;
  what: string;
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  outcome: DocumentOutcome;
}

export const ok: DocumentOutcome = { ok: true };
export const refused = (code: string): DocumentOutcome => ({ codes: [code] });
export const unparsed = refused('GRAPHQL_PARSE_FAILED');
export const invalid = refused('GRAPHQL_VALIDATION_FAILED');
export const unresolved = refused('OPERATION_RESOLUTION_FAILURE');
export const uncoerced = refused('BAD_USER_INPUT');
export const complex = (reason: string): DocumentOutcome => ({ codes: ['QUERY_TOO_COMPLEX'], reason });

export const row = (
  id: string,
  what: string,
  query: string,
  outcome: DocumentOutcome,
  more: Partial<DocumentRow> = {},
) => {
  return { id, what, query, outcome, ...more };
};
export const all = (id: string, outcome: DocumentOutcome, rows: Record<string, string>): DocumentRow[] =>
  Object.entries(rows).map(([what, query]) => row(id, what, query, outcome));
export const VIEWER = 'viewer { kind }';
export const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
