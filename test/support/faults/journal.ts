import type { Answer } from '../answer.js';

export type Kind = 'CREATE' | 'READ' | 'REVOKE' | 'ROTATE';

/** One request as its client saw it. Instants are those of `performance.now()` of this process. */
export interface Entry {
  kind: Kind;
  /** Where it was sent. */
  instance: string;
  tenantId: string;
  /** The id of the key that is meant; undefined for a key that is to be made. */
  keyId: string | undefined;
  /** The secret that a READ presented, or that a REVOKE or ROTATE ends. */
  secret: string | undefined;
  begunAt: number;
  endedAt: number;
  /** 0: there was no answer. */
  status: number;
  /** Why there was none, such as `ECONNREFUSED`. */
  failure: string | undefined;
  /** The header `Retry-After`. */
  retryAfter: string | undefined;
  code: string | undefined;
  reason: string | undefined;
  /** The answer of a mutation; null: it was not acknowledged. */
  acknowledged: { id: string; secret?: string } | null;
  /** The tenant whose rows a READ was shown. */
  shownTenantId: string | undefined;
}

/** A request in short form: enough to write its entry. */
export type Asked = Pick<Entry, 'kind' | 'instance' | 'tenantId'> & Partial<Pick<Entry, 'keyId' | 'secret'>>;

/** Every request of a test's clients, in the order of their ends. Invariants are checked from it. */
export class Journal {
  readonly entries: Entry[] = [];

  /** Asks, and notes what came of it. Never rejects: a connection that breaks is an outcome. */
  async note(asked: Asked, ask: () => Promise<Answer>): Promise<Entry> {
    const begunAt = performance.now();
    let failure: string | undefined;
    const answer = await ask().catch((error: unknown) => {
      failure = failureOf(error);
      return undefined;
    });
    const entry = {
      keyId: undefined,
      secret: undefined,
      ...asked,
      begunAt,
      endedAt: performance.now(),
      status: answer?.status ?? 0,
      failure,
      retryAfter: answer?.headers.get('retry-after') ?? undefined,
      ...outcomeOf(asked.kind, answer),
    };
    this.entries.push(entry);
    return entry;
  }

  /** The number of acknowledged mutations. */
  get acknowledged(): number {
    return this.entries.filter(({ acknowledged }) => acknowledged).length;
  }
}

/** `fetch` hides the network's word one or two causes deep. */
function failureOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return typeof cause === 'object' && cause ? failureOf(cause) : String(error);
}

const PAYLOADS = { CREATE: 'createApiKey', ROTATE: 'rotateApiKey', REVOKE: 'revokeApiKeys' } as const;

function outcomeOf(
  kind: Kind,
  answer: Answer | undefined,
): Pick<Entry, 'code' | 'reason' | 'acknowledged' | 'shownTenantId'> {
  const none = { code: undefined, reason: undefined, acknowledged: null, shownTenantId: undefined };
  if (!answer) return none;
  if (answer.code !== undefined) return { ...none, code: answer.code, reason: answer.reason };
  if (kind === 'READ') return { ...none, shownTenantId: answer.at('viewer.tenant.id') };
  const payload = answer.at<{ secret?: string; apiKey?: { id: string }; apiKeys?: { id: string }[] }>(PAYLOADS[kind]);
  const id = payload.apiKey?.id ?? payload.apiKeys?.[0]?.id ?? '';
  return { ...none, acknowledged: { id, ...(payload.secret === undefined ? {} : { secret: payload.secret }) } };
}
