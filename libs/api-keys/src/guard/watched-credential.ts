import { Forbidden, type Principal, Unauthenticated } from '#access';
import { ServiceUnavailable } from '#kernel';

/** A verification that failed because of an outage is tried again after this time. */
const RETRY_MS = 250;
/** The longest time that a timer of Node.js can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Watch {
  verify(): Promise<Principal | null>;
  /** True if every change would have been reported by now. */
  isProven(): boolean;
  now(): Date;
  onEnd(reason: unknown): void;
  onStop(): void;
}

/** The credential of one request that goes on. */
export class WatchedCredential {
  private isOver = false;
  /** A verification has to begin anew: something changed after the last one began. */
  private isDue = false;
  private checking: Promise<void> | undefined;
  private expiry: NodeJS.Timeout | undefined;
  private endPause: (() => void) | undefined;

  constructor(
    private readonly principal: Principal,
    private readonly watching: Watch,
  ) {
    this.awaitExpiry();
  }

  /** False: time may end the credential, and only a verification finds out. */
  get knowsItsEnd(): boolean {
    return this.principal.kind === 'USER' && this.principal.endsAt !== undefined;
  }

  /** True if a change of an object with one of these ids may concern the credential. */
  isOf(ids: ReadonlySet<string>): boolean {
    const { principal } = this;
    return (
      ids.has(principal.userId) ||
      (principal.tenantId !== null && ids.has(principal.tenantId)) ||
      (principal.kind === 'API_KEY' && ids.has(principal.apiKeyId))
    );
  }

  /** Ends when the credential was good a moment ago: after every change that is reported so far. Never rejects. */
  async confirmed(): Promise<boolean> {
    if (!this.watching.isProven()) this.check();
    while (this.checking && !this.isOver) await this.checking;
    return !this.isOver;
  }

  /** Verifies anew. */
  check(): void {
    this.isDue = true;
    this.checking ??= this.run().finally(() => (this.checking = undefined));
  }

  stop(): void {
    this.isOver = true;
    this.endPause?.();
    clearTimeout(this.expiry);
    this.watching.onStop();
  }

  private async run(): Promise<void> {
    while (this.isDue && !this.isOver) {
      this.isDue = false;
      try {
        const principal = await this.watching.verify();
        if (this.isDue) continue;
        if (!principal) throw new Unauthenticated('MISSING_CREDENTIAL');
        if (!hasSameRights(principal, this.principal)) throw new Forbidden({ reason: 'RIGHTS_CHANGED' });
      } catch (error) {
        if (!(error instanceof ServiceUnavailable)) return this.end(error);
        // An outage proves nothing, and meanwhile `confirmed` lets nothing through.
        this.isDue = true;
        await this.pause();
      }
    }
  }

  private end(reason: unknown): void {
    if (this.isOver) return;
    this.stop();
    this.watching.onEnd(reason);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private awaitExpiry(): void {
    const { principal } = this;
    if (principal.kind !== 'USER' || !principal.endsAt) return;
    const leftMs = principal.endsAt.getTime() - this.watching.now().getTime();
    if (leftMs <= 0) return this.check();
    this.expiry = setTimeout(() => this.awaitExpiry(), Math.min(leftMs, LONGEST_TIMER_MS)).unref();
  }
}

function hasSameRights(one: Principal, other: Principal): boolean {
  return rightsOf(one) === rightsOf(other);
}

function rightsOf(principal: Principal): string {
  const { kind, tenantId, userId, role, scopes } = principal;
  const ownId = kind === 'USER' ? principal.memberId : principal.apiKeyId;
  return JSON.stringify([kind, tenantId, userId, role, ownId, ...[...scopes].sort()]);
}
