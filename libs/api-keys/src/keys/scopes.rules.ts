import { LIMITS, type ProblemPath, type Problems } from '#kernel';

/** What a scope list is held against. */
export interface ScopeCeiling {
  isKnown(scope: string): boolean;
  suggestionsFor(scope: string): string[];
  /** May the caller, and the owner, do what this scope opens? */
  isGrantable(scope: string): boolean;
}

/** Adds every problem of a list of scopes to be granted. */
export function checkScopes(
  scopes: readonly string[],
  ceiling: ScopeCeiling,
  path: ProblemPath,
  problems: Problems,
): void {
  if (!checkScopeList(scopes, path, problems)) return;
  scopes.forEach((scope, index) => {
    const at = [...path, index];
    if (scopes.indexOf(scope) !== index) return;
    if (!ceiling.isKnown(scope))
      problems.add(at, 'UNKNOWN_SCOPE', 'is no scope.', { suggestions: ceiling.suggestionsFor(scope) });
    else if (!ceiling.isGrantable(scope))
      problems.add(at, 'SCOPE_NOT_GRANTABLE', "is not opened by the caller's and the owner's role.");
  });
}

/** Adds every problem that a list of scopes has by itself, whoever grants it. @returns false where it is too long */
export function checkScopeList(scopes: readonly string[], path: ProblemPath, problems: Problems): boolean {
  if (scopes.length === 0) problems.add(path, 'TOO_SHORT', 'needs at least one scope.');
  if (scopes.length > LIMITS.scopes) {
    problems.add(path, 'TOO_MANY', `may name at most ${LIMITS.scopes} scopes.`);
    return false;
  }
  scopes.forEach((scope, index) => {
    if (scopes.indexOf(scope) !== index) problems.add([...path, index], 'DUPLICATE', 'is named twice.');
  });
  return true;
}
