import type { ServerSample } from '../support/server-sample.js';
import type { ServerName } from './servers.js';

/** All that the bench has measured, in the order of the rounds. */
export class GuardSamples {
  /** CPU of a page by `pg` alone. */
  readonly barePageMicros: number[] = [];
  /** CPU of guard and gate for one request. */
  readonly inProcessMicros: number[] = [];
  private readonly byName = new Map<string, ServerSample[]>();

  add(operation: string, server: ServerName, sample: ServerSample): void {
    const name = nameOf(operation, server);
    this.byName.set(name, [...(this.byName.get(name) ?? []), sample]);
  }

  /** Empty where it was not measured. */
  of(operation: string, server: ServerName): readonly ServerSample[] {
    return this.byName.get(nameOf(operation, server)) ?? [];
  }

  entries(): IterableIterator<[string, ServerSample[]]> {
    return this.byName.entries();
  }
}

const nameOf = (operation: string, server: ServerName) => `${operation}: ${server}`;
