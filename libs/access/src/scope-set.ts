/**
 * A set of scopes that nobody can change: requests share it, and `Object.freeze` leaves a `Set` as changeable as it was.
 */
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
// Every instance looks up its methods here.
Object.freeze(ScopeSet.prototype);
