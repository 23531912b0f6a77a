import type { Answer } from './answer.js';
import { REVOCATION_BOUND_MS } from './durations.js';

/** Ten seconds are promised, and fault tests hold them; a run of all tests shares its machine with itself. */
const LONGEST_MS = 30_000;

interface Request {
  url: string;
  credential: string | undefined;
  /** Instants of `performance.now()`. */
  begunAt: number;
  endedAt: number;
  answer: Pick<Answer, 'status' | 'reason'>;
}

/**
 * Looks at every request of a worker, whatever a test is about: each ends in time (I8), and once an instance has
 * said that a secret has ended for good, no instance lets it in later than the bound after that (I2).
 */
export class RequestLog {
  /** Secret → when an answer first said that it had ended. */
  private readonly ended = new Map<string, number>();
  private readonly found: string[] = [];

  note({ url, credential, begunAt, endedAt, answer }: Request): void {
    const tookMs = Math.round(endedAt - begunAt);
    if (tookMs > LONGEST_MS) this.found.push(`I8: a request to ${url} took ${tookMs} ms`);
    if (credential === undefined) return;
    const refusedAt = this.ended.get(credential);
    if (answer.status === 200 && refusedAt !== undefined && begunAt > refusedAt + REVOCATION_BOUND_MS)
      this.found.push(
        `I2: ${url} let a key in ${Math.round(begunAt - refusedAt)} ms after an answer said that it had ended`,
      );
    if (answer.status === 401 && answer.reason === 'REVOKED_KEY' && refusedAt === undefined)
      this.ended.set(credential, endedAt);
  }

  /** @throws {Error} naming the first requests that did not end as they must; each is reported once */
  check(): void {
    const found = this.found.splice(0);
    if (found.length > 0) throw new Error(found.slice(0, 10).join('\n'));
  }
}

/** The requests of all spec files that this worker runs. */
export const requestLog = new RequestLog();
