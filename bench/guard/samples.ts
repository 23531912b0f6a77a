import type { GuardSample, ServerName } from './servers.js';

/** All that the bench has measured, in the order of the rounds. */
export class GuardSamples {
  /** CPU of a page by `pg` alone. */
  readonly barePageMicros: number[] = [];
  /** CPU of guard and gate for one request. */
  readonly inProcessMicros: number[] = [];
  private readonly byName = new Map<string, GuardSample[]>();

  add(operation: string, server: ServerName, sample: GuardSample): void {
    const name = nameOf(operation, server);
    this.byName.set(name, [...(this.byName.get(name) ?? []), sample]);
  }

  /** Empty where it was not measured. */
  of(operation: string, server: ServerName): readonly GuardSample[] {
    return this.byName.get(nameOf(operation, server)) ?? [];
  }

  entries(): IterableIterator<[string, GuardSample[]]> {
    return this.byName.entries();
  }
}

const nameOf = (operation: string, server: ServerName) => `${operation}: ${server}`;
