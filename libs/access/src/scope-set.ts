/** A set of scopes that no code can change. Requests share the set, and `Object.freeze` does not stop changes to a `Set`. */
export class ScopeSet implements Iterable<string> {
  readonly #names: ReadonlySet<string>;

  constructor(names: Iterable<string> = []) {
    this.#names = new Set(names);
    Object.freeze(this);
  }

  get size(): number {
    return this.#names.size;
  }

  has(scope: string): boolean {
    return this.#names.has(scope);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.#names.values();
  }
}
// Every instance looks up its methods on this prototype.
Object.freeze(ScopeSet.prototype);
