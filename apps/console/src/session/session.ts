const TENANT = 'console.tenant';
const TENANTS = 'console.tenants';
const MOST_TENANTS = 5;

export interface KnownTenant {
  id: string;
  name: string;
}

export interface SessionState {
  /** `expired`: the pages stay as they are, below an invitation to sign in again. */
  readonly phase: 'starting' | 'signed-out' | 'signed-in' | 'expired';
  /** Counts the people who signed in and the tenants that were chosen: what was kept for one is not shown to the next. */
  readonly generation: number;
  /** The tenant that a super admin has chosen. */
  readonly tenantId: string | undefined;
}

/** Who is signed in. The token is held here, in memory, and nowhere else. */
export class Session {
  private token: string | undefined;
  private subject: string | undefined;
  private waiting: ((token: string) => void)[] = [];
  private readonly listeners = new Set<() => void>();
  private state: SessionState = {
    phase: 'starting',
    generation: 0,
    tenantId: sessionStorage.getItem(TENANT) ?? undefined,
  };

  readonly snapshot = (): SessionState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /**
   * Takes a token. If the token names another person than before, the session starts anew, and requests that wait are not sent.
   * @param beginsIn the tenant of a super admin who has chosen none yet
   */
  signIn(token: string, beginsIn?: string): void {
    const subject = subjectOf(token);
    const isSame = this.subject === subject;
    if (!isSame && this.subject !== undefined) this.forget();
    const tenantId = sessionStorage.getItem(TENANT) ?? beginsIn;
    if (tenantId !== undefined) sessionStorage.setItem(TENANT, tenantId);
    this.token = token;
    this.subject = subject;
    this.change({ phase: 'signed-in', tenantId, generation: this.state.generation + (isSame ? 0 : 1) });
    for (const go of this.waiting.splice(0)) go(token);
  }

  signOut(): void {
    this.token = undefined;
    this.subject = undefined;
    this.forget();
    this.change({ phase: 'signed-out', generation: this.state.generation + 1, tenantId: undefined });
  }

  /** The server refused this token. Requests that meet it wait until somebody has signed in again. */
  expire(token: string): void {
    if (token === this.token) this.lapse();
  }

  /** The token is about to end, and could not be renewed. */
  lapse(): void {
    this.token = undefined;
    if (this.state.phase === 'signed-in') this.change({ phase: 'expired' });
  }

  chooseTenant(tenantId: string | undefined): void {
    if (tenantId === undefined) sessionStorage.removeItem(TENANT);
    else sessionStorage.setItem(TENANT, tenantId);
    this.change({ tenantId, generation: this.state.generation + 1 });
  }

  /** Tenants that were worked in since the sign-in, the last one first. */
  tenants(): KnownTenant[] {
    return JSON.parse(sessionStorage.getItem(TENANTS) ?? '[]') as KnownTenant[];
  }

  noteTenant({ id, name }: KnownTenant): void {
    const others = this.tenants().filter((tenant) => tenant.id !== id);
    sessionStorage.setItem(TENANTS, JSON.stringify([{ id, name }, ...others].slice(0, MOST_TENANTS)));
  }

  /** The token, as soon as there is one. */
  currentToken(): Promise<string> {
    if (this.token !== undefined) return Promise.resolve(this.token);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private forget(): void {
    this.waiting = [];
    for (const name of [TENANT, TENANTS]) sessionStorage.removeItem(name);
  }

  private change(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

export const session = new Session();

/** The person whom a token names. Nothing is verified: this only distinguishes one person from another. */
function subjectOf(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { iss, sub, email } = JSON.parse(atob(payload)) as Record<string, unknown>;
    return JSON.stringify([iss, sub, email]);
  } catch {
    return token;
  }
}
