import { Counter, Histogram, type Registry } from 'prom-client';
import { OperationNames } from './operation-names.js';

/** Seconds, from an answer out of memory to the longest time that a request may take. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
/** Exported as 0 from the start: a counter that first appears as 1 shows no increase, and alerts watch increases. */
const ALWAYS_SHOWN = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'];

/** Records one observation for HTTP and one for GraphQL as each request ends. */
export class RequestMetrics {
  private readonly names = new OperationNames();
  private readonly requests: Histogram<'route' | 'status'>;
  private readonly operations: Histogram<'operation'>;
  private readonly errors: Counter<'code' | 'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Histogram({
      name: 'latchkey_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      labelNames: ['route', 'status'],
      buckets: BOUNDS,
      registers,
    });
    this.operations = new Histogram({
      name: 'latchkey_graphql_operation_duration_seconds',
      help: 'Time from the arrival of a request to the answer of its GraphQL operation.',
      labelNames: ['operation'],
      buckets: BOUNDS,
      registers,
    });
    this.errors = new Counter({
      name: 'latchkey_graphql_errors_total',
      help: 'Errors in GraphQL answers, by extensions.code and extensions.reason (empty where there is none).',
      labelNames: ['code', 'reason'],
      registers,
    });
    for (const code of ALWAYS_SHOWN) this.errors.inc({ code, reason: '' }, 0);
  }

  /** @param route as declared, never as requested; undefined: no route */
  answered(route: string | undefined, status: number, ms: number): void {
    this.requests.observe({ route: route ?? 'other', status }, ms / 1000);
  }

  /** @param isVerified true if the credential of the request was good */
  operated(name: string | null | undefined, isVerified: boolean, ms: number): void {
    this.operations.observe({ operation: this.names.labelOf(name, isVerified) }, ms / 1000);
  }

  /** @param extensions of one error in an answer */
  failed(extensions: Readonly<Record<string, unknown>> | undefined): void {
    const { code, reason } = extensions ?? {};
    this.errors.inc({ code: String(code), reason: typeof reason === 'string' ? reason : '' });
  }
}
