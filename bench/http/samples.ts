import type { ServerSample } from '../support/server-sample.js';
import type { OperationName } from './contestants.js';

/** All measurements of the bench, in the order of the rounds. */
export class HttpSamples {
  /** CPU of a page of devices by `pg` alone: begin, bind, SELECT, commit. */
  readonly barePageMicros: number[] = [];
  /** Of each server, after the last round. */
  readonly residentBytes = new Map<string, number>();
  private readonly all = new Map<string, ServerSample[]>();

  add(operation: OperationName, server: string, connections: number, sample: ServerSample): void {
    const key = keyOf(operation, server, connections);
    this.all.set(key, [...(this.all.get(key) ?? []), sample]);
  }

  /** The rows of one operation: a title and a sample for each round. */
  of(operation: OperationName): { title: string; samples: readonly ServerSample[] }[] {
    const start = `${operation}: `;
    return [...this.all].flatMap(([key, samples]) =>
      key.startsWith(start) ? [{ title: key.slice(start.length), samples }] : [],
    );
  }

  /** At the fewest connections. */
  cpuMicros(operation: OperationName, server: string): number[] {
    const samples = this.of(operation).find(({ title }) => title.startsWith(`${server}, `))?.samples ?? [];
    return samples.map(({ cpuMicros }) => cpuMicros);
  }
}

const keyOf = (operation: OperationName, server: string, connections: number) =>
  `${operation}: ${server}, ${connections}`;
