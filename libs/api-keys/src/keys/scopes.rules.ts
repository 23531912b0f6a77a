import { type Input, LIMITS } from '#kernel';

/** On the command line scopes are separated by spaces. */
const ONE_BY_ONE = 'is no scope: name each scope by itself, without commas.';

/** What a scope list is checked against. */
export interface ScopeCeiling {
  isKnown(scope: string): boolean;
  suggestionsFor(scope: string): string[];
  /** True if the caller and the owner both have this scope. */
  isGrantable(scope: string): boolean;
}

/** Adds every problem of a list of scopes to be granted. */
export function checkScopes(scopes: Input<readonly string[]>, ceiling: ScopeCeiling): void {
  if (!checkScopeList(scopes)) return;
  scopes.items().forEach((item, index) => {
    const scope = item.value;
    if (scopes.value.indexOf(scope) !== index) return;
    if (!ceiling.isKnown(scope))
      item.refuse('UNKNOWN_SCOPE', scope.includes(',') ? ONE_BY_ONE : 'is not a known scope.', {
        suggestions: ceiling.suggestionsFor(scope),
      });
    else if (!ceiling.isGrantable(scope))
      item.refuse('SCOPE_NOT_GRANTABLE', 'is not granted by the roles of the caller and the owner.');
  });
}

/** Adds the problems of a list of scopes that do not depend on who grants them. @returns false where the list is too long */
export function checkScopeList(scopes: Input<readonly string[]>): boolean {
  const list = scopes.value;
  if (list.length === 0) scopes.refuse('TOO_SHORT', 'needs at least one scope.');
  if (list.length > LIMITS.scopes) {
    scopes.refuse('TOO_MANY', `may name at most ${LIMITS.scopes} scopes.`);
    return false;
  }
  scopes.items().forEach((scope, index) => {
    if (list.indexOf(scope.value) !== index) scope.refuse('DUPLICATE', 'is named twice.');
  });
  return true;
}
