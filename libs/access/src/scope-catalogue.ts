import { distance } from 'fastest-levenshtein';
import { ScopeSet } from './scope-set.js';
import type { UserRole } from './words.js';

/** A scope with its description for people. */
export interface ScopeDescription {
  readonly name: string;
  readonly description: string;
}

/** Scopes for a common purpose. */
export interface ScopePreset extends ScopeDescription {
  readonly scopes: readonly string[];
}

export interface ScopeCatalogueOptions {
  /** All scopes. A declaration that names another scope stops the start. */
  scopes: readonly ScopeDescription[];
  /** The scopes that each role opens. */
  roleScopes: Readonly<Record<UserRole, readonly string[]>>;
  /** Default: none. */
  presets?: readonly ScopePreset[];
}

/** The scopes of this application and the roles that open them. Data, given once by the application. */
export class ScopeCatalogue {
  readonly all: readonly ScopeDescription[];
  readonly presets: readonly ScopePreset[];
  private readonly names: ScopeSet;
  private readonly byRole: ReadonlyMap<string, ScopeSet>;

  /** @throws {Error} when a role opens, or a preset names, a scope that is not in the catalogue. */
  constructor(options: ScopeCatalogueOptions) {
    this.all = Object.freeze(options.scopes.map((scope) => Object.freeze({ ...scope })));
    this.names = new ScopeSet(options.scopes.map((scope) => scope.name));
    this.byRole = new Map(Object.entries(options.roleScopes).map(([role, scopes]) => [role, new ScopeSet(scopes)]));
    for (const [role, scopes] of Object.entries(options.roleScopes))
      for (const scope of scopes)
        if (!this.has(scope)) throw new Error(`Role ${role} opens ${scope}, which is not in the scope catalogue.`);
    this.presets = options.presets ?? [];
    for (const { name, scopes } of this.presets)
      for (const scope of scopes)
        if (!this.has(scope)) throw new Error(`Preset ${name} names ${scope}, which is not in the scope catalogue.`);
  }

  has(scope: string): boolean {
    return this.names.has(scope);
  }

  /** The scopes of the catalogue that `scopes` names, each once, in the catalogue's order. */
  inOrder(scopes: readonly string[]): string[] {
    return [...this.names].filter((name) => scopes.includes(name));
  }

  /** The scopes that `role` opens. */
  scopesOf(role: UserRole): ScopeSet {
    return this.byRole.get(role) ?? new ScopeSet();
  }

  /**
   * The scopes of `scopes` that are in the catalogue, that `role` opens and that `allowed` names.
   * @param allowed null for every scope
   */
  cutDown(scopes: readonly string[], role: UserRole, allowed: readonly string[] | null = null): ScopeSet {
    const opened = this.scopesOf(role);
    return new ScopeSet(scopes.filter((scope) => opened.has(scope) && (allowed === null || allowed.includes(scope))));
  }

  /** Known scopes that look like `text`, nearest first, at most three. */
  suggestionsFor(text: string): string[] {
    if (text.length > 100) return [];
    return [...this.names]
      .map((name) => ({ name, edits: distance(text.toLowerCase(), name) }))
      .filter(({ name, edits }) => edits <= Math.ceil(name.length / 2))
      .sort((a, b) => a.edits - b.edits)
      .slice(0, 3)
      .map(({ name }) => name);
  }
}
